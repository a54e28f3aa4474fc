/** The questions that can be asked, in the API's own words: what is in the address bar is what is sent. */

export type Operator =
  | "exact"
  | "is_not"
  | "icontains"
  | "not_icontains"
  | "regex"
  | "not_regex"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "is_set"
  | "is_not_set"
  | "is_date_before"
  | "is_date_after";

export interface PropertyFilter {
  key: string;
  type: "event" | "person" | "group" | "session" | "cohort" | "hogql";
  operator?: Operator;
  value?: string | number | boolean | (string | number)[] | null;
  group_type_index?: number;
}

export interface Series {
  kind: "EventsNode" | "ActionsNode";
  event?: string | null;
  id?: number;
  name?: string;
  custom_name?: string;
  math?: string;
  math_property?: string;
  math_group_type_index?: number;
  properties?: PropertyFilter[];
}

export interface DateRange {
  date_from?: string | null;
  date_to?: string | null;
}

export interface BreakdownFilter {
  breakdown?: string | null;
  breakdown_type?: "event" | "person" | "session" | "group" | null;
  breakdown_limit?: number;
}

export type Interval = "minute" | "hour" | "day" | "week" | "month";

interface Asked {
  dateRange?: DateRange;
  properties?: PropertyFilter[];
  filterTestAccounts?: boolean;
}

export interface TrendsQuery extends Asked {
  kind: "TrendsQuery";
  series: Series[];
  interval?: Interval;
  breakdownFilter?: BreakdownFilter;
  compareFilter?: { compare?: boolean; compare_to?: string };
  trendsFilter?: { display?: TrendsDisplay; formula?: string; smoothingIntervals?: number };
}

export type TrendsDisplay =
  | "ActionsLineGraph"
  | "ActionsBar"
  | "ActionsUnstackedBar"
  | "ActionsAreaGraph"
  | "ActionsLineGraphCumulative"
  | "BoldNumber"
  | "ActionsPie"
  | "ActionsBarValue"
  | "ActionsTable"
  | "WorldMap";

export interface FunnelsQuery extends Asked {
  kind: "FunnelsQuery";
  series: Series[];
  interval?: Interval;
  breakdownFilter?: BreakdownFilter;
  funnelsFilter?: {
    funnelOrderType?: "ordered" | "strict" | "unordered";
    funnelVizType?: "steps" | "time_to_convert" | "trends";
    funnelWindowInterval?: number;
    funnelWindowIntervalUnit?: "minute" | "hour" | "day" | "week" | "month";
    breakdownAttributionType?: "first_touch" | "last_touch" | "all_events" | "step";
  };
}

export interface RetentionEntity {
  id?: string | number | null;
  name?: string;
  type: "events" | "actions";
}

export interface RetentionQuery extends Asked {
  kind: "RetentionQuery";
  retentionFilter: {
    period?: "Hour" | "Day" | "Week" | "Month";
    totalIntervals?: number;
    retentionType?: "retention_first_time" | "retention_recurring";
    targetEntity?: RetentionEntity;
    returningEntity?: RetentionEntity;
    cumulative?: boolean;
    display?: "ActionsLineGraph" | "ActionsTable";
  };
}

export interface PathsQuery extends Asked {
  kind: "PathsQuery";
  pathsFilter: {
    includeEventTypes?: ("$pageview" | "$screen" | "custom_event")[];
    stepLimit?: number;
    edgeLimit?: number;
    startPoint?: string;
    endPoint?: string;
  };
}

export interface StickinessQuery extends Asked {
  kind: "StickinessQuery";
  series: Series[];
  interval?: Interval;
}

export interface LifecycleQuery extends Asked {
  kind: "LifecycleQuery";
  series: Series[];
  interval?: Interval;
}

/** Which early behaviour goes with coming back; see docs/activation.md. */
export interface ActivationMetricQuery extends Asked {
  kind: "ActivationMetricQuery";
  activationFilter: {
    startEntity?: RetentionEntity;
    returningEntity?: RetentionEntity;
    days?: number[];
    counts?: number[];
    retentionFromDay?: number;
    retentionDays?: number;
    excludeEvents?: string[];
    bestPerEvent?: boolean;
  };
}

export type InsightQuery =
  | TrendsQuery
  | FunnelsQuery
  | RetentionQuery
  | PathsQuery
  | StickinessQuery
  | LifecycleQuery
  | ActivationMetricQuery;

/** One line of a trend, of stickiness or of a lifecycle. */
export interface TrendResult {
  label: string;
  data: number[];
  days: (string | number)[];
  labels: string[];
  count: number;
  aggregated_value?: number | null;
  action?: { id?: string | number | null; order?: number; name?: string; custom_name?: string | null } | null;
  breakdown_value?: string | number | (string | number)[] | null;
  compare?: boolean;
  compare_label?: "current" | "previous";
  status?: "new" | "returning" | "resurrecting" | "dormant";
}

export interface FunnelStep {
  action_id: string | number | null;
  name: string;
  custom_name?: string | null;
  order: number;
  count: number;
  average_conversion_time: number | null;
  median_conversion_time: number | null;
  breakdown?: string[];
  breakdown_value?: string | string[];
}

export interface TimeToConvert {
  bins: [number, number][];
  average_conversion_time: number | null;
}

export interface RetentionRow {
  date: string;
  label: string;
  values: { count: number; label?: string }[];
}

/** A behaviour, `count` times or more within so many days of the start, and how it divides who came back. */
export interface ActivationRow {
  event: string;
  count: number;
  within_days: number;
  persons: number;
  coverage: number;
  retention_with: number | null;
  retention_without: number | null;
  lift: number | null;
  phi: number;
  p_value_adjusted: number;
  significant: boolean;
  is_returning_event: boolean;
}

export interface PathLink {
  source: string;
  target: string;
  value: number;
  average_conversion_time?: number;
}
