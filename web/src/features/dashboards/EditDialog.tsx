import { Button, Modal, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Dashboard } from "@/api/dashboards";
import styles from "@/features/dashboards/dashboards.module.css";
import { useBoard } from "@/features/dashboards/useBoard";

/** A dashboard's name, what it is about, and its tags. */
export function EditDialog({ board, onClose }: { board: Dashboard; onClose: () => void }) {
  const { change } = useBoard();
  const [name, setName] = useState(board.name ?? "");
  const [description, setDescription] = useState(board.description ?? "");
  const [tags, setTags] = useState(board.tags ?? []);
  const [saving, setSaving] = useState(false);
  return (
    <Modal opened onClose={onClose} title="Edit the dashboard" closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className={styles.dialog}
        onSubmit={async (event) => {
          event.preventDefault();
          setSaving(true);
          const changed = await change(board, { name: name.trim(), description: description.trim(), tags });
          setSaving(false);
          if (changed) onClose();
        }}
      >
        <TextInput
          label="Name"
          required
          maxLength={400}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label="About"
          autosize
          minRows={2}
          maxLength={10_000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <TagsInput label="Tags" maxTags={100} acceptValueOnBlur value={tags} onChange={setTags} />
        <Button type="submit" disabled={!name.trim()} loading={saving}>
          Save
        </Button>
      </form>
    </Modal>
  );
}
