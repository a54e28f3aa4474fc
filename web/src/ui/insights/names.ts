/** How lines of an answer are called. */
import type { Series, TrendResult } from "@/api/insights";
import type { SavedInsight } from "@/api/saved";
import { formatValue } from "@/ui/format";

const NULL_BREAKDOWN = "$$_posthog_breakdown_null_$$";
const OTHER_BREAKDOWN = "$$_posthog_breakdown_other_$$";

export function breakdownName(value: TrendResult["breakdown_value"]): string {
  if (Array.isArray(value)) return value.map(breakdownName).join(" · ");
  if (value === NULL_BREAKDOWN) return "None";
  if (value === OTHER_BREAKDOWN) return "Other";
  return formatValue(value);
}

export const MATHS: { value: string; label: string; property?: boolean }[] = [
  { value: "total", label: "Total count" },
  { value: "dau", label: "Unique users" },
  { value: "weekly_active", label: "Weekly active users" },
  { value: "monthly_active", label: "Monthly active users" },
  { value: "unique_session", label: "Unique sessions" },
  { value: "first_time_for_user", label: "First time users" },
  { value: "avg_count_per_actor", label: "Average count per user" },
  { value: "max_count_per_actor", label: "Maximum count per user" },
  { value: "sum", label: "Sum of property", property: true },
  { value: "avg", label: "Average of property", property: true },
  { value: "min", label: "Minimum of property", property: true },
  { value: "max", label: "Maximum of property", property: true },
  { value: "median", label: "Median of property", property: true },
  { value: "p90", label: "90th percentile of property", property: true },
  { value: "p95", label: "95th percentile of property", property: true },
  { value: "p99", label: "99th percentile of property", property: true },
];

export const needsProperty = (math: string | undefined) =>
  MATHS.find((known) => known.value === math)?.property === true;

export const seriesName = (series: Series): string =>
  series.custom_name ||
  series.name ||
  (series.event ?? (series.kind === "ActionsNode" ? `Action ${series.id}` : "All events"));

export const letter = (at: number): string => String.fromCharCode(65 + at);

/**
 * A bucket's name in the viewer's locale. The API names days `2026-01-31`, hours `2026-01-31 12:00:00` and, of months,
 * only the label tells that they are months.
 */
export function bucketName(line: TrendResult, at: number): string {
  const label = line.labels[at] ?? "";
  const found = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d))?/.exec(String(line.days[at] ?? ""));
  if (!found) return label;
  // Days are of the project's zone already; UTC here keeps them from moving.
  const time = new Date(`${found[1]}T${found[2] ?? "00:00"}:00Z`);
  const form: Intl.DateTimeFormatOptions = found[2]
    ? { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }
    : /^[A-Z][a-z]{2} \d{4}$/.test(label)
      ? { month: "short", year: "numeric" }
      : { weekday: "short", day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(undefined, { ...form, timeZone: "UTC" }).format(time);
}

const STATUS = { new: "New", returning: "Returning", resurrecting: "Resurrecting", dormant: "Dormant" };

/** A line's name: the series, its breakdown value, and which period it is of. */
export function lineName(line: TrendResult, manySeries: boolean): string {
  if (line.status) return STATUS[line.status];
  const event = line.action?.custom_name || line.action?.name || line.label;
  const parts: string[] = [];
  if (line.breakdown_value !== undefined && line.breakdown_value !== null) {
    if (manySeries) parts.push(event);
    parts.push(breakdownName(line.breakdown_value));
  } else {
    parts.push(line.action ? event : line.label);
  }
  if (line.compare_label === "previous") parts.push("previous period");
  return parts.join(" · ");
}

export const insightName = (insight: SavedInsight): string => insight.name || insight.derived_name || "Untitled";
