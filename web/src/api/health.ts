/** How a project's data is doing. */
import { useQuery } from "@tanstack/react-query";
import { useProject } from "@/api/session";
import { call, type Shape } from "@/api/typed";

export type Drop = Shape<"Drop">;
export type Health = Shape<"Health">;

const ASK_EVERY = 3000; // milliseconds

export function useHealth() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["health", id],
    queryFn: ({ signal }) => call("get", "/api/projects/{project_id}/health/", { path: { project_id: id }, signal }),
    refetchInterval: ASK_EVERY,
  });
}
