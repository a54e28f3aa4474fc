/** How a project's data is doing. */
import { useQuery } from "@tanstack/react-query";
import { useProject } from "@/api/session";
import { call, type Shape } from "@/api/typed";

export type Drop = Shape<"Drop">;
export type Health = Shape<"Health">;

export type DeadLetter = Shape<"DeadLetter">;

const ASK_EVERY = 3000; // milliseconds

export function useHealth() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["health", id],
    queryFn: ({ signal }) => call("get", "/api/projects/{project_id}/health/", { path: { project_id: id }, signal }),
    refetchInterval: ASK_EVERY,
  });
}

/** The newest records that could not be processed. */
export function useDeadLetters() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["dead_letters", id],
    queryFn: ({ signal }) =>
      call("get", "/api/projects/{project_id}/health/dead_letters/", {
        path: { project_id: id },
        query: { limit: 50 },
        signal,
      }),
  });
}
