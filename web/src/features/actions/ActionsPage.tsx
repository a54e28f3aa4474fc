import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "wouter";
import { useStoredActions } from "@/api/actions";
import { useProjectPath } from "@/api/session";
import styles from "@/features/actions/actions.module.css";
import { OnYourSite } from "@/features/actions/OnYourSite";
import { stepInWords } from "@/features/actions/steps";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";
import { useUrlText } from "@/ui/useUrlState";

export default function ActionsPage() {
  const path = useProjectPath();
  const [search, setSearch] = useUrlText("search");
  const actions = useStoredActions(search);
  const rows = actions.data?.results ?? [];
  return (
    <Page
      title="Actions"
      actions={
        <>
          <OnYourSite />
          <Button component={Link} href={path("actions/new")} leftSection={<IconPlus size={15} />}>
            New action
          </Button>
        </>
      }
    >
      <TextInput
        size="xs"
        className={styles.search}
        aria-label="Search actions"
        placeholder="Name"
        defaultValue={search}
        onChange={(event) => setSearch(event.currentTarget.value.trim())}
      />
      <Panel>
        {actions.error ? (
          <Failure problem={actions.error} onRetry={() => actions.refetch()} />
        ) : actions.isPending ? (
          <Loading lines={8} />
        ) : rows.length === 0 ? (
          search ? (
            <Empty title="No action matches">Try a part of the name.</Empty>
          ) : (
            <Empty title="No actions yet">
              An action gives a name to events: clicks on a button, views of some pages, or several events as one.
            </Empty>
          )
        ) : (
          <Table
            label="Actions"
            rows={rows}
            keyOf={(action) => action.id}
            columns={[
              { name: "Name", cell: (action) => <Link href={path(`actions/${action.id}`)}>{action.name}</Link> },
              { name: "Matches", cell: (action) => action.steps.map(stepInWords).join(", or ") || "every event" },
              { name: "Tags", cell: (action) => (action.tags ?? []).join(", ") },
              { name: "Made", cell: (action) => <Time at={action.created_at} form="ago" /> },
            ]}
          />
        )}
      </Panel>
    </Page>
  );
}
