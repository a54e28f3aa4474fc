import { useState } from "react";
import type { CleaningRule } from "@/api/insights";
import type { Project } from "@/api/session";
import { Saving } from "@/features/settings/Saving";
import styles from "@/features/settings/SettingsPage.module.css";
import { useSave } from "@/features/settings/useSave";
import { Panel } from "@/ui/Page";
import { CleaningRules, finished } from "@/ui/paths/CleaningRules";

/** Which parts of addresses are the same to insights: ids, languages and the like. */
export function PathCleaning({ project }: { project: Project }) {
  const [rules, setRules] = useState((project.path_cleaning_filters ?? []) as unknown as CleaningRule[]);
  const saving = useSave(project.id);
  return (
    <Panel title="Path cleaning" padded>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate({ path_cleaning_filters: finished(rules) as unknown as Record<string, unknown>[] });
        }}
      >
        <p className="quiet">
          What a regular expression (RE2) finds in an address is replaced, from the first rule to the last, wherever an
          insight or web analytics asks for clean paths. Stored events stay as they are.
        </p>
        <CleaningRules label="Rule of the project" rules={rules} onChange={setRules} />
        <Saving saving={saving} label="Save the rules" />
      </form>
    </Panel>
  );
}
