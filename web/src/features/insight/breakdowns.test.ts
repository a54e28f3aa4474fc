import { expect, test } from "vitest";
import type { BreakdownFilter } from "@/api/insights";
import { breakdownsOf, withAnother, withBreakdowns } from "@/features/insight/breakdowns";

const FILTERS: BreakdownFilter[] = [
  { breakdown: "$browser", breakdown_type: "event" },
  { breakdown: "plan", breakdown_type: "group", breakdown_group_type_index: 1, breakdown_limit: 5 },
  { breakdown: "amount", breakdown_type: "event", breakdown_histogram_bin_count: 10 },
  { breakdown: [3, "all"], breakdown_type: "cohort" },
  {
    breakdown_hide_other_aggregation: true,
    breakdowns: [
      { property: "$os", type: "event" },
      { property: "email", type: "person" },
    ],
  },
];

test.each(FILTERS)("%j is the same after it was read", (filter) => {
  expect(withBreakdowns(filter, breakdownsOf(filter))).toEqual(filter);
});

test("one of several is written in the form with plain values", () => {
  const several = breakdownsOf(FILTERS[4]);
  expect(withBreakdowns(undefined, several.slice(0, 1))).toEqual({ breakdown: "$os", breakdown_type: "event" });
  expect(withBreakdowns(FILTERS[4], [])).toBeUndefined();
});

test("cohorts and properties do not go together", () => {
  const property = withAnother([], { owner: "event", key: "$os", type: null });
  const cohort = withAnother(property, { owner: "cohort", key: "3", type: null });
  expect(cohort).toEqual([{ property: 3, type: "cohort" }]);
  expect(withAnother(cohort, { owner: "cohort", key: "3", type: null })).toEqual(cohort);
  expect(withAnother(cohort, { owner: "session", key: "$channel_type", type: null })).toEqual([
    { property: "$channel_type", type: "session" },
  ]);
});
