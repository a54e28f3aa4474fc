import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDeviceFloppy } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useProject } from "@/api/session";
import { changeSql, createSql } from "@/api/sql";
import styles from "@/features/sql/SqlPage.module.css";
import type { SqlTab } from "@/features/sql/workspace";
import { Problem } from "@/ui/states/States";

/** Saves a tab as an insight: a new one by a name, one that was opened at once. */
export function SaveSql({ tab, onSaved }: { tab: SqlTab; onSaved: (changes: Partial<SqlTab>) => void }) {
  const { id } = useProject();
  const queries = useQueryClient();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState("");
  const saving = useMutation({
    mutationFn: () => (tab.insight ? changeSql(id, tab.insight, tab.text) : createSql(id, name.trim(), tab.text)),
    onSuccess: (saved) => {
      setNaming(false);
      onSaved({ insight: saved.short_id, title: saved.name ?? tab.title });
      queries.invalidateQueries({ queryKey: ["insights", id] });
      notifications.show({ message: "Saved" });
    },
    onError: () => setNaming(true),
  });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDeviceFloppy size={15} />}
        disabled={tab.text.trim() === ""}
        loading={saving.isPending}
        onClick={() => (tab.insight ? saving.mutate() : setNaming(true))}
      >
        Save
      </Button>
      <Modal
        opened={naming}
        onClose={() => setNaming(false)}
        title="Save this question"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            saving.mutate();
          }}
        >
          {tab.insight ? null : (
            <TextInput
              label="Name"
              description="It is among the saved insights, and can be put on dashboards."
              data-autofocus
              required
              maxLength={400}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          {saving.error ? <Problem problem={saving.error} /> : null}
          <Button type="submit" loading={saving.isPending} disabled={!tab.insight && name.trim() === ""}>
            Save
          </Button>
        </form>
      </Modal>
    </>
  );
}
