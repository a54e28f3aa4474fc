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
  | "is_date_after"
  | "is_date_exact"
  | "in"
  | "not_in"
  | "between"
  | "not_between"
  | "min"
  | "max"
  | "icontains_multi"
  | "not_icontains_multi"
  | "is_cleaned_path_exact"
  | `semver_${"eq" | "neq" | "gt" | "gte" | "lt" | "lte" | "tilde" | "caret" | "wildcard"}`;

export type FilterType = "event" | "person" | "group" | "session" | "cohort" | "hogql" | "element" | "event_metadata";

export interface PropertyFilter {
  key: string;
  type: FilterType;
  operator?: Operator;
  value?: string | number | boolean | (string | number)[] | null;
  group_type_index?: number;
  /** Of a cohort's criteria: everybody of whom this does not hold. */
  negation?: boolean;
  /** Of a cohort: its name, for people; the server goes by its number. */
  cohort_name?: string;
}

/** Filters joined by AND or OR, and groups of them again. A plain list is an AND. */
export interface PropertyGroup {
  type: "AND" | "OR";
  values: (PropertyFilter | PropertyGroup)[];
}

export type Filters = PropertyFilter[] | PropertyGroup;

/** An event, an action, or (of kind GroupNode) any of several. */
export interface Series {
  kind: "EventsNode" | "ActionsNode" | "GroupNode";
  event?: string | null;
  id?: number;
  name?: string;
  custom_name?: string;
  math?: string;
  math_property?: string;
  math_property_type?: string;
  math_hogql?: string;
  math_group_type_index?: number;
  properties?: PropertyFilter[];
  /** Of a funnel's step: people may leave it out. */
  optionalInFunnel?: boolean;
  operator?: "OR";
  nodes?: Series[];
}

export interface DateRange {
  date_from?: string | null;
  date_to?: string | null;
  /** Without intervals that are not over. */
  excludeIncompletePeriods?: boolean;
}

export type BreakdownType = "event" | "person" | "session" | "group" | "hogql" | "cohort";

export interface Breakdown {
  property: string | number;
  type?: BreakdownType | null;
  group_type_index?: number;
  histogram_bin_count?: number;
  normalize_url?: boolean;
}

/** One breakdown in the older form, whose values are plain, or several in `breakdowns`, whose values are lists. */
export interface BreakdownFilter {
  breakdown?: string | number | (string | number)[] | null;
  breakdown_type?: BreakdownType | null;
  breakdown_group_type_index?: number;
  breakdown_histogram_bin_count?: number;
  breakdown_normalize_url?: boolean;
  breakdown_limit?: number;
  breakdown_hide_other_aggregation?: boolean;
  breakdowns?: Breakdown[];
}

export interface CompareFilter {
  compare?: boolean;
  compare_to?: string;
}

export type Interval = "minute" | "hour" | "day" | "week" | "month";

interface Asked {
  dateRange?: DateRange;
  properties?: Filters;
  filterTestAccounts?: boolean;
  samplingFactor?: number;
}

export interface TrendsQuery extends Asked {
  kind: "TrendsQuery";
  series: Series[];
  interval?: Interval;
  breakdownFilter?: BreakdownFilter;
  compareFilter?: CompareFilter;
  trendsFilter?: {
    display?: TrendsDisplay;
    formula?: string;
    formulas?: string[];
    formulaNodes?: FormulaNode[];
    smoothingIntervals?: number;
  };
}

export interface FormulaNode {
  formula: string;
  custom_name?: string;
}

export type TrendsDisplay =
  | "ActionsLineGraph"
  | "ActionsBar"
  | "ActionsStackedBar"
  | "ActionsUnstackedBar"
  | "ActionsAreaGraph"
  | "ActionsLineGraphCumulative"
  | "SlopeGraph"
  | "BoxPlot"
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
  aggregation_group_type_index?: number;
  funnelsFilter?: {
    funnelOrderType?: "ordered" | "strict" | "unordered";
    funnelVizType?: "steps" | "time_to_convert" | "trends";
    funnelWindowInterval?: number;
    funnelWindowIntervalUnit?: "second" | "minute" | "hour" | "day" | "week" | "month";
    breakdownAttributionType?: "first_touch" | "last_touch" | "all_events" | "step";
    /** The step of attribution by step, from 0. */
    breakdownAttributionValue?: number;
    exclusions?: Exclusion[];
    funnelFromStep?: number;
    funnelToStep?: number;
    funnelAggregateByHogQL?: string;
    binCount?: number;
    funnelStepReference?: "total" | "previous";
  };
}

/** What must not happen after one step and before another (from 0). */
export interface Exclusion extends Series {
  funnelFromStep: number;
  funnelToStep: number;
}

export interface RetentionEntity {
  id?: string | number | null;
  name?: string;
  type: "events" | "actions";
  properties?: PropertyFilter[];
}

export interface RetentionQuery extends Asked {
  kind: "RetentionQuery";
  breakdownFilter?: BreakdownFilter;
  aggregation_group_type_index?: number;
  retentionFilter: {
    period?: "Hour" | "Day" | "Week" | "Month";
    totalIntervals?: number;
    retentionType?: "retention_first_time" | "retention_recurring" | "retention_first_ever_occurrence";
    targetEntity?: RetentionEntity;
    returningEntity?: RetentionEntity;
    cumulative?: boolean;
    minimumOccurrences?: number;
    /** Widths of the columns after the first, in periods. */
    retentionCustomBrackets?: number[];
    /** Shares of the cohort's size, or of the column before. */
    retentionReference?: "total" | "previous";
    timeWindowMode?: "strict_calendar_dates" | "24_hour_windows";
    display?: "ActionsLineGraph" | "ActionsTable";
    /** What the matrix tells of those who came back: how many, or the numbers of a property of what they did. */
    aggregationType?: "count" | "sum" | "avg";
    aggregationProperty?: string;
    aggregationPropertyType?: "event" | "person";
  };
}

export type PathsEvents = "$pageview" | "$screen" | "custom_event" | "hogql";

/** What a regular expression finds in an item is written as the alias. */
export interface CleaningRule {
  regex: string;
  alias: string;
  order?: number;
}

export type FunnelPart = "funnel_path_before_step" | "funnel_path_between_steps" | "funnel_path_after_step";

/** Paths of those at a step of a funnel: steps count from 1, and a negative one means those who got no further. */
export interface FunnelPaths {
  funnelPathType: FunnelPart;
  funnelSource: FunnelsQuery;
  funnelStep: number;
}

export interface PathsQuery extends Asked {
  kind: "PathsQuery";
  aggregation_group_type_index?: number;
  funnelPathsFilter?: FunnelPaths;
  pathsFilter: {
    includeEventTypes?: PathsEvents[];
    pathsHogQLExpression?: string;
    stepLimit?: number;
    edgeLimit?: number;
    startPoint?: string;
    endPoint?: string;
    excludeEvents?: string[];
    pathGroupings?: string[];
    /** Whether the project's rules clean the items, before those of the question. */
    pathReplacements?: boolean;
    localPathCleaningFilters?: CleaningRule[];
    minEdgeWeight?: number;
    maxEdgeWeight?: number;
  };
}

export interface StickinessQuery extends Asked {
  kind: "StickinessQuery";
  series: Series[];
  interval?: Interval;
  intervalCount?: number;
  compareFilter?: CompareFilter;
  stickinessFilter?: {
    computedAs?: "cumulative" | "non_cumulative";
    stickinessCriteria?: { operator: "gte" | "lte" | "exact"; value: number };
  };
}

/** One series by weekday and hour, in the project's time. */
export interface CalendarHeatmapQuery extends Asked {
  kind: "CalendarHeatmapQuery";
  series: Series[];
}

export type LifecycleStatus = "new" | "returning" | "resurrecting" | "dormant";

export interface LifecycleQuery extends Asked {
  kind: "LifecycleQuery";
  series: Series[];
  interval?: Interval;
  aggregation_group_type_index?: number;
  /** Which of the four are drawn. */
  lifecycleFilter?: { toggledLifecycles?: LifecycleStatus[] };
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
  | CalendarHeatmapQuery
  | ActivationMetricQuery;

/** One line of a trend, of stickiness or of a lifecycle. */
export interface TrendResult {
  label: string;
  /** Empty for a single number, null for that of a formula. */
  data: number[] | null;
  days: (string | number)[];
  labels: string[];
  count: number;
  aggregated_value?: number | null;
  action?: { id?: string | number | null; order?: number; name?: string; custom_name?: string | null } | null;
  breakdown_value?: string | number | (string | number)[] | null;
  compare?: boolean;
  compare_label?: "current" | "previous";
  status?: LifecycleStatus;
}

/** How the numbers of a property are spread in one interval; zeros where there are none. */
export interface Box {
  day: string;
  label: string;
  min: number;
  p25: number;
  median: number;
  p75: number;
  max: number;
  mean: number;
  series_index: number;
  series_label: string;
}

/** Rows are weekdays from Sunday, columns are hours; what nothing happened in is left out. */
export interface HeatmapCells {
  data: { row: number; column: number; value: number }[];
  rowAggregations: { row: number; value: number }[];
  columnAggregations: { column: number; value: number }[];
  allAggregations: number;
}

export interface FunnelStep {
  action_id: string | number | null;
  name: string;
  custom_name?: string | null;
  order: number;
  count: number;
  average_conversion_time: number | null;
  median_conversion_time: number | null;
  breakdown?: string | string[];
  /** Of a cohort its number. */
  breakdown_value?: string | number | string[];
}

export interface TimeToConvert {
  bins: [number, number][];
  average_conversion_time: number | null;
}

export interface RetentionRow {
  date: string;
  label: string;
  values: { count: number; label?: string; aggregation_value?: number | null }[];
  breakdown_value?: TrendResult["breakdown_value"];
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

/** How many of the paths that came to a place ended there. */
export interface PathDropoff {
  node: string;
  value: number;
  came: number;
}
