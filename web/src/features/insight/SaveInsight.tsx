import { Button, Modal, Select, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { InsightQuery } from "@/api/insights";
import { saveInsight, useDashboards } from "@/api/saved";
import { useProject } from "@/api/session";
import styles from "@/features/insight/InsightPage.module.css";
import { seriesOf } from "@/features/insight/kinds";
import { seriesName } from "@/ui/insights/names";
import { Problem } from "@/ui/states/States";

export function SaveInsight({ query }: { query: InsightQuery }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Save
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Save this insight"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <SaveForm query={query} onDone={() => setOpened(false)} />
      </Modal>
    </>
  );
}

function SaveForm({ query, onDone }: { query: InsightQuery; onDone: () => void }) {
  const { id } = useProject();
  const queries = useQueryClient();
  const dashboards = useDashboards();
  const [name, setName] = useState(seriesOf(query).map(seriesName).join(", ") || "Insight");
  const [board, setBoard] = useState<string | null>(null);
  const saving = useMutation({
    mutationFn: () => saveInsight(id, name.trim(), query, board ? [Number(board)] : []),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["dashboard", id] });
      notifications.show({ message: "Saved" });
      onDone();
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
        data={(dashboards.data?.results ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
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
