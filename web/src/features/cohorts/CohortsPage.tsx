import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "wouter";
import { useCohorts } from "@/api/cohorts";
import { useProjectPath } from "@/api/session";
import styles from "@/features/cohorts/cohorts.module.css";
import { formatCount } from "@/ui/format";
import { Listed } from "@/ui/lists/Listed";
import { ListSearch } from "@/ui/lists/ListSearch";
import { Pages } from "@/ui/lists/Pages";
import { Page, Panel } from "@/ui/Page";
import { Empty } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { useUrlOffset, useUrlText } from "@/ui/useUrlState";

const A_PAGE = 50;

export default function CohortsPage() {
  const path = useProjectPath();
  const [search, setSearch] = useUrlText("search");
  const [offset, setOffset] = useUrlOffset();
  const cohorts = useCohorts(search, offset, A_PAGE);
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
        <ListSearch
          what="cohorts"
          value={search}
          onChange={(text) => {
            setOffset(0);
            setSearch(text);
          }}
        />
      </div>
      <Panel>
        <Listed
          asked={cohorts}
          lines={8}
          empty={
            search ? (
              <Empty title="No cohort matches">Try a part of the name.</Empty>
            ) : (
              <Empty title="No cohorts yet">
                A cohort is a group of persons: by what they are, by what they did, or a list of ids.
              </Empty>
            )
          }
          label="Cohorts"
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
      </Panel>
      <Pages offset={offset} size={A_PAGE} more={Boolean(cohorts.data?.next)} onOffset={setOffset} />
    </Page>
  );
}
