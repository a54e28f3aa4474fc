import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "wouter";
import { useCohorts } from "@/api/cohorts";
import { useProjectPath } from "@/api/session";
import styles from "@/features/cohorts/cohorts.module.css";
import { formatCount } from "@/ui/format";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";
import { useUrlOffset, useUrlText } from "@/ui/useUrlState";

const A_PAGE = 50;

export default function CohortsPage() {
  const path = useProjectPath();
  const [search, setSearch] = useUrlText("search");
  const [offset, setOffset] = useUrlOffset();
  const cohorts = useCohorts(search, offset, A_PAGE);
  const rows = cohorts.data?.results ?? [];
  return (
    <Page
      title="Cohorts"
      actions={
        <Button component={Link} href={path("cohorts/new")} leftSection={<IconPlus size={15} />}>
          New cohort
        </Button>
      }
    >
      <div className={styles.row}>
        <TextInput
          size="xs"
          className={styles.search}
          aria-label="Search cohorts"
          placeholder="Name"
          defaultValue={search}
          onChange={(event) => {
            setOffset(0);
            setSearch(event.currentTarget.value.trim());
          }}
        />
      </div>
      <Panel>
        {cohorts.error ? (
          <Failure problem={cohorts.error} onRetry={() => cohorts.refetch()} />
        ) : cohorts.isPending ? (
          <Loading lines={8} />
        ) : rows.length === 0 ? (
          search ? (
            <Empty title="No cohort matches">Try a part of the name.</Empty>
          ) : (
            <Empty title="No cohorts yet">
              A cohort is a group of persons: by what they are, by what they did, or a list of ids.
            </Empty>
          )
        ) : (
          <Table
            label="Cohorts"
            rows={rows}
            keyOf={(cohort) => cohort.id}
            columns={[
              {
                name: "Name",
                cell: (cohort) => <Link href={path(`cohorts/${cohort.id}`)}>{cohort.name || "Untitled"}</Link>,
              },
              {
                name: "Persons",
                number: true,
                cell: (cohort) => (cohort.count === null ? "–" : formatCount(cohort.count)),
              },
              { name: "Kind", cell: (cohort) => (cohort.is_static ? "List" : "By criteria") },
              { name: "Description", cell: (cohort) => cohort.description },
              {
                name: "Last calculated",
                cell: (cohort) =>
                  cohort.is_calculating ? "Calculating…" : <Time at={cohort.last_calculation} form="ago" />,
              },
            ]}
          />
        )}
      </Panel>
      {offset > 0 || cohorts.data?.next ? (
        <div className={styles.row}>
          <Button variant="default" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - A_PAGE))}>
            Back
          </Button>
          <Button variant="default" disabled={!cohorts.data?.next} onClick={() => setOffset(offset + A_PAGE)}>
            Next
          </Button>
        </div>
      ) : null}
    </Page>
  );
}
