import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { type Cohort, useCohortPersons } from "@/api/cohorts";
import { useProjectPath } from "@/api/session";
import styles from "@/features/cohorts/cohorts.module.css";
import { Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

const A_PAGE = 50;

export function CohortPersons({ cohort }: { cohort: Cohort }) {
  const path = useProjectPath();
  const [offset, setOffset] = useState(0);
  const persons = useCohortPersons(cohort, offset, A_PAGE);
  const rows = persons.data?.results ?? [];
  return (
    <Panel title="Persons">
      {persons.error ? (
        <Failure problem={persons.error} onRetry={() => persons.refetch()} />
      ) : persons.isPending ? (
        <Loading lines={8} />
      ) : rows.length === 0 ? (
        <Empty title={cohort.is_calculating ? "Calculating…" : "Nobody is in this cohort"} />
      ) : (
        <Table
          label="Persons"
          rows={rows}
          keyOf={(person) => person.uuid}
          columns={[
            {
              name: "Person",
              cell: (person) => <Link href={path(`persons/${person.uuid}`)}>{person.name || person.uuid}</Link>,
            },
            { name: "Distinct ids", number: true, cell: (person) => person.distinct_ids.length },
            { name: "First seen", cell: (person) => <Time at={person.created_at} form="ago" /> },
          ]}
        />
      )}
      {offset > 0 || persons.data?.next ? (
        <div className={styles.pages}>
          <Button variant="default" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - A_PAGE))}>
            Back
          </Button>
          <Button variant="default" disabled={!persons.data?.next} onClick={() => setOffset(offset + A_PAGE)}>
            Next
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}
