/** Paths of those at a step of a funnel. */
import type { DateRange, FunnelPart, FunnelPaths, FunnelsQuery, InsightQuery, PathsQuery } from "@/api/insights";
import { seriesName } from "@/ui/insights/names";

export const PARTS: Record<FunnelPart, string> = {
  funnel_path_before_step: "Before",
  funnel_path_between_steps: "Up to, from the step before",
  funnel_path_after_step: "After",
};

/** Page views and custom events around a step, over the range of the funnel. */
export function pathsAround(funnel: FunnelsQuery, funnelStep: number, funnelPathType: FunnelPart): PathsQuery {
  const { dateRange, filterTestAccounts } = funnel;
  return {
    kind: "PathsQuery",
    dateRange,
    filterTestAccounts,
    pathsFilter: { includeEventTypes: ["$pageview", "custom_event"], stepLimit: 5, edgeLimit: 50 },
    funnelPathsFilter: { funnelPathType, funnelSource: funnel, funnelStep },
  };
}

/** The parts there are of a step: nothing lies before the first, and those who dropped off did not reach the next. */
export function partsOf(step: number): FunnelPart[] {
  if (step === 1) return ["funnel_path_before_step", "funnel_path_after_step"];
  if (step < 0) return ["funnel_path_before_step", "funnel_path_after_step"];
  return ["funnel_path_before_step", "funnel_path_between_steps", "funnel_path_after_step"];
}

/** The steps of a funnel as PostHog counts them, and those who dropped off before one. */
export function stepChoices({ series }: FunnelsQuery): { value: string; label: string }[] {
  return series.flatMap((one, at) => {
    const name = `${at + 1}. ${seriesName(one)}`;
    return [
      { value: String(at + 1), label: name },
      ...(at > 0 ? [{ value: String(-(at + 1)), label: `dropping off before ${name}` }] : []),
    ];
  });
}

/** Another step of the same funnel; the part changes when the step has none of its kind. */
export function withStep(paths: FunnelPaths, funnelStep: number): FunnelPaths {
  const parts = partsOf(funnelStep);
  const kept = parts.includes(paths.funnelPathType) ? paths.funnelPathType : "funnel_path_before_step";
  return { ...paths, funnelStep, funnelPathType: kept };
}

/** The range of a question and, of paths around a funnel, of that funnel, which has to be the same. */
export function withRange(query: InsightQuery, range: DateRange): InsightQuery {
  const { excludeIncompletePeriods } = query.dateRange ?? {};
  const dateRange = excludeIncompletePeriods ? { ...range, excludeIncompletePeriods } : range;
  if (query.kind !== "PathsQuery" || !query.funnelPathsFilter) return { ...query, dateRange };
  const { funnelSource } = query.funnelPathsFilter;
  return {
    ...query,
    dateRange,
    funnelPathsFilter: { ...query.funnelPathsFilter, funnelSource: { ...funnelSource, dateRange } },
  };
}
