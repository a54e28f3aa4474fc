import { Button, Modal, Select, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { useDashboards } from "@/api/dashboards";
import type { InsightQuery } from "@/api/insights";
import { changeInsight, type SavedInsight, saveInsight } from "@/api/saved";
import { useProject, useProjectPath } from "@/api/session";
import styles from "@/features/insight/InsightPage.module.css";
import { seriesOf } from "@/features/insight/kinds";
import { SavedMenu } from "@/features/insight/SavedMenu";
import { seriesName } from "@/ui/insights/names";
import { messageOf, Problem } from "@/ui/states/States";

const asSaved = (query: InsightQuery): SavedInsight["query"] => ({ kind: "InsightVizNode", source: query });

/** A new insight is saved under a name; a saved one keeps its name, and can be saved as another one. */
export function SaveInsight({ query, saved }: { query: InsightQuery; saved?: SavedInsight }) {
  const { id } = useProject();
  const path = useProjectPath();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [opened, setOpened] = useState<"new" | "rename" | null>(null);
  const updating = useMutation({
    mutationFn: (insight: SavedInsight) => changeInsight(id, insight.short_id, { query: asSaved(query) }),
    onSuccess: async (changed) => {
      queries.setQueryData(["insight", id, changed.short_id], changed);
      await queries.invalidateQueries({ queryKey: ["insights", id] });
      await queries.invalidateQueries({ queryKey: ["dashboard", id] });
      notifications.show({ message: "Saved" });
      navigate(path(`insights/${changed.short_id}`), { replace: true });
    },
    onError: (problem) => notifications.show({ message: messageOf(problem), color: "red" }),
  });
  const changed = saved !== undefined && JSON.stringify(saved.query.source) !== JSON.stringify(query);
  return (
    <>
      {saved ? (
        <>
          <SavedMenu saved={saved} />
          <Button variant="default" onClick={() => setOpened("rename")}>
            Rename
          </Button>
          <Button variant="default" onClick={() => setOpened("new")}>
            Save as new
          </Button>
          <Button disabled={!changed} loading={updating.isPending} onClick={() => updating.mutate(saved)}>
            Save
          </Button>
        </>
      ) : (
        <Button variant="default" onClick={() => setOpened("new")}>
          Save
        </Button>
      )}
      <Modal
        opened={opened === "new"}
        onClose={() => setOpened(null)}
        title="Save this insight"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <SaveForm query={query} onDone={() => setOpened(null)} />
      </Modal>
      {saved ? (
        <Modal
          opened={opened === "rename"}
          onClose={() => setOpened(null)}
          title="Rename this insight"
          closeButtonProps={{ "aria-label": "Close" }}
        >
          <RenameForm saved={saved} onDone={() => setOpened(null)} />
        </Modal>
      ) : null}
    </>
  );
}

function RenameForm({ saved, onDone }: { saved: SavedInsight; onDone: () => void }) {
  const { id } = useProject();
  const queries = useQueryClient();
  const [name, setName] = useState(saved.name || saved.derived_name || "");
  const renaming = useMutation({
    mutationFn: () => changeInsight(id, saved.short_id, { name: name.trim() }),
    onSuccess: async (changed) => {
      queries.setQueryData(["insight", id, changed.short_id], changed);
      await queries.invalidateQueries({ queryKey: ["insights", id] });
      await queries.invalidateQueries({ queryKey: ["dashboard", id] });
      onDone();
    },
  });
  return (
    <form
      className={styles.save}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) renaming.mutate();
      }}
    >
      <TextInput
        label="Name"
        required
        data-autofocus
        maxLength={400}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {renaming.error ? <Problem problem={renaming.error} /> : null}
      <Button type="submit" disabled={!name.trim()} loading={renaming.isPending}>
        Rename
      </Button>
    </form>
  );
}

function SaveForm({ query, onDone }: { query: InsightQuery; onDone: () => void }) {
  const { id } = useProject();
  const path = useProjectPath();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const dashboards = useDashboards();
  const [name, setName] = useState(seriesOf(query).map(seriesName).join(", ") || "Insight");
  const [board, setBoard] = useState<string | null>(null);
  const saving = useMutation({
    mutationFn: () => saveInsight(id, name.trim(), query, board ? [Number(board)] : []),
    onSuccess: async (made) => {
      queries.setQueryData(["insight", id, made.short_id], made);
      await queries.invalidateQueries({ queryKey: ["insights", id] });
      await queries.invalidateQueries({ queryKey: ["dashboard", id] });
      notifications.show({ message: "Saved" });
      onDone();
      navigate(path(`insights/${made.short_id}`));
    },
  });
  return (
    <form
      className={styles.save}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) saving.mutate();
      }}
    >
      <TextInput
        label="Name"
        required
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        size="sm"
        label="Dashboard"
        placeholder="None"
        clearable
        data={(dashboards.data?.results ?? []).map((one) => ({ value: String(one.id), label: one.name || "Untitled" }))}
        value={board}
        onChange={setBoard}
      />
      {saving.error ? <Problem problem={saving.error} /> : null}
      <Button type="submit" loading={saving.isPending}>
        Save
      </Button>
    </form>
  );
}
