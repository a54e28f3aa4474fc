import { Button, Modal, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addTextTile } from "@/api/saved";
import { useProject } from "@/api/session";
import styles from "@/features/dashboards/dashboards.module.css";
import { Problem } from "@/ui/states/States";

/** A text between the charts: what they mean, whom to ask. */
export function AddText({ dashboardId }: { dashboardId: number }) {
  const { id } = useProject();
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [body, setBody] = useState("");
  const adding = useMutation({
    mutationFn: () => addTextTile(id, dashboardId, body),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["dashboard", id, dashboardId] });
      setBody("");
      setOpened(false);
    },
  });
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Add text
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Add a text"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <form
          className={styles.dialog}
          onSubmit={(event) => {
            event.preventDefault();
            if (body.trim()) adding.mutate();
          }}
        >
          <Textarea
            label="Text"
            autosize
            minRows={4}
            data-autofocus
            value={body}
            onChange={(event) => setBody(event.currentTarget.value)}
          />
          {adding.error ? <Problem problem={adding.error} /> : null}
          <Button type="submit" disabled={!body.trim()} loading={adding.isPending}>
            Add
          </Button>
        </form>
      </Modal>
    </>
  );
}
