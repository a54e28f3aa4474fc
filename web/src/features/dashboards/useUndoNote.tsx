import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import styles from "@/features/dashboards/dashboards.module.css";

const TIME_TO_UNDO = 10_000; // milliseconds

/** Tell what was done, with a button that takes it back. */
export function useUndoNote() {
  return (message: string, undo: () => unknown) => {
    const note = notifications.show({
      autoClose: TIME_TO_UNDO,
      closeButtonProps: { "aria-label": "Close" },
      message: (
        <span className={styles.undo}>
          <span>{message}</span>
          <Button
            variant="default"
            onClick={() => {
              notifications.hide(note);
              undo();
            }}
          >
            Undo
          </Button>
        </span>
      ),
    });
  };
}
