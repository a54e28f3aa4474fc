import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "wouter";
import { useStoredActions } from "@/api/actions";
import { useProjectPath } from "@/api/session";
import { OnYourSite } from "@/features/actions/OnYourSite";
import { stepInWords } from "@/features/actions/steps";
import { Listed } from "@/ui/lists/Listed";
import { ListSearch } from "@/ui/lists/ListSearch";
import { Page, Panel } from "@/ui/Page";
import { Empty } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { useUrlText } from "@/ui/useUrlState";

export default function ActionsPage() {
  const path = useProjectPath();
  const [search, setSearch] = useUrlText("search");
  const actions = useStoredActions(search);
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
      <ListSearch what="actions" value={search} onChange={setSearch} />
      <Panel>
        <Listed
          asked={actions}
          lines={8}
          empty={
            search ? (
              <Empty title="No action matches">Try a part of the name.</Empty>
            ) : (
              <Empty title="No actions yet">
                An action gives a name to events: clicks on a button, views of some pages, or several events as one.
              </Empty>
            )
          }
          label="Actions"
          keyOf={(action) => action.id}
          columns={[
            { name: "Name", cell: (action) => <Link href={path(`actions/${action.id}`)}>{action.name}</Link> },
            { name: "Matches", cell: (action) => action.steps.map(stepInWords).join(", or ") || "every event" },
            { name: "Tags", cell: (action) => (action.tags ?? []).join(", ") },
            { name: "Made", cell: (action) => <Time at={action.created_at} form="ago" /> },
          ]}
        />
      </Panel>
    </Page>
  );
}
