import { expect, test } from "vitest";
import type { RetentionRow } from "@/api/insights";
import { curvesOf } from "@/ui/insights/retention";

const row = (date: string, ...counts: number[]): RetentionRow => ({
  date,
  label: date,
  values: counts.map((count) => ({ count })),
});

test("intervals to come count for nobody", () => {
  const rows = [
    row("2026-01-01T00:00:00Z", 10, 5, 2),
    row("2026-01-02T00:00:00Z", 30, 9, 0),
    row("2026-01-03T00:00:00Z", 0, 0, 0),
  ];
  const { all, cohorts, labels } = curvesOf(rows, "Day", Date.parse("2026-01-03T12:00:00Z"));
  expect(labels).toEqual(["Day 0", "Day 1", "Day 2"]);
  // Day 1 has begun for the first two, day 2 only for the first.
  expect(all).toEqual([1, 14 / 40, 2 / 10]);
  expect(cohorts.map((cohort) => cohort.row)).toEqual([0, 1]);
  expect(cohorts[1]?.shares).toEqual([1, 0.3, null]);
});
