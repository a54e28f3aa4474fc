import { expect, test } from "vitest";
import type { CriteriaGroup } from "@/api/cohorts";
import { asTree, criteriaOf, csvOf, didEvent, FORMS, inForm, lacks } from "@/features/cohorts/criteria";

const plan = { key: "plan", type: "person" as const, operator: "exact" as const, value: ["pro"] };

test("criteria survive the way there and back", () => {
  const nested: CriteriaGroup = {
    type: "AND",
    values: [
      { type: "OR", values: [plan, { ...didEvent("a"), negation: true }] },
      { type: "AND", values: [didEvent(7, "actions"), { type: "OR", values: [plan, plan] }] },
    ],
  };
  expect(criteriaOf(asTree(nested))).toEqual(nested);
});

test("a single list becomes one group, groups of nothing are not sent", () => {
  const list: CriteriaGroup = { type: "AND", values: [plan, plan] };
  expect(asTree(list)).toEqual({ type: "OR", values: [list] });
  expect(criteriaOf(asTree(undefined)).values).toEqual([]);
});

test("a negated filter is shown by its opposite, where it has one", () => {
  const read = (filter: object) => asTree({ type: "AND", values: [{ ...plan, ...filter }] }).values[0];
  const only = (filter: object) => ({ type: "AND", values: [{ ...plan, ...filter }] });
  expect(read({ negation: true })).toEqual(only({ operator: "is_not" }));
  expect(read({ operator: "not_between", negation: true })).toEqual(only({ operator: "between" }));
  expect(read({ operator: "gt", negation: true })).toEqual(only({ operator: "gt", negation: true }));
  expect(read({ key: "id", type: "cohort", operator: undefined, value: 3, negation: true })).toEqual(
    only({ key: "id", type: "cohort", operator: "not_in", value: 3 }),
  );
});

test("every form has what the API needs, and nothing of the form before", () => {
  for (const { value } of FORMS) {
    const made = inForm({ ...didEvent("a"), event_filters: [plan], negation: true }, value);
    expect(made).toMatchObject({ key: "a", value, event_filters: [plan], negation: true });
    expect(made.time_value).toBeGreaterThan(0);
    expect(inForm(made, "performed_event")).toEqual({ ...didEvent("a"), event_filters: [plan], negation: true });
  }
  const since = { ...didEvent("a"), explicit_datetime: "2026-01-01", time_value: undefined, time_interval: undefined };
  expect(inForm(since, "stopped_performing_event")).toMatchObject({
    explicit_datetime: "2026-01-01",
    seq_time_value: 7,
  });
  expect(inForm(since, "performed_event_regularly").explicit_datetime).toBeUndefined();
});

test("what is not complete is told", () => {
  const within = (value: object): CriteriaGroup => asTree({ type: "AND", values: [{ ...didEvent("a"), ...value }] });
  expect(lacks(within({}))).toBeNull();
  expect(lacks(within(inForm(didEvent("a"), "performed_event_sequence")))).toMatch(/comes then/);
  expect(lacks(within({ explicit_datetime: "" }))).toMatch(/from and until/);
});

test("pasted ids become a CSV, one that has a heading stays", () => {
  expect(csvOf('a, b\nc "d"')).toBe('distinct_id\n"a"\n"b"\n"c ""d"""');
  expect(csvOf("email,distinct_id\nx@y.z,a")).toBe("email,distinct_id\nx@y.z,a");
});
