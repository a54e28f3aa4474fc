import type { Operator, PropertyFilter } from "@/api/insights";
import { formatValue } from "@/ui/format";

export const OPERATORS: { value: Operator; label: string }[] = [
  { value: "exact", label: "is" },
  { value: "is_not", label: "is not" },
  { value: "icontains", label: "contains" },
  { value: "not_icontains", label: "does not contain" },
  { value: "regex", label: "matches pattern" },
  { value: "not_regex", label: "does not match pattern" },
  { value: "gt", label: "greater than" },
  { value: "gte", label: "at least" },
  { value: "lt", label: "less than" },
  { value: "lte", label: "at most" },
  { value: "is_date_after", label: "after" },
  { value: "is_date_before", label: "before" },
  { value: "is_date_exact", label: "on the day" },
  { value: "is_set", label: "is set" },
  { value: "is_not_set", label: "is not set" },
];

export const OF_COHORTS: { value: Operator; label: string }[] = [
  { value: "in", label: "in cohort" },
  { value: "not_in", label: "not in cohort" },
];

export const takesValue = (operator: Operator | undefined) => operator !== "is_set" && operator !== "is_not_set";
export const takesMany = (operator: Operator | undefined) => operator === "exact" || operator === "is_not" || !operator;

/** A filter in words: `$browser is Chrome or Firefox`. */
export function filterInWords(filter: PropertyFilter): string {
  if (filter.type === "hogql") return filter.key;
  if (filter.type === "cohort") {
    return `${filter.operator === "not_in" ? "not in" : "in"} cohort ${filter.cohort_name || formatValue(filter.value)}`;
  }
  const operator = OPERATORS.find((known) => known.value === (filter.operator ?? "exact"))?.label ?? filter.operator;
  if (!takesValue(filter.operator)) return `${filter.key} ${operator}`;
  const value = Array.isArray(filter.value) ? filter.value.map(formatValue).join(" or ") : formatValue(filter.value);
  return `${filter.key} ${operator} ${value === "" ? "…" : value}`;
}
