/** What a series can count, as the API names it, and what each way needs besides. */
import type { Series } from "@/api/insights";

export interface MathChoice {
  value: string;
  label: string;
}

const NUMBERS: [string, string][] = [
  ["avg", "Average"],
  ["min", "Minimum"],
  ["max", "Maximum"],
  ["median", "Median"],
  ["p75", "75th percentile"],
  ["p90", "90th percentile"],
  ["p95", "95th percentile"],
  ["p99", "99th percentile"],
];

const COUNTS: MathChoice[] = [
  { value: "total", label: "Total count" },
  { value: "dau", label: "Unique users" },
  { value: "weekly_active", label: "Weekly active users" },
  { value: "monthly_active", label: "Monthly active users" },
  { value: "unique_session", label: "Unique sessions" },
  { value: "first_time_for_user", label: "First time users" },
  { value: "first_matching_event_for_user", label: "First time users, of what matches" },
];
const OF_PROPERTY: MathChoice[] = [
  { value: "sum", label: "Sum of property" },
  ...NUMBERS.map(([value, label]) => ({ value, label: `${label} of property` })),
];
const PER_USER: MathChoice[] = NUMBERS.map(([value, label]) => ({
  value: `${value}_count_per_actor`,
  label: `${label} count per user`,
}));
const SQL: MathChoice = { value: "hogql", label: "SQL expression" };
const EVERY_TIME: MathChoice = { value: "total", label: "Every time" };

/** A group type that can be counted. */
export interface Countable {
  index: number;
  name: string;
}

const ofGroups = (groups: Countable[]): MathChoice[] =>
  groups.map(({ index, name }) => ({ value: `unique_group:${index}`, label: `Unique ${name}` }));

export type Counting = "TrendsQuery" | "FunnelsQuery" | "StickinessQuery" | "CalendarHeatmapQuery" | null;

/** The ways to count that a kind of insight has, in groups; none where there is nothing to choose. */
export function mathsOf(kind: Counting, groups: Countable[]): { group: string; items: MathChoice[] }[] {
  switch (kind) {
    case "TrendsQuery":
      return [
        { group: "Counts", items: [...COUNTS, ...ofGroups(groups)] },
        { group: "Numbers of a property", items: OF_PROPERTY },
        { group: "Count per user", items: PER_USER },
        { group: "SQL", items: [SQL] },
      ];
    case "FunnelsQuery":
      return [
        {
          group: "Which events count",
          items: [
            EVERY_TIME,
            { value: "first_time_for_user", label: "First time ever" },
            { value: "first_time_for_user_with_filters", label: "First time that matches" },
          ],
        },
      ];
    case "CalendarHeatmapQuery":
      return [
        { group: "Counts", items: [...COUNTS.filter(({ value }) => isOfHours({ math: value })), ...ofGroups(groups)] },
      ];
    case "StickinessQuery":
      return [
        { group: "Who counts", items: [{ value: "total", label: "Unique users" }, ...ofGroups(groups)] },
        { group: "SQL", items: [SQL] },
      ];
    default:
      return [];
  }
}

const OF_HOURS = ["total", "dau", "unique_session", "unique_group"];

/** Whether weekdays and hours can be counted in the way of this series. */
export const isOfHours = ({ math = "total" }: { math?: string }): boolean => OF_HOURS.includes(math);

/** The choice that a series has now. */
export const mathOf = ({ math, math_group_type_index: index }: Series): string =>
  math === "unique_group" ? `unique_group:${index ?? 0}` : (math ?? "total");

/** A series that counts in another way; what only the old one needed goes. */
export function withMath(series: Series, choice: string): Series {
  const { math: _, math_property, math_property_type, math_hogql, math_group_type_index: __, ...rest } = series;
  const [math, index] = choice.split(":");
  return {
    ...rest,
    ...(math === "total" ? {} : { math }),
    ...(index === undefined ? {} : { math_group_type_index: Number(index) }),
    ...(needsProperty(math) ? { math_property, math_property_type } : {}),
    ...(math === "hogql" ? { math_hogql } : {}),
  };
}

export const needsProperty = (math: string | undefined) => OF_PROPERTY.some((known) => known.value === math);

/** What a series still lacks before it can be asked for. */
export function lacks(series: Series): string | null {
  if (needsProperty(series.math) && !series.math_property) return "Choose the property to calculate with.";
  if (series.math === "hogql" && !series.math_hogql) return "Write the SQL expression to calculate with.";
  return null;
}
