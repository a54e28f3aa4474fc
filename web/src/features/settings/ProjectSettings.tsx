import { NumberInput, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { PropertyFilter } from "@/api/insights";
import type { Project } from "@/api/session";
import { GroupNames } from "@/features/settings/GroupNames";
import { PathCleaning } from "@/features/settings/PathCleaning";
import { Saving } from "@/features/settings/Saving";
import type { SectionProps } from "@/features/settings/SettingsPage";
import styles from "@/features/settings/SettingsPage.module.css";
import { useSave } from "@/features/settings/useSave";
import { CopyButton } from "@/ui/CopyButton";
import { Panel } from "@/ui/Page";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";

const ZONES = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];

/** How the project is called, and how it calls things. */
export function ProjectSettings({ project }: SectionProps) {
  return (
    <div className={styles.stack}>
      <General project={project} />
      <PathCleaning project={project} />
      <GroupNames />
    </div>
  );
}

/** Name, time zone and the like. */
function General({ project }: { project: Project }) {
  const [draft, setDraft] = useState({
    name: project.name,
    timezone: project.timezone,
    week_start_day: project.week_start_day ?? 0,
    anonymize_ips: project.anonymize_ips,
    event_buffer_seconds: project.event_buffer_seconds,
    test_account_filters: project.test_account_filters,
    person_display_name_properties: project.person_display_name_properties ?? [],
  });
  const saving = useSave(project.id);
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        // The form of a filter opens in a portal, out of which React's events come here too.
        if (event.target === event.currentTarget) saving.mutate(draft);
      }}
    >
      <Panel title="General" padded>
        <div className={styles.form}>
          <TextInput
            label="Name"
            required
            maxLength={200}
            value={draft.name}
            onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
          <div>
            <span className="quiet">Project key, for SDKs; it can only send events</span>
            <div className={styles.row}>
              <code>{project.api_token}</code>
              <CopyButton text={project.api_token} label="Copy the project key" />
            </div>
          </div>
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
        </div>
      </Panel>
      <Panel title="Internal and test users" padded>
        <div className={styles.form}>
          <p className="quiet">
            Events that pass these filters count when an insight leaves out internal and test users: say who is a
            customer, for example “email does not contain @yourcompany.com”.
          </p>
          <PropertyFilters
            filters={draft.test_account_filters as unknown as PropertyFilter[]}
            onChange={(filters) =>
              setDraft({ ...draft, test_account_filters: filters as unknown as typeof draft.test_account_filters })
            }
          />
        </div>
      </Panel>
      <Panel title="Persons and privacy" padded>
        <div className={styles.form}>
          <TagsInput
            size="sm"
            label="Names of persons"
            description="The first of these properties that a person has is shown as their name; with none it is the first of email, name and username."
            acceptValueOnBlur
            maxTags={10}
            value={draft.person_display_name_properties}
            onChange={(names) => setDraft({ ...draft, person_display_name_properties: names })}
          />
          <Switch
            label="Do not keep addresses of visitors"
            description="The country is looked up first; the IP address is not stored."
            checked={draft.anonymize_ips}
            onChange={(event) => setDraft({ ...draft, anonymize_ips: event.currentTarget.checked })}
          />
          <NumberInput
            size="sm"
            label="Event buffer, in seconds"
            description="Holds an identified event of an unknown visitor this long, so that it is stored with its final person. 0 turns it off; answers are the same either way."
            min={0}
            max={3600}
            allowDecimal={false}
            value={draft.event_buffer_seconds}
            onChange={(value) => setDraft({ ...draft, event_buffer_seconds: Number(value) || 0 })}
          />
        </div>
      </Panel>
      <Saving saving={saving} />
    </form>
  );
}
