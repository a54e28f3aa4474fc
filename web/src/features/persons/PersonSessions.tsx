import { rowsAsObjects, useAnswer } from "@/api/query";
import { formatCount, formatDuration, formatValue } from "@/ui/format";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

const SESSIONS_OF_PERSON =
  "SELECT session_id, $start_timestamp AS began, $session_duration AS seconds, $pageview_count AS views, " +
  "$autocapture_count AS clicks, $entry_current_url AS entry, $end_current_url AS exit, $channel_type AS channel, " +
  "$is_bounce AS bounce FROM sessions " +
  "WHERE session_id IN (SELECT $session_id FROM events WHERE person_id = {person} AND $session_id != '') " +
  "ORDER BY began DESC LIMIT 100";

/** The sessions of a person, under all their distinct ids. */
export function PersonSessions({ personId }: { personId: string }) {
  const asked = useAnswer<unknown[][]>({ kind: "HogQLQuery", query: SESSIONS_OF_PERSON, values: { person: personId } });
  if (asked.error) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
  if (!asked.data) return <Loading lines={8} />;
  const rows = rowsAsObjects(asked.data);
  if (rows.length === 0) return <Empty title="No sessions">Only SDKs of web and mobile apps send sessions.</Empty>;
  return (
    <Table
      label="Sessions of this person"
      rows={rows}
      keyOf={(row) => String(row.session_id)}
      columns={[
        { name: "Began", cell: (row) => <Time at={String(row.began)} /> },
        { name: "Duration", number: true, cell: (row) => formatDuration(Number(row.seconds)) },
        { name: "Page views", number: true, cell: (row) => formatCount(Number(row.views)) },
        { name: "Clicks", number: true, cell: (row) => formatCount(Number(row.clicks)) },
        { name: "Channel", cell: (row) => formatValue(row.channel) },
        { name: "Entry", cell: (row) => formatValue(row.entry) },
        { name: "Exit", cell: (row) => formatValue(row.exit) },
        { name: "Bounce", cell: (row) => (row.bounce === null ? "–" : row.bounce ? "yes" : "no") },
        { name: "Session", cell: (row) => <code>{String(row.session_id)}</code> },
      ]}
    />
  );
}
