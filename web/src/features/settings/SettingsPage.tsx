import { Tabs } from "@mantine/core";
import type { ComponentType } from "react";
import { useLocation, useParams } from "wouter";
import { type Project, type User, useProject, useProjectPath, useProjectSettings, useUser } from "@/api/session";
import { AccountSettings } from "@/features/settings/AccountSettings";
import { CaptureSettings } from "@/features/settings/CaptureSettings";
import { DangerZone } from "@/features/settings/DangerZone";
import { MembersSettings } from "@/features/settings/MembersSettings";
import { PersonalKeys } from "@/features/settings/PersonalKeys";
import { ProjectSettings } from "@/features/settings/ProjectSettings";
import { RetentionSettings } from "@/features/settings/RetentionSettings";
import { Page } from "@/ui/Page";
import { Failure, Loading } from "@/ui/states/States";

/** What every section is given. */
export interface SectionProps {
  project: Project;
  user: User;
}

const SECTIONS: { id: string; title: string; component: ComponentType<SectionProps> }[] = [
  { id: "project", title: "Project", component: ProjectSettings },
  { id: "capture", title: "Capture", component: CaptureSettings },
  { id: "retention", title: "Data retention", component: RetentionSettings },
  { id: "members", title: "Members", component: MembersSettings },
  { id: "keys", title: "API keys", component: PersonalKeys },
  { id: "account", title: "Your account", component: AccountSettings },
  { id: "danger", title: "Danger zone", component: DangerZone },
];

export default function SettingsPage() {
  const { section = "project" } = useParams<{ section?: string }>();
  const [, navigate] = useLocation();
  const path = useProjectPath();
  const settings = useProjectSettings(useProject().id);
  const user = useUser();
  const problem = settings.error ?? user.error;
  const { data: project } = settings;
  const known = SECTIONS.some((one) => one.id === section) ? section : "project";
  return (
    <Page title="Settings">
      <Tabs value={known} onChange={(next) => next && navigate(path(`settings/${next}`))} keepMounted={false}>
        <Tabs.List>
          {SECTIONS.map((one) => (
            <Tabs.Tab key={one.id} value={one.id}>
              {one.title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {SECTIONS.map(({ id, component: Section }) => (
          <Tabs.Panel key={id} value={id} pt="md">
            {project && user.data ? (
              <Section project={project} user={user.data} />
            ) : problem ? (
              <Failure problem={problem} onRetry={() => Promise.all([settings.refetch(), user.refetch()])} />
            ) : (
              <Loading />
            )}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
