import { Link } from "wouter";
import { useCohortsOfPerson } from "@/api/cohorts";
import { useProjectPath } from "@/api/session";
import { formatCount } from "@/ui/format";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

/** The cohorts that a person is in, by what was calculated last. */
export function PersonCohorts({ personId }: { personId: string }) {
  const path = useProjectPath();
  const asked = useCohortsOfPerson(personId);
  if (asked.error) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
  if (!asked.data) return <Loading lines={5} />;
  if (asked.data.length === 0) return <Empty title="In no cohort">Cohorts are calculated every day.</Empty>;
  return (
    <Table
      label="Cohorts of this person"
      rows={asked.data}
      keyOf={(cohort) => cohort.id}
      columns={[
        {
          name: "Cohort",
          cell: (cohort) => <Link href={path(`cohorts/${cohort.id}`)}>{cohort.name || "Untitled"}</Link>,
        },
        { name: "Persons", number: true, cell: ({ count }) => (count === null ? "–" : formatCount(count)) },
        { name: "Kind", cell: (cohort) => (cohort.is_static ? "List" : "By criteria") },
        { name: "Last calculated", cell: (cohort) => <Time at={cohort.last_calculation} form="ago" /> },
      ]}
    />
  );
}
