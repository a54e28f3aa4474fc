import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { changeDashboard, createDashboard, type Dashboard, type DashboardChange } from "@/api/dashboards";
import { useProject, useProjectPath } from "@/api/session";
import { messageOf } from "@/ui/states/States";

/** Changing a dashboard from its page or from the list. What fails is told, and nothing is lost. */
export function useBoard() {
  const { id } = useProject();
  const path = useProjectPath();
  const queries = useQueryClient();
  const [, navigate] = useLocation();

  const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (problem) {
      notifications.show({ message: messageOf(problem), color: "red" });
      return null;
    }
  };

  /** Change a dashboard. Its tiles keep their answers: what comes back has none. */
  const change = (board: Pick<Dashboard, "id">, changes: DashboardChange) =>
    attempt(async () => {
      const changed = await changeDashboard(id, board.id, changes);
      queries.setQueryData<Dashboard>(["dashboard", id, board.id], (old) =>
        old ? { ...old, ...changed, tiles: old.tiles } : old,
      );
      await queries.invalidateQueries({ queryKey: ["dashboards", id] });
      return changed;
    });

  const duplicate = (board: Dashboard) =>
    attempt(async () => {
      const made = await createDashboard(id, { name: `${board.name || "Untitled"} (copy)`, use_dashboard: board.id });
      await queries.invalidateQueries({ queryKey: ["dashboards", id] });
      navigate(path(`dashboards/${made.id}`));
    });

  return { change, duplicate };
}
