import { Button, Modal, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addTextTile, changeTextTile, type Tile } from "@/api/dashboards";
import { useProject } from "@/api/session";
import styles from "@/features/dashboards/dashboards.module.css";
import { Problem } from "@/ui/states/States";

const LONGEST = 4000; // characters, as the API takes them

/** A text between the charts: what they mean, whom to ask. */
export function TextDialog({
  dashboardId,
  tile,
  onClose,
}: {
  dashboardId: number;
  /** The text to change; a new one without. */
  tile?: Tile;
  onClose: () => void;
}) {
  const { id } = useProject();
  const queries = useQueryClient();
  const [body, setBody] = useState(tile?.text?.body ?? "");
  const saving = useMutation({
    mutationFn: () =>
      tile ? changeTextTile(id, dashboardId, tile.id, body.trim()) : addTextTile(id, dashboardId, body.trim()),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["dashboard", id, dashboardId] });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={tile ? "Edit the text" : "Add a text"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className={styles.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          if (body.trim()) saving.mutate();
        }}
      >
        <Textarea
          label="Text"
          description="Markdown: # heading, **bold**, - list, [link](https://…)"
          autosize
          minRows={5}
          maxRows={18}
          maxLength={LONGEST}
          data-autofocus
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        {saving.error ? <Problem problem={saving.error} /> : null}
        <Button type="submit" disabled={!body.trim()} loading={saving.isPending}>
          {tile ? "Save" : "Add"}
        </Button>
      </form>
    </Modal>
  );
}
