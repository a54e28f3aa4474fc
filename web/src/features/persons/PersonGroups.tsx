import { useRelated } from "@/api/personHistory";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { GroupTable } from "@/ui/tables/GroupTable";

/** The groups that a person's events name. */
export function PersonGroups({ personId }: { personId: string }) {
  const asked = useRelated(personId);
  if (asked.error) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
  if (!asked.data) return <Loading lines={5} />;
  const groups = asked.data.filter((one) => one.type === "group");
  if (groups.length === 0) {
    return <Empty title="No groups">None of this person's events of the last 90 days belongs to a group.</Empty>;
  }
  return <GroupTable groups={groups} />;
}
