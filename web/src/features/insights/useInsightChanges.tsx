import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { changeInsight, type InsightChange, type SavedInsight } from "@/api/saved";
import { useProject } from "@/api/session";
import styles from "@/features/insights/insights.module.css";
import { insightName } from "@/ui/insights/names";
import { messageOf } from "@/ui/states/States";

const TIME_TO_UNDO = 10_000; // milliseconds; the insight itself is kept, so that later it can still be brought back

/** Change and delete insights of a list. Deleting asks nothing and can be undone. */
export function useInsightChanges() {
  const { id } = useProject();
  const queries = useQueryClient();

  const change = async (insight: SavedInsight, changes: InsightChange): Promise<boolean> => {
    try {
      await changeInsight(id, insight.short_id, changes);
    } catch (problem) {
      notifications.show({ message: messageOf(problem), color: "red" });
      return false;
    }
    queries.removeQueries({ queryKey: ["insight", id, insight.short_id] });
    await queries.invalidateQueries({ queryKey: ["insights", id] });
    await queries.invalidateQueries({ queryKey: ["dashboard", id] });
    return true;
  };
  const remove = async (insight: SavedInsight) => {
    if (!(await change(insight, { deleted: true }))) return;
    const note = notifications.show({
      autoClose: TIME_TO_UNDO,
      closeButtonProps: { "aria-label": "Close" },
      message: (
        <span className={styles.undo}>
          <span>Deleted “{insightName(insight)}”</span>
          <Button
            variant="default"
            onClick={() => {
              notifications.hide(note);
              change(insight, { deleted: false });
            }}
          >
            Undo
          </Button>
        </span>
      ),
    });
  };
  return { change, remove };
}
