import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Project, updateProject } from "@/api/session";

/** Saves settings of a project. They hold from the next event and the next question on. */
export function useSave(projectId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (changes: Partial<Project>) => updateProject(projectId, changes),
    onSuccess: (project) => {
      queries.setQueryData(["project", projectId], project);
      queries.invalidateQueries({ queryKey: ["projects"] });
      queries.invalidateQueries({ queryKey: ["event_retention", projectId] });
      queries.invalidateQueries({ queryKey: ["query", projectId] }); // who is a test user, which paths are the same
      notifications.show({ message: "Saved" });
    },
  });
}
