import { usePersonActivity } from "@/api/personHistory";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

const DONE: Record<string, string> = {
  updated: "changed properties",
  split_person: "split off distinct ids",
  people_merged_into: "merged another person into this one",
  merge_undone: "took a merge back",
  events_deleted: "deleted the events",
};

/** What users did to this person by hand. */
export function PersonActivity({ personId }: { personId: string }) {
  const asked = usePersonActivity(personId);
  if (asked.error) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
  if (!asked.data) return <Loading lines={4} />;
  if (asked.data.results.length === 0) return <Empty title="Nobody has changed this person by hand" />;
  return (
    <Table
      label="Changes by hand"
      rows={asked.data.results}
      keyOf={(entry) => entry.id}
      wrap
      columns={[
        { name: "When", cell: (entry) => <Time at={entry.created_at} /> },
        { name: "Who", cell: (entry) => entry.user.email || "–" },
        { name: "What", cell: (entry) => DONE[entry.activity] ?? entry.activity },
        { name: "Details", cell: (entry) => details(entry.detail) },
      ]}
    />
  );
}

function details(detail: Record<string, unknown>): string {
  const changes = (detail.changes ?? []) as { field: string; before: unknown; after: unknown }[];
  if (changes.length > 0) return changes.map((change) => change.field.replace("properties.", "")).join(", ");
  const ids = detail.distinct_ids;
  return ids ? (Array.isArray(ids) ? ids : Object.keys(ids)).join(", ") : "";
}
