/** How long events are kept. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useProject } from "@/api/session";
import { call } from "@/api/typed";

/** What is stored, and what these limits would remove. */
export function useRetention(days: number | null, bytes: number | null) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["event_retention", id, days, bytes],
    queryFn: ({ signal }) =>
      call("get", "/api/projects/{project_id}/event_retention/", {
        path: { project_id: id },
        query: { days, bytes },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

export const applyRetention = (projectId: number) =>
  call("post", "/api/projects/{project_id}/event_retention/apply/", { path: { project_id: projectId } });
