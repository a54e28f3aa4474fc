import { Select } from "@mantine/core";
import { SCOPES } from "@/api/changes";
import { ChangeList } from "@/ui/changes/ChangeList";
import { Page, Panel } from "@/ui/Page";
import { useUrlText } from "@/ui/useUrlState";

/** Who changed what in the project. */
export default function ChangesPage() {
  const [scope, setScope] = useUrlText("scope");
  return (
    <Page
      title="Changes"
      about="Who changed what: insights, dashboards, cohorts, actions, definitions."
      actions={
        <Select
          aria-label="Changes of"
          data={[
            { value: "", label: "Everything" },
            ...Object.entries(SCOPES).map(([value, name]) => ({ value, label: `Only: ${name}` })),
          ]}
          value={scope}
          onChange={(next) => setScope(next ?? "")}
        />
      }
    >
      <Panel padded>
        <ChangeList key={scope} of={{ scope: scope || undefined }} />
      </Panel>
    </Page>
  );
}
