import { Button, Select, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { updateProject, useProject } from "@/api/session";
import styles from "@/features/settings/SettingsPage.module.css";
import { CopyButton } from "@/ui/CopyButton";
import { Problem } from "@/ui/states/States";

const ZONES = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];

/** Name, time zone and the like. They hold from the next event and the next question on. */
export function ProjectSettings() {
  const project = useProject();
  const queries = useQueryClient();
  const [draft, setDraft] = useState({
    name: project.name,
    timezone: project.timezone,
    week_start_day: project.week_start_day ?? 0,
    anonymize_ips: project.anonymize_ips ?? false,
  });
  const saving = useMutation({
    mutationFn: () => updateProject(project.id, draft),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["projects"] });
      await queries.invalidateQueries({ queryKey: ["project", project.id] });
      notifications.show({ message: "Saved" });
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <TextInput
        label="Name"
        required
        value={draft.name}
        onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
      />
      <Select
        size="sm"
        label="Time zone"
        description="Days, weeks and months of every chart begin at its midnight."
        searchable
        data={ZONES}
        limit={60}
        value={draft.timezone}
        onChange={(timezone) => timezone && setDraft({ ...draft, timezone })}
      />
      <Select
        size="sm"
        label="Weeks begin on"
        data={[
          { value: "0", label: "Sunday" },
          { value: "1", label: "Monday" },
        ]}
        value={String(draft.week_start_day)}
        onChange={(day) => setDraft({ ...draft, week_start_day: Number(day) })}
      />
      <Switch
        label="Do not keep addresses of visitors"
        description="The country is looked up first; the IP address is not stored."
        checked={draft.anonymize_ips}
        onChange={(event) => setDraft({ ...draft, anonymize_ips: event.currentTarget.checked })}
      />
      <div>
        <span className="quiet">Project key, for SDKs; it can only send events</span>
        <div className={styles.row}>
          <code>{project.api_token}</code>
          <CopyButton text={project.api_token} label="Copy the project key" />
        </div>
      </div>
      {saving.error ? <Problem problem={saving.error} /> : null}
      <div>
        <Button type="submit" loading={saving.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
