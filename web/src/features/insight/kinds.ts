/** The kinds of insight, and how one becomes another without losing what was chosen. */
import type { FunnelsQuery, InsightQuery, RetentionEntity, RetentionQuery, Series, TrendsQuery } from "@/api/insights";
import { isOfHours, lacks } from "@/ui/insights/maths";

export const KINDS: { kind: InsightQuery["kind"]; title: string; about: string }[] = [
  { kind: "TrendsQuery", title: "Trends", about: "How often something happens, and to how many" },
  { kind: "FunnelsQuery", title: "Funnel", about: "How many go from one step to the next" },
  { kind: "RetentionQuery", title: "Retention", about: "Who comes back" },
  { kind: "PathsQuery", title: "Paths", about: "Where people go next" },
  { kind: "StickinessQuery", title: "Stickiness", about: "On how many days people do something" },
  { kind: "LifecycleQuery", title: "Lifecycle", about: "New, returning, resurrecting and dormant people" },
  {
    kind: "ActivationMetricQuery",
    title: "Activation",
    about: "Which early behaviour goes with coming back",
  },
];

/** The tab of a kind: a calendar heatmap is a display of trends, though a question of its own. */
export const tabOf = (kind: InsightQuery["kind"]) => (kind === "CalendarHeatmapQuery" ? "TrendsQuery" : kind);

export const PAGEVIEW: Series = { kind: "EventsNode", event: "$pageview", name: "$pageview" };
export const START: InsightQuery = {
  kind: "TrendsQuery",
  series: [PAGEVIEW],
  interval: "day",
  dateRange: { date_from: "-7d" },
};

export const seriesOf = (query: InsightQuery): Series[] => ("series" in query ? query.series : []);

/** The kinds of insight that can be estimated from a part of the people. */
export const canBeSampled = (query: InsightQuery): query is TrendsQuery | FunnelsQuery | RetentionQuery =>
  query.kind === "TrendsQuery" || query.kind === "FunnelsQuery" || query.kind === "RetentionQuery";

/** The event alone, under its filters: other kinds count in other ways, and know no optional steps. */
const bare = ({ kind, event, id, name, custom_name, properties, nodes, operator }: Series): Series =>
  JSON.parse(JSON.stringify({ kind, event, id, name, custom_name, properties, nodes, operator }));
/** One event: retention knows no "or", so the first of several stands for them. */
function entityOf(series: Series): RetentionEntity {
  const one = series.kind === "GroupNode" ? (series.nodes?.[0] ?? PAGEVIEW) : series;
  const properties = series.properties?.length ? { properties: series.properties } : {};
  return one.kind === "ActionsNode"
    ? { id: one.id, name: one.name, type: "actions", ...properties }
    : { id: one.event ?? null, name: one.name ?? "All events", type: "events", ...properties };
}

/** The question of another kind about the same events, range and filters. */
export function asKind(query: InsightQuery, kind: InsightQuery["kind"]): InsightQuery {
  if (query.kind === kind) return query;
  const asked = {
    dateRange: query.kind === "ActivationMetricQuery" ? START.dateRange : query.dateRange,
    properties: query.properties,
    filterTestAccounts: query.filterTestAccounts,
  };
  const broken = "breakdownFilter" in query && query.breakdownFilter ? { breakdownFilter: query.breakdownFilter } : {};
  const own = seriesOf(query);
  const series = own.length > 0 ? own : [PAGEVIEW];
  const first = series[0] ?? PAGEVIEW;
  const interval = "interval" in query ? query.interval : "day";
  const sampled = canBeSampled(query) && query.samplingFactor ? { samplingFactor: query.samplingFactor } : {};
  switch (kind) {
    case "TrendsQuery":
      return {
        kind,
        series: query.kind === "FunnelsQuery" ? series.map(bare) : series,
        interval,
        ...asked,
        ...broken,
        ...sampled,
      };
    case "FunnelsQuery": {
      const steps = series.map(bare);
      return {
        kind,
        series: steps.length > 1 ? steps : [...steps, PAGEVIEW],
        ...asked,
        ...broken,
        ...sampled,
        funnelsFilter: {},
      };
    }
    case "RetentionQuery":
      return {
        kind,
        ...asked,
        ...broken,
        ...sampled,
        retentionFilter: {
          period: "Day",
          totalIntervals: 8,
          retentionType: "retention_first_time",
          targetEntity: entityOf(first),
          returningEntity: entityOf(series[1] ?? first),
        },
      };
    case "PathsQuery":
      return { kind, ...asked, pathsFilter: { includeEventTypes: ["$pageview"], stepLimit: 5, edgeLimit: 50 } };
    case "StickinessQuery":
      return { kind, series: series.map(bare), interval: "day", ...asked };
    case "LifecycleQuery":
      return { kind, series: [bare(first)], interval, ...asked };
    case "CalendarHeatmapQuery":
      return { kind, series: [isOfHours(first) && query.kind !== "FunnelsQuery" ? first : bare(first)], ...asked };
    case "ActivationMetricQuery":
      // People who began in the last days have had no time to come back: the usual range would hold nobody.
      return { kind, ...asked, dateRange: { date_from: "-90d" }, activationFilter: { days: [1, 3, 7] } };
  }
}

/** Whether the question can be asked as it stands; otherwise what is missing. */
export function missing(query: InsightQuery): string | null {
  if (query.kind === "FunnelsQuery" && query.series.length < 2) return "A funnel needs at least two steps.";
  if ("series" in query && query.series.length === 0) return "Choose an event to begin.";
  if (query.kind === "PathsQuery") {
    const { includeEventTypes = [], pathsHogQLExpression } = query.pathsFilter;
    if (includeEventTypes.includes("hogql") && !pathsHogQLExpression) return "Write the SQL expression of the paths.";
  }
  if (query.kind === "RetentionQuery") {
    const { aggregationType = "count", aggregationProperty } = query.retentionFilter;
    if (aggregationType !== "count" && !aggregationProperty) return "Choose the property whose numbers are told.";
  }
  return (
    seriesOf(query)
      .map(lacks)
      .find((problem) => problem !== null) ?? null
  );
}
