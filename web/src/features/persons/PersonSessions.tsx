import { rowsAsObjects, useAnswer } from "@/api/query";
import { formatCount, formatDuration } from "@/ui/format";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

const SESSIONS_OF_PERSON =
  "SELECT $session_id AS session, min(timestamp) AS began, dateDiff('second', min(timestamp), max(timestamp)) AS seconds, " +
  "count() AS events, countIf(event = '$pageview') AS views FROM events " +
  "WHERE person_id = {person} AND $session_id != '' GROUP BY $session_id ORDER BY began DESC LIMIT 100";

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
      keyOf={(row) => String(row.session)}
      columns={[
        { name: "Began", cell: (row) => <Time at={String(row.began)} /> },
        { name: "Duration", number: true, cell: (row) => formatDuration(Number(row.seconds)) },
        { name: "Page views", number: true, cell: (row) => formatCount(Number(row.views)) },
        { name: "Events", number: true, cell: (row) => formatCount(Number(row.events)) },
        { name: "Session", cell: (row) => <code>{String(row.session)}</code> },
      ]}
    />
  );
}
