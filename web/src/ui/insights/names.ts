/** How lines of an answer are called. */
import type { FunnelStep, LifecycleStatus, Series, TrendResult } from "@/api/insights";
import type { SavedInsight } from "@/api/saved";
import { formatValue } from "@/ui/format";

const NULL_BREAKDOWN = "$$_posthog_breakdown_null_$$";
const OTHER_BREAKDOWN = "$$_posthog_breakdown_other_$$";

const NO_BIN = '["",""]';

export function breakdownName(value: TrendResult["breakdown_value"]): string {
  if (Array.isArray(value)) return value.map(breakdownName).join(" · ");
  if (value === NULL_BREAKDOWN) return "None";
  if (value === OTHER_BREAKDOWN) return "Other";
  if (value === "" || value === NO_BIN) return "None";
  const bin = typeof value === "string" ? /^\[(-?[\d.]+),(-?[\d.]+)\]$/.exec(value) : null;
  return bin ? `${bin[1]} – ${bin[2]}` : formatValue(value);
}

/** The breakdown's value that a funnel is of; of a cohort only the name is told beside its number. */
export const stepsName = (step: FunnelStep | undefined): string =>
  breakdownName(typeof step?.breakdown_value === "number" ? step.breakdown : step?.breakdown_value);

export const seriesName = (series: Series): string => {
  if (series.custom_name) return series.custom_name;
  if (series.kind === "GroupNode") return (series.nodes ?? []).map(seriesName).join(" or ");
  return series.name || (series.event ?? (series.kind === "ActionsNode" ? `Action ${series.id}` : "All events"));
};

export const letter = (at: number): string => String.fromCharCode(65 + at);

/**
 * A bucket's name in the viewer's locale. The API names days `2026-01-31`, hours `2026-01-31 12:00:00` and, of months,
 * only the label tells that they are months.
 */
export function bucketName(line: Pick<TrendResult, "days" | "labels">, at: number): string {
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

export const STATUSES: Record<LifecycleStatus, string> = {
  new: "New",
  returning: "Returning",
  resurrecting: "Resurrecting",
  dormant: "Dormant",
};

/** Whether lines are of several series, or of several formulas: then a breakdown's value alone does not name them. */
export const manySeries = (lines: TrendResult[]): boolean =>
  new Set(lines.map((line) => (line.action ? line.action.order : line.label))).size > 1;

/** A line's name: the series, its breakdown value, and which period it is of. */
export function lineName(line: TrendResult, manySeries: boolean): string {
  if (line.status) return STATUSES[line.status];
  const event = line.action?.custom_name || line.action?.name || line.label;
  const parts: string[] = [];
  const { breakdown_value: value } = line;
  if (typeof value === "number" || value === "all") {
    parts.push(line.label); // cohorts: only the label has their names
  } else if (value !== undefined && value !== null) {
    if (manySeries) parts.push(event);
    parts.push(breakdownName(value));
  } else {
    parts.push(line.action ? event : line.label);
  }
  if (line.compare_label === "previous") parts.push("previous period");
  return parts.join(" · ");
}

export const insightName = (insight: SavedInsight): string => insight.name || insight.derived_name || "Untitled";
