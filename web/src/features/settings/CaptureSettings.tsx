import { NumberInput, Switch, TagsInput } from "@mantine/core";
import { useState } from "react";
import type { Project } from "@/api/session";
import { Saving } from "@/features/settings/Saving";
import type { SectionProps } from "@/features/settings/SettingsPage";
import styles from "@/features/settings/SettingsPage.module.css";
import { useSave } from "@/features/settings/useSave";
import { AuthorisedUrls } from "@/ui/AuthorisedUrls";
import { Panel } from "@/ui/Page";

type SwitchName =
  | "autocapture_opt_out"
  | "heatmaps_opt_in"
  | "capture_dead_clicks"
  | "autocapture_web_vitals_opt_in"
  | "capture_performance_opt_in"
  | "autocapture_exceptions_opt_in"
  | "session_recording_opt_in";

const SWITCHES: { name: SwitchName; title: string; about: string; inverted?: boolean }[] = [
  {
    name: "autocapture_opt_out",
    inverted: true,
    title: "Autocapture",
    about: "Clicks, changed inputs and submitted forms become events by themselves.",
  },
  { name: "heatmaps_opt_in", title: "Heatmaps", about: "Where people click and how far they scroll." },
  { name: "capture_dead_clicks", title: "Dead clicks", about: "Clicks after which nothing happened." },
  { name: "autocapture_web_vitals_opt_in", title: "Web vitals", about: "How fast pages load and respond." },
  { name: "capture_performance_opt_in", title: "Network timing", about: "Durations of a page's requests." },
  { name: "autocapture_exceptions_opt_in", title: "Exceptions", about: "Errors that nobody caught." },
  { name: "session_recording_opt_in", title: "Session replay", about: "Records what visitors see and do." },
];

/** What posthog-js does on the project's sites. */
export function CaptureSettings({ project }: SectionProps) {
  return (
    <div className={styles.stack}>
      <Switches project={project} />
      <Panel title="Authorised URLs" padded>
        <div className={styles.form}>
          <p className="quiet">
            Sites that may be opened with the toolbar, where a click on an element makes an action. A star stands for
            every subdomain, as in https://*.example.com. Removing a site ends the toolbars that are open there.
          </p>
          <AuthorisedUrls />
        </div>
      </Panel>
      <DataAttributes project={project} />
    </div>
  );
}

/** What posthog-js captures by itself. It asks for this whenever a page loads. */
function Switches({ project }: { project: Project }) {
  const [draft, setDraft] = useState<Partial<Project>>(() => ({
    ...Object.fromEntries(SWITCHES.map(({ name }) => [name, project[name] ?? false])),
    session_recording_sample_rate: project.session_recording_sample_rate,
  }));
  const saving = useSave(project.id);
  const percent = Math.round(Number(draft.session_recording_sample_rate ?? 1) * 100);
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate(draft);
      }}
    >
      <Panel title="What browsers capture by themselves" padded>
        <div className={styles.form}>
          <p className="quiet">
            Pages learn of a change when they load, within five minutes. What a page turns off in its own code stays
            off.
          </p>
          {SWITCHES.map(({ name, title, about, inverted = false }) => (
            <Switch
              key={name}
              label={title}
              description={about}
              checked={Boolean(draft[name]) !== inverted}
              onChange={(event) => setDraft({ ...draft, [name]: event.currentTarget.checked !== inverted })}
            />
          ))}
          {draft.session_recording_opt_in ? (
            <NumberInput
              size="sm"
              label="Sessions to record, in percent"
              min={0}
              max={100}
              value={percent}
              onChange={(value) =>
                setDraft({ ...draft, session_recording_sample_rate: String((Number(value) || 0) / 100) })
              }
            />
          ) : null}
        </div>
      </Panel>
      <Saving saving={saving} />
    </form>
  );
}

/** By which attributes the toolbar tells elements apart. */
function DataAttributes({ project }: { project: Project }) {
  const [names, setNames] = useState(project.data_attributes);
  const saving = useSave(project.id);
  return (
    <Panel title="Elements of your sites" padded>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate({ data_attributes: names });
        }}
      >
        <TagsInput
          size="sm"
          label="Data attributes"
          description="The toolbar makes an action of these before it looks at classes or the place on the page, which change more often."
          acceptValueOnBlur
          maxTags={50}
          value={names}
          onChange={setNames}
        />
        <Saving saving={saving} />
      </form>
    </Panel>
  );
}
