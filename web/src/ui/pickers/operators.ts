/** The comparisons of property filters: what they are called, what they take, and where they fit. */
import type { Operator, PropertyFilter } from "@/api/insights";
import { formatValue } from "@/ui/format";
import { dateInWords } from "@/ui/pickers/filterDate";

type Named = { value: Operator; label: string };

const EQUALITY: Named[] = [
  { value: "exact", label: "is" },
  { value: "is_not", label: "is not" },
];
const TEXT: Named[] = [
  { value: "icontains", label: "contains" },
  { value: "not_icontains", label: "does not contain" },
  { value: "icontains_multi", label: "contains any of" },
  { value: "not_icontains_multi", label: "contains none of" },
  { value: "regex", label: "matches pattern" },
  { value: "not_regex", label: "does not match pattern" },
  { value: "is_cleaned_path_exact", label: "is, as a cleaned path" },
];
const NUMBERS: Named[] = [
  { value: "gt", label: "greater than" },
  { value: "gte", label: "at least" },
  { value: "lt", label: "less than" },
  { value: "lte", label: "at most" },
  { value: "between", label: "between" },
  { value: "not_between", label: "not between" },
];
const DATES: Named[] = [
  { value: "is_date_after", label: "after" },
  { value: "is_date_before", label: "before" },
  { value: "is_date_exact", label: "on the day" },
];
const VERSIONS: Named[] = [
  { value: "semver_eq", label: "is version" },
  { value: "semver_neq", label: "is not version" },
  { value: "semver_gt", label: "version after" },
  { value: "semver_gte", label: "version or later" },
  { value: "semver_lt", label: "version before" },
  { value: "semver_lte", label: "version or earlier" },
  { value: "semver_tilde", label: "version ~ (same minor)" },
  { value: "semver_caret", label: "version ^ (compatible)" },
  { value: "semver_wildcard", label: "version like 1.2.*" },
];
const PRESENCE: Named[] = [
  { value: "is_set", label: "is set" },
  { value: "is_not_set", label: "is not set" },
];

export const OF_COHORTS: Named[] = [
  { value: "in", label: "in cohort" },
  { value: "not_in", label: "not in cohort" },
];

const WORDS = new Map<Operator, string>(
  [...EQUALITY, ...TEXT, ...NUMBERS, ...DATES, ...VERSIONS, ...PRESENCE, ...OF_COHORTS].map(({ value, label }) => [
    value,
    label,
  ]),
)
  // PostHog's older names of "at least" and "at most".
  .set("min", "at least")
  .set("max", "at most");

const GROUPS: { group: string; items: Named[] }[] = [
  { group: "Text", items: TEXT },
  { group: "Numbers", items: NUMBERS },
  { group: "Dates", items: DATES },
  { group: "Versions", items: VERSIONS },
];
const FIRST: Record<string, string> = { Numeric: "Numbers", Duration: "Numbers", DateTime: "Dates" };

/**
 * What a filter can ask of its property, what fits the property's type first. Types are learnt and can be wrong, so
 * nothing is left out for them; of an element's selector and tag the server can only say whether it is the same.
 */
export function operatorsFor(filter: PropertyFilter, type: string | null): { group: string; items: Named[] }[] {
  if (filter.type === "element" && (filter.key === "selector" || filter.key === "tag_name"))
    return [{ group: "Is it", items: EQUALITY }];
  const first = FIRST[type ?? ""] ?? "Text";
  const rest = [...GROUPS].sort((a, b) => Number(b.group === first) - Number(a.group === first));
  return [{ group: "Is it", items: [...EQUALITY, ...PRESENCE] }, ...rest];
}

export const takesValue = (operator: Operator | undefined) => operator !== "is_set" && operator !== "is_not_set";
export const takesRange = (operator: Operator | undefined) => operator === "between" || operator === "not_between";
export const takesVersion = (operator: Operator | undefined) => operator?.startsWith("semver_") ?? false;
export const takesDate = (operator: Operator | undefined) => operator?.startsWith("is_date_") ?? false;
const ORDERED: (Operator | undefined)[] = ["gt", "gte", "lt", "lte", "min", "max"];
export const takesOrdered = (operator: Operator | undefined) => ORDERED.includes(operator);
const LISTS: (Operator | undefined)[] = [undefined, "exact", "is_not", "icontains_multi", "not_icontains_multi"];
export const takesMany = (operator: Operator | undefined) => LISTS.includes(operator);

/** The values of a filter, as texts. */
export const textsOf = ({ value }: PropertyFilter): string[] =>
  Array.isArray(value)
    ? value.map(String)
    : value === undefined || value === null || value === ""
      ? []
      : [String(value)];

/** The filter with another operator; as much of its value stays as the new one can take. */
export function withOperator(filter: PropertyFilter, operator: Operator): PropertyFilter {
  const { value: _, ...rest } = filter;
  const texts = textsOf(filter);
  if (!takesValue(operator)) return { ...rest, operator };
  if (takesRange(operator))
    return { ...rest, operator, value: takesRange(filter.operator) ? filter.value : texts.slice(0, 1) };
  return { ...rest, operator, value: takesMany(operator) ? texts : (texts[0] ?? "") };
}

const VERSION = /^\s*v?\d+(\.\d+)*([-+].*)?\s*$/i;
const WILDCARD = /^\s*v?\d+(\.\d+)*(\.\*)?\s*$/i;
const isNumber = (text: string) => text.trim() !== "" && Number.isFinite(Number(text));

/** Whether there is nothing yet to compare with. */
export const isUnfinished = (filter: PropertyFilter): boolean =>
  filter.type !== "hogql" &&
  takesValue(filter.operator) &&
  textsOf(filter).filter((text) => text !== "").length < (takesRange(filter.operator) ? 2 : 1);

/** Why a value cannot be used; null where it can, or where there is none yet. */
export function problemOf(filter: PropertyFilter): string | null {
  const texts = textsOf(filter);
  const [first = "", second = ""] = texts;
  if (isUnfinished(filter)) return null;
  if (takesRange(filter.operator)) {
    if (!isNumber(first) || !isNumber(second)) return "Both ends are numbers.";
    return Number(first) > Number(second) ? "The lower number comes first." : null;
  }
  if (takesVersion(filter.operator)) {
    const form = filter.operator === "semver_wildcard" ? WILDCARD : VERSION;
    return form.test(first) ? null : "A version is like 1.2.3.";
  }
  return null;
}

/** A filter in words: `$browser is Chrome or Firefox`. */
export function filterInWords(filter: PropertyFilter): string {
  const not = filter.negation ? "not: " : "";
  if (filter.type === "hogql") return filter.key;
  if (filter.type === "cohort") {
    const inside = (filter.operator === "not_in") === Boolean(filter.negation);
    return `${inside ? "in" : "not in"} cohort ${filter.cohort_name || formatValue(filter.value)}`;
  }
  const operator = WORDS.get(filter.operator ?? "exact") ?? filter.operator;
  if (!takesValue(filter.operator)) return `${not}${filter.key} ${operator}`;
  const texts = textsOf(filter).map(takesDate(filter.operator) ? dateInWords : formatValue);
  return `${not}${filter.key} ${operator} ${texts.join(takesRange(filter.operator) ? " and " : " or ") || "…"}`;
}
