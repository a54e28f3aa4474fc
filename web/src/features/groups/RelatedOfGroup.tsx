import { Link } from "wouter";
import { useRelated } from "@/api/personHistory";
import { useProjectPath } from "@/api/session";
import { formatCount } from "@/ui/format";
import { Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { GroupTable } from "@/ui/tables/GroupTable";
import { Table } from "@/ui/tables/Table";

/** The persons and the other groups whose events of the last 90 days name a group. */
export function RelatedOfGroup({ index, groupKey }: { index: number; groupKey: string }) {
  const path = useProjectPath();
  const asked = useRelated(groupKey, index);
  if (asked.error) {
    return (
      <Panel title="Persons">
        <Failure problem={asked.error} onRetry={() => asked.refetch()} />
      </Panel>
    );
  }
  if (!asked.data) {
    return (
      <Panel title="Persons">
        <Loading />
      </Panel>
    );
  }
  const persons = asked.data.filter((one) => one.type === "person");
  const groups = asked.data.filter((one) => one.type === "group");
  return (
    <>
      <Panel title="Persons">
        {persons.length === 0 ? (
          <Empty title="No persons">Nobody sent an event of this group in the last 90 days.</Empty>
        ) : (
          <Table
            label="Persons of this group"
            rows={persons}
            keyOf={(person) => person.uuid}
            columns={[
              { name: "Person", cell: (person) => <Link href={path(`persons/${person.uuid}`)}>{person.name}</Link> },
              { name: "Distinct ids", number: true, cell: (person) => formatCount(person.distinct_ids.length) },
              { name: "First seen", cell: (person) => <Time at={person.created_at} form="ago" /> },
            ]}
          />
        )}
      </Panel>
      {groups.length > 0 ? (
        <Panel title="Other groups">
          <GroupTable groups={groups} />
        </Panel>
      ) : null}
    </>
  );
}
