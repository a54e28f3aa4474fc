import { AccountPassword } from "@/features/settings/AccountPassword";
import { PersonalKeys } from "@/features/settings/PersonalKeys";
import { ProjectSettings } from "@/features/settings/ProjectSettings";
import { Page, Panel } from "@/ui/Page";

export default function SettingsPage() {
  return (
    <Page title="Settings">
      <Panel title="Project" padded>
        <ProjectSettings />
      </Panel>
      <Panel title="Your personal API keys" padded>
        <PersonalKeys />
      </Panel>
      <Panel title="Your password" padded>
        <AccountPassword />
      </Panel>
    </Page>
  );
}
