import { Link } from "wouter";
import { rowsAsObjects, useAnswer } from "@/api/query";
import { useProjectPath } from "@/api/session";
import { formatValue } from "@/ui/format";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

const EVENTS_OF_PERSON =
  "SELECT uuid, event, timestamp, distinct_id, properties.$current_url AS url FROM events " +
  "WHERE person_id = {person} ORDER BY timestamp DESC LIMIT 100";

/** The last events of a person, under all their distinct ids. */
export function PersonEvents({ personId }: { personId: string }) {
  const path = useProjectPath();
  const asked = useAnswer<unknown[][]>({ kind: "HogQLQuery", query: EVENTS_OF_PERSON, values: { person: personId } });
  if (asked.error) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
  if (!asked.data) return <Loading lines={10} />;
  const rows = rowsAsObjects(asked.data);
  if (rows.length === 0) return <Empty title="No events" />;
  return (
    <Table
      label="Events of this person"
      rows={rows}
      keyOf={(row) => String(row.uuid)}
      columns={[
        {
          name: "Event",
          cell: (row) => <Link href={path("activity", { uuid: String(row.uuid) })}>{String(row.event)}</Link>,
        },
        { name: "Where", cell: (row) => formatValue(row.url) },
        { name: "Distinct id", cell: (row) => String(row.distinct_id) },
        { name: "Time", cell: (row) => <Time at={String(row.timestamp)} /> },
      ]}
    />
  );
}
