/** Criteria of a cohort as the editor shows them: any of the groups, all criteria of one. */
import type { Behaviour, CriteriaGroup, Criterion } from "@/api/cohorts";
import type { PropertyFilter } from "@/api/insights";

export interface Group {
  persons: PropertyFilter[];
  events: Behaviour[];
}

export const EMPTY: Group = { persons: [], events: [] };

export const didEvent = (event: string): Behaviour => ({
  type: "behavioral",
  key: event,
  event_type: "events",
  value: "performed_event_multiple",
  operator: "gte",
  operator_value: 1,
  time_value: 30,
  time_interval: "day",
});

const isGroup = (value: Criterion | CriteriaGroup): value is CriteriaGroup => "values" in value;

/** One the editor has fields for. "Did it" without a count becomes "at least once", which is the same. */
function asBehaviour(criterion: Criterion): Behaviour | null {
  if (criterion.type !== "behavioral") return null;
  const behaviour = criterion as Behaviour;
  const { value, time_interval, event_type, event_filters, explicit_datetime } = behaviour;
  const plain = event_type === "events" && time_interval === "day" && !event_filters && !explicit_datetime;
  if (!plain) return null;
  if (value === "performed_event")
    return {
      ...didEvent(String(behaviour.key)),
      ...behaviour,
      value: "performed_event_multiple",
      operator: "gte",
      operator_value: 1,
    };
  return value === "performed_event_multiple" ? behaviour : null;
}

/** The groups of the editor; null when the criteria say more than it has fields for, so that nothing is lost. */
export function groupsOf(criteria: CriteriaGroup | undefined): Group[] | null {
  if (!criteria) return [];
  const nested = criteria.values.some(isGroup);
  const parts: CriteriaGroup[] =
    nested && criteria.type === "OR"
      ? criteria.values.map((value) => (isGroup(value) ? value : { type: "AND", values: [value] }))
      : nested && criteria.values.length === 1
        ? criteria.values.filter(isGroup)
        : !nested && criteria.type === "OR"
          ? criteria.values.map((value) => ({ type: "AND", values: [value] }))
          : [criteria];
  const groups: Group[] = [];
  for (const part of parts) {
    if (part.type !== "AND" && part.values.length > 1) return null;
    const group: Group = { persons: [], events: [] };
    for (const value of part.values) {
      if (isGroup(value)) return null;
      const behaviour = asBehaviour(value);
      if (behaviour) group.events.push(behaviour);
      else if (value.type === "person" && !("negation" in value && value.negation)) {
        group.persons.push(value as PropertyFilter);
      } else return null;
    }
    groups.push(group);
  }
  return groups;
}

export const criteriaOf = (groups: Group[]): CriteriaGroup => ({
  type: "OR",
  values: groups
    .filter((group) => group.persons.length + group.events.length > 0)
    .map((group) => ({ type: "AND", values: [...group.persons, ...group.events] })),
});

/** Pasted ids, one a line or with commas, or a CSV with a heading, as the CSV that the API reads. */
export function csvOf(text: string): string {
  const clean = text.replace(/^\uFEFF/, "").trim();
  const first = clean.split(/\r?\n/, 1)[0] ?? "";
  const heading = first.split(",").map((cell) => cell.trim().replace(/^"|"$/g, "").toLowerCase());
  if (heading.some((cell) => ["distinct_id", "distinct-id", "person_id"].includes(cell))) return clean;
  const ids = clean
    .split(/[\n\r,;\t]+/)
    .map((id) => id.trim())
    .filter(Boolean);
  return ["distinct_id", ...ids.map((id) => `"${id.replaceAll('"', '""')}"`)].join("\n");
}
