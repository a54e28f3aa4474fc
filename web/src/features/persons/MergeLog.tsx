import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { type Merge, undoMerge, useMergeLog } from "@/api/persons";
import { useProject, useProjectPath } from "@/api/session";
import { Empty, Failure, Loading, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

/** How the distinct ids of a person came together; each merge can be taken back. */
export function MergeLog({ personId }: { personId: string }) {
  const { id } = useProject();
  const path = useProjectPath();
  const queries = useQueryClient();
  const asked = useMergeLog(personId);
  const undoing = useMutation({
    mutationFn: (merge: Merge) => undoMerge(id, personId, merge.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["person", id] });
      notifications.show({ message: "Taken back. Past events follow." });
    },
  });
  if (asked.error) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
  if (!asked.data) return <Loading lines={5} />;
  if (asked.data.results.length === 0) {
    return <Empty title="No merges">This person came with one distinct id, and no other has joined.</Empty>;
  }
  return (
    <>
      {undoing.error ? <Problem problem={undoing.error} /> : null}
      <Table
        label="Merges of this person"
        rows={asked.data.results}
        keyOf={(merge) => merge.id}
        columns={[
          { name: "When", cell: (merge) => <Time at={merge.timestamp} /> },
          {
            name: "By",
            cell: (merge) =>
              merge.event_uuid ? (
                <Link href={path("activity", { uuid: merge.event_uuid })}>{merge.kind}</Link>
              ) : (
                merge.kind
              ),
          },
          { name: "Distinct id", cell: (merge) => <code>{merge.source_distinct_id ?? "–"}</code> },
          { name: "Joined", cell: (merge) => <code>{merge.target_distinct_id ?? "–"}</code> },
          { name: "Outcome", cell: (merge) => merge.outcome.replaceAll("_", " ") },
          {
            name: "",
            number: true,
            cell: (merge) =>
              merge.undone_at ? (
                <span className="quiet">
                  taken back <Time at={merge.undone_at} form="ago" />
                </span>
              ) : (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  loading={undoing.isPending && undoing.variables?.id === merge.id}
                  onClick={() =>
                    window.confirm("Take this merge back? What came with it becomes a person of its own again.") &&
                    undoing.mutate(merge)
                  }
                >
                  Undo
                </Button>
              ),
          },
        ]}
      />
    </>
  );
}
