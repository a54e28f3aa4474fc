/** Criteria of a cohort as the form shows them: a tree of groups, whose leaves are what persons are, or did. */
import type { Behaviour, CriteriaGroup, Criterion } from "@/api/cohorts";
import type { Operator, PropertyFilter } from "@/api/insights";

export const EMPTY: CriteriaGroup = { type: "AND", values: [] };

/** How something was done. The names are the API's own. */
export const FORMS = [
  { value: "performed_event", label: "at all" },
  { value: "performed_event_multiple", label: "so many times" },
  { value: "performed_event_first_time", label: "for the first time" },
  { value: "performed_event_regularly", label: "regularly" },
  { value: "performed_event_sequence", label: "and then another" },
  { value: "stopped_performing_event", label: "and stopped" },
  { value: "restarted_performing_event", label: "and started again" },
] as const;

export type Form = (typeof FORMS)[number]["value"];

/** What each form needs beside the event and the span; what is absent is filled in with these. */
const NEEDS: Record<Form, Partial<Behaviour>> = {
  performed_event: {},
  performed_event_multiple: { operator: "gte", operator_value: 2 },
  performed_event_first_time: {},
  performed_event_regularly: {
    operator: "gte",
    operator_value: 1,
    time_value: 1,
    time_interval: "week",
    min_periods: 3,
    total_periods: 4,
  },
  performed_event_sequence: { seq_event_type: "events", seq_time_value: 7, seq_time_interval: "day" },
  stopped_performing_event: { seq_time_value: 7, seq_time_interval: "day" },
  restarted_performing_event: { seq_time_value: 7, seq_time_interval: "day" },
};
const EXTRA = new Set(Object.values(NEEDS).flatMap((needs) => Object.keys(needs)));
const SPAN = { time_value: 30, time_interval: "day" };

export const didEvent = (key: string | number, event_type: Behaviour["event_type"] = "events"): Behaviour => ({
  type: "behavioral",
  key,
  event_type,
  value: "performed_event",
  ...SPAN,
});

/** The same event, done in another way. A span that says how long ago stays; "regularly" counts in its own. */
export function inForm(behaviour: Behaviour, form: Form): Behaviour {
  const rest = Object.fromEntries(
    Object.entries(behaviour).filter(([name]) => !EXTRA.has(name) && !name.startsWith("seq_")),
  );
  const regular = form === "performed_event_regularly" || behaviour.value === "performed_event_regularly";
  const { time_value, time_interval } = regular ? SPAN : { ...SPAN, ...behaviour };
  const span = rest.explicit_datetime && !regular ? {} : { time_value, time_interval };
  if (regular) {
    delete rest.explicit_datetime;
    delete rest.explicit_datetime_to;
  }
  return { ...(rest as unknown as Behaviour), ...span, ...NEEDS[form], value: form };
}

export const formOf = ({ value }: Behaviour): Form | null => FORMS.find((form) => form.value === value)?.value ?? null;

/** What is missing before this can be saved; null when nothing is. */
export function lacks(group: CriteriaGroup): string | null {
  for (const value of group.values) {
    if (isGroup(value)) {
      const found = lacks(value);
      if (found) return found;
    } else if (isBehaviour(value)) {
      if (value.value === "performed_event_sequence" && !value.seq_event) return "Say which event comes then.";
      if (value.explicit_datetime === "" || value.explicit_datetime_to === "") return "Say from and until when.";
    }
  }
  return null;
}

export const isGroup = (value: Criterion | CriteriaGroup): value is CriteriaGroup => "values" in value;
export const isBehaviour = (value: Criterion): value is Behaviour => value.type === "behavioral";

export const groupsOf = ({ values }: CriteriaGroup): CriteriaGroup[] => values.filter(isGroup);
export const behavioursOf = ({ values }: CriteriaGroup): Behaviour[] =>
  values.filter((value): value is Behaviour => !isGroup(value) && isBehaviour(value));
export const filtersOf = ({ values }: CriteriaGroup): PropertyFilter[] =>
  values.filter((value): value is PropertyFilter => !isGroup(value) && !isBehaviour(value));

const OPPOSITES: [Operator, Operator][] = [
  ["exact", "is_not"],
  ["icontains", "not_icontains"],
  ["icontains_multi", "not_icontains_multi"],
  ["regex", "not_regex"],
  ["between", "not_between"],
  ["is_set", "is_not_set"],
  ["in", "not_in"],
];

/** A negated filter by the operator that says the same, where there is one. */
function plain(filter: PropertyFilter): PropertyFilter {
  if (!filter.negation) return filter;
  const operator = filter.operator ?? (filter.type === "cohort" ? "in" : "exact");
  const pair = OPPOSITES.find((both) => both.includes(operator));
  if (!pair) return filter;
  const { negation: _, ...rest } = filter;
  return { ...rest, operator: operator === pair[0] ? pair[1] : pair[0] };
}

/** Stored criteria as the form takes them. The outermost group always holds groups; no criterion is changed or lost. */
export function asTree(stored: CriteriaGroup | undefined): CriteriaGroup {
  if (!stored || stored.values.length === 0) return { type: "OR", values: [EMPTY] };
  const read = (group: CriteriaGroup): CriteriaGroup => ({
    type: String(group.type ?? "AND").toUpperCase() === "OR" ? "OR" : "AND",
    values: group.values.map((value) => (isGroup(value) ? read(value) : isBehaviour(value) ? value : plain(value))),
  });
  const tree = read(stored);
  return tree.values.every(isGroup) ? tree : { type: "OR", values: [tree] };
}

/** What is sent: the tree without groups of nothing, which the API refuses. */
export function criteriaOf(group: CriteriaGroup): CriteriaGroup {
  const values = group.values
    .map((value) => (isGroup(value) ? criteriaOf(value) : value))
    .filter((value) => !isGroup(value) || value.values.length > 0);
  return { type: group.type, values };
}

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
