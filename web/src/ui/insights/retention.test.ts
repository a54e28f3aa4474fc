import { expect, test } from "vitest";
import type { RetentionRow } from "@/api/insights";
import { blocksOf, curvesOf, shareOf, startsOf } from "@/ui/insights/retention";

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
  const { all, cohorts, labels } = curvesOf(
    rows,
    { period: "Day", reference: "total" },
    Date.parse("2026-01-03T12:00:00Z"),
  );
  expect(labels).toEqual(["Day 0", "Day 1", "Day 2"]);
  // Day 1 has begun for the first two, day 2 only for the first.
  expect(all).toEqual([1, 14 / 40, 2 / 10]);
  expect(cohorts.map((cohort) => cohort.row)).toEqual([0, 1]);
  expect(cohorts[1]?.shares).toEqual([1, 0.3, null]);
});

test("columns of several periods begin where those before end", () => {
  expect(startsOf(4, [1, 3, 2])).toEqual([0, 1, 2, 5]);
  expect(startsOf(3)).toEqual([0, 1, 2]);
});

test("shares are of the cohort, or of the column before", () => {
  const one = row("2026-01-01T00:00:00Z", 10, 5, 2);
  expect([0, 1, 2].map((at) => shareOf(one, at, "total"))).toEqual([1, 0.5, 0.2]);
  expect([0, 1, 2].map((at) => shareOf(one, at, "previous"))).toEqual([1, 0.5, 0.4]);
  expect(shareOf(row("2026-01-01T00:00:00Z", 0), 0, "total")).toBeNull();
});

test("rows of a breakdown are a block for each value", () => {
  const rows = ["a", "b"].flatMap((value) =>
    [1, 2].map((n) => ({ ...row(`2026-01-0${n}`, n), breakdown_value: value })),
  );
  expect(blocksOf(rows).map((block) => [block.value, block.rows.length])).toEqual([
    ["a", 2],
    ["b", 2],
  ]);
});
