import { useMemo } from "react";
import { type Annotation, useLatestAnnotations } from "@/api/annotations";

/** The annotations that a chart shows: those of the project, of its insight and of the dashboard it is on. */
export function useMarked(insightId?: number, dashboardId?: number): Annotation[] {
  const { data } = useLatestAnnotations();
  return useMemo(
    () =>
      (data?.results ?? []).filter((one) => {
        if (one.scope === "dashboard_item") return insightId !== undefined && one.dashboard_item === insightId;
        if (one.scope === "dashboard") return dashboardId !== undefined && one.dashboard_id === dashboardId;
        return true;
      }),
    [data, insightId, dashboardId],
  );
}
