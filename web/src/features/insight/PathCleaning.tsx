import { Button, Modal, Switch } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CleaningRule, PathsQuery } from "@/api/insights";
import { updateProject, useProject } from "@/api/session";
import styles from "@/features/insight/InsightPage.module.css";
import { CleaningRules, finished, inOrder } from "@/ui/paths/CleaningRules";
import { Problem } from "@/ui/states/States";

interface PathCleaningProps {
  query: PathsQuery;
  onChange: (query: PathsQuery) => void;
}

/** Items that differ only in an id or the like are put under one name: by rules of the project, and of this insight. */
export function PathCleaning({ query, onChange }: PathCleaningProps) {
  const filter = query.pathsFilter;
  const own = filter.localPathCleaningFilters ?? [];
  const project = useProject();
  const stored = (project.path_cleaning_filters ?? []) as unknown as CleaningRule[];
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [drafts, setDrafts] = useState({ own, stored });
  const set = (changes: Partial<PathsQuery["pathsFilter"]>) =>
    onChange({ ...query, pathsFilter: { ...filter, ...changes } });
  const saving = useMutation({
    mutationFn: async () => {
      const rules = finished(drafts.stored);
      if (JSON.stringify(rules) === JSON.stringify(inOrder(stored))) return false;
      const saved = await updateProject(project.id, {
        path_cleaning_filters: rules as unknown as Record<string, unknown>[],
      });
      queries.setQueryData(["project", project.id], saved);
      return true;
    },
    onSuccess: (changed) => {
      const rules = finished(drafts.own);
      set({ localPathCleaningFilters: rules.length > 0 ? rules : undefined });
      setOpened(false);
      // The question is the same, its answer is not.
      if (changed && filter.pathReplacements) queries.invalidateQueries({ queryKey: ["query", project.id] });
    },
  });
  const count = own.length + (filter.pathReplacements ? stored.length : 0);
  return (
    <>
      <Switch
        size="xs"
        label="Project's path cleaning"
        title="Apply the path cleaning rules of the project"
        checked={filter.pathReplacements ?? false}
        onChange={(event) => set({ pathReplacements: event.currentTarget.checked || undefined })}
      />
      <Button
        variant="default"
        onClick={() => {
          setDrafts({ own, stored });
          setOpened(true);
        }}
      >
        {count > 0 ? `Cleaning rules (${count})` : "Cleaning rules"}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Path cleaning"
        size="lg"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <div className={styles.save}>
          <p className="quiet">
            What a regular expression (RE2) finds in an address or a name is replaced, from the first rule to the last.
          </p>
          <strong>Of this insight</strong>
          <CleaningRules
            label="Rule of this insight"
            rules={drafts.own}
            onChange={(rules) => setDrafts({ ...drafts, own: rules })}
          />
          <strong>Of the project, for every insight that asks for them</strong>
          <CleaningRules
            label="Rule of the project"
            rules={drafts.stored}
            onChange={(rules) => setDrafts({ ...drafts, stored: rules })}
          />
          {saving.error ? <Problem problem={saving.error} /> : null}
          <Button loading={saving.isPending} onClick={() => saving.mutate()}>
            Apply
          </Button>
        </div>
      </Modal>
    </>
  );
}
