/** Questions for the people behind what was chosen in a chart. */
import type { FunnelsQuery, InsightQuery, PathLink, PathsQuery, RetentionQuery, TrendResult } from "@/api/insights";
import { breakdownName, bucketName, letter, seriesName } from "@/ui/insights/names";
import { isCut, linkName, type PathPlace } from "@/ui/insights/pathPlaces";

export interface PeopleAsked {
  title: string;
  /** Mostly one; where several lists belong to a point, such as those of a formula, each with its name. */
  parts: { label: string; source: object }[];
  /** The beginning of the interval on the project's clock, for points over time. */
  day?: string;
  /** The item of a path that was chosen. */
  pathItem?: string;
}

type Lines = Extract<InsightQuery, { kind: "TrendsQuery" | "StickinessQuery" | "LifecycleQuery" }>;

const only = (title: string, source: object, day?: string): PeopleAsked => ({
  title,
  parts: [{ label: title, source }],
  ...(day === undefined ? {} : { day }),
});
/** A day of a trend; stickiness counts days instead. */
const dayOf = (line: TrendResult, at: number) => {
  const day = line.days[at];
  return typeof day === "string" && /^\d{4}-/.test(day) ? day : undefined;
};

/** Those behind one point of a line, or (`at` below 0) behind its only number. */
export function behindLine(query: Lines, line: TrendResult, at: number): PeopleAsked {
  const title = `${line.label}${at >= 0 ? ` · ${bucketName(line, at)}` : ""}`;
  const source = (series: number) => ({
    kind: "InsightActorsQuery",
    source: query,
    ...(at >= 0 ? { day: line.days[at] } : {}),
    series,
    ...(line.breakdown_value === undefined ? {} : { breakdown: line.breakdown_value }),
    ...(line.compare_label ? { compare: line.compare_label } : {}),
    ...(line.status ? { status: line.status } : {}),
  });
  if (line.action || query.series.length === 1) return only(title, source(line.action?.order ?? 0), dayOf(line, at));
  // A formula is about all of its series: each has its own people.
  const parts = query.series.map((one, series) => ({
    label: `${letter(series)}: ${seriesName(one)}`,
    source: source(series),
  }));
  return { title, parts, day: dayOf(line, at) };
}

/** Those who reached step `at` (from 0), or fell off before it. */
export const atStep = (query: FunnelsQuery, at: number, dropped: boolean, breakdown?: unknown): PeopleAsked =>
  only(dropped ? `Dropped off before step ${at + 1}` : `Reached step ${at + 1}`, {
    kind: "FunnelsActorsQuery",
    source: query,
    // Steps count from 1, and a negative one means those who got no further.
    funnelStep: dropped ? -(at + 1) : at + 1,
    ...(breakdown === undefined ? {} : { funnelStepBreakdown: breakdown }),
  });

/** Those who entered a funnel in an interval: who converted, and who did not. */
export function enteredIn(query: FunnelsQuery, line: TrendResult, at: number): PeopleAsked {
  const source = (dropped: boolean) => ({
    kind: "FunnelsActorsQuery",
    source: query,
    funnelTrendsDropOff: dropped,
    funnelTrendsEntrancePeriodStart: line.days[at],
    ...(line.breakdown_value === undefined ? {} : { funnelStepBreakdown: line.breakdown_value }),
  });
  return {
    title: `Entered ${bucketName(line, at)}`,
    parts: [
      { label: "Converted", source: source(false) },
      { label: "Dropped off", source: source(true) },
    ],
    day: dayOf(line, at),
  };
}

/** Those who converted at all: the times themselves have no list of people, so it is the last step that is asked for. */
export const converted = (query: FunnelsQuery): PeopleAsked =>
  only("Converted", {
    kind: "FunnelsActorsQuery",
    source: { ...query, funnelsFilter: { ...query.funnelsFilter, funnelVizType: "steps" } },
    funnelStep: (query.funnelsFilter?.funnelToStep ?? query.series.length - 1) + 1,
  });

/** Those of a cohort (`row`) who count in a column; the first holds all of them. */
export const inCell = (
  query: RetentionQuery,
  row: number,
  column: number,
  names: { cohort: string; column: string },
  breakdown?: TrendResult["breakdown_value"],
): PeopleAsked =>
  only(
    [names.cohort, names.column, breakdown === undefined ? "" : breakdownName(breakdown)].filter(Boolean).join(" · "),
    {
      kind: "InsightActorsQuery",
      source: query,
      interval: row,
      day: column,
      ...(breakdown === undefined ? {} : { breakdown }),
    },
  );

export interface PathKeys {
  pathStartKey?: string;
  pathEndKey?: string;
  pathDropoffKey?: string;
}

const onPath = (query: PathsQuery, keys: PathKeys) => ({ kind: "InsightActorsQuery", source: query, ...keys });

/** Those who went along a link. */
export const along = (query: PathsQuery, { source, target }: Pick<PathLink, "source" | "target">): PeopleAsked =>
  only(linkName(source, target), onPath(query, { pathStartKey: source, pathEndKey: target }));

/** Those who came to a place, went on from it, and dropped off there. */
export function atPlace(query: PathsQuery, { node, step, name, item }: PathPlace): PeopleAsked {
  const part = (label: string, keys: PathKeys) => ({ label, source: onPath(query, keys) });
  return {
    title: name,
    pathItem: item,
    parts: [
      ...(step > 1 ? [part("Came", { pathEndKey: node })] : []),
      ...(isCut(query, step) && step === 1 ? [part("Went on", { pathStartKey: node })] : []),
      ...(isCut(query, step)
        ? []
        : [part("Went on", { pathStartKey: node }), part("Dropped off", { pathDropoffKey: node })]),
    ],
  };
}
