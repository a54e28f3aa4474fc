import { expect, test } from "vitest";
import type { CriteriaGroup } from "@/api/cohorts";
import { criteriaOf, csvOf, didEvent, groupsOf } from "@/features/cohorts/criteria";

const plan = { key: "plan", type: "person" as const, operator: "exact" as const, value: ["pro"] };

test("groups survive the way there and back", () => {
  const groups = [
    { persons: [plan], events: [didEvent("order paid")] },
    { persons: [], events: [{ ...didEvent("a"), negation: true }] },
  ];
  expect(groupsOf(criteriaOf(groups))).toEqual(groups);
});

test("single criteria side by side become groups of one", () => {
  expect(groupsOf({ type: "OR", values: [plan, plan] })).toHaveLength(2);
  expect(groupsOf({ type: "AND", values: [plan, plan] })).toHaveLength(1);
});

test("what the editor has no fields for is not taken apart", () => {
  const either: CriteriaGroup = { type: "OR", values: [{ type: "OR", values: [plan, plan] }] };
  expect(groupsOf(either)).toBeNull();
  expect(groupsOf({ type: "AND", values: [{ ...didEvent("a"), value: "performed_event_first_time" }] })).toBeNull();
  expect(groupsOf({ type: "AND", values: [{ ...didEvent("a"), time_interval: "week" }] })).toBeNull();
  expect(groupsOf({ type: "AND", values: [{ ...plan, negation: true }] })).toBeNull();
});

test("pasted ids become a CSV, one that has a heading stays", () => {
  expect(csvOf('a, b\nc "d"')).toBe('distinct_id\n"a"\n"b"\n"c ""d"""');
  expect(csvOf("email,distinct_id\nx@y.z,a")).toBe("email,distinct_id\nx@y.z,a");
});
