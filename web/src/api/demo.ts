/** The demo project: 60 days of a made-up product. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, type Shape } from "@/api/typed";

export type Demo = Shape<"Demo">;

const ASK_EVERY = 1000; // milliseconds, while it is being filled
const path = { organization_id: "@current" };

export const isUnderWay = (demo: Demo | undefined) => demo?.status === "sending" || demo?.status === "storing";

export const useDemo = () =>
  useQuery({
    queryKey: ["demo"],
    queryFn: ({ signal }) => call("get", "/api/organizations/{organization_id}/demo/", { path, signal }),
    refetchInterval: (query) => (isUnderWay(query.state.data) ? ASK_EVERY : false),
  });

export function useLoadDemo() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call("post", "/api/organizations/{organization_id}/demo/", { path }),
    // Also when it was refused: somebody else may have begun a moment ago.
    onSettled: () => {
      queries.invalidateQueries({ queryKey: ["demo"] });
      queries.invalidateQueries({ queryKey: ["projects"] });
    },
  });
}
