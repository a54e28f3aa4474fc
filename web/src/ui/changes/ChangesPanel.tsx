import { Drawer } from "@mantine/core";
import type { ChangesOf } from "@/api/changes";
import { ChangeList } from "@/ui/changes/ChangeList";

/** The changes of one thing, beside it. */
export function ChangesPanel({ title, of, onClose }: { title: string; of: ChangesOf; onClose: () => void }) {
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={480}
      title={<strong>{title}</strong>}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <ChangeList of={of} />
    </Drawer>
  );
}
