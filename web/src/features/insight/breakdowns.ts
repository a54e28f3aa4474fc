/** A breakdown as a list of things to break down by, in both forms in which the API writes it. */
import type { Breakdown, BreakdownFilter, BreakdownType } from "@/api/insights";
import type { PickedProperty } from "@/ui/pickers/usePropertyChoices";

export const MOST_BREAKDOWNS = 3; // the API's limit
export const ALL_USERS = "all";

/** What a question is broken down by, in order. Cohorts are items of their own, each with its number. */
export function breakdownsOf(filter: BreakdownFilter | undefined): Breakdown[] {
  if (filter?.breakdowns?.length) return filter.breakdowns;
  const { breakdown, breakdown_type: type } = filter ?? {};
  if (breakdown === null || breakdown === undefined || breakdown === "") return [];
  const keys = Array.isArray(breakdown) ? breakdown : [breakdown];
  return keys.map((property) => ({
    property,
    type: type ?? "event",
    ...kept("group_type_index", filter?.breakdown_group_type_index),
    ...kept("histogram_bin_count", filter?.breakdown_histogram_bin_count),
    ...kept("normalize_url", filter?.breakdown_normalize_url),
  }));
}

/** The filter of a list, with the limits of the old one. One property is written in the form with plain values. */
export function withBreakdowns(old: BreakdownFilter | undefined, list: Breakdown[]): BreakdownFilter | undefined {
  const [first] = list;
  if (!first) return undefined;
  const limits = {
    ...kept("breakdown_limit", old?.breakdown_limit),
    ...kept("breakdown_hide_other_aggregation", old?.breakdown_hide_other_aggregation),
  };
  if (first.type === "cohort") {
    return { ...limits, breakdown: list.map((one) => one.property), breakdown_type: "cohort" };
  }
  if (list.length > 1) return { ...limits, breakdowns: list };
  return {
    ...limits,
    breakdown: first.property,
    breakdown_type: first.type ?? "event",
    ...kept("breakdown_group_type_index", first.group_type_index),
    ...kept("breakdown_histogram_bin_count", first.histogram_bin_count),
    ...kept("breakdown_normalize_url", first.normalize_url),
  };
}

/** One more. Cohorts and properties do not go together, so the first of a kind takes the place of the others. */
export function withAnother(list: Breakdown[], { owner, key, groupTypeIndex }: PickedProperty): Breakdown[] {
  const isCohort = owner === "cohort";
  const same = list.filter((one) => (one.type === "cohort") === isCohort);
  const added: Breakdown = isCohort
    ? { property: key === ALL_USERS ? key : Number(key), type: "cohort" }
    : // Elements are not offered here: there is no breakdown by them.
      { property: key, type: owner as BreakdownType, ...kept("group_type_index", groupTypeIndex) };
  if (same.some((one) => one.property === added.property && one.type === added.type)) return same;
  return isCohort ? [...same, added] : [...same, added].slice(-MOST_BREAKDOWNS);
}

const kept = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [name in Name]?: Value };
