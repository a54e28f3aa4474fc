import { expect, test } from "vitest";
import type { FunnelsQuery } from "@/api/insights";
import { partsOf, pathsAround, stepChoices, withRange, withStep } from "@/features/insight/funnelPaths";

const funnel: FunnelsQuery = {
  kind: "FunnelsQuery",
  series: ["seen", "signed up"].map((event) => ({ kind: "EventsNode", event, name: event })),
  dateRange: { date_from: "-30d" },
  filterTestAccounts: true,
};

test("paths around a step are about the funnel's people and its range, also when that changes", () => {
  const paths = pathsAround(funnel, 2, "funnel_path_between_steps");
  expect(paths).toMatchObject({ dateRange: funnel.dateRange, filterTestAccounts: true });
  const later = withRange(paths, { date_from: "-7d" });
  expect(later).toMatchObject({
    dateRange: { date_from: "-7d" },
    funnelPathsFilter: { funnelSource: { ...funnel, dateRange: { date_from: "-7d" } } },
  });
});

test("another range is without intervals that are not over, too", () => {
  const range = { date_from: "-30d", excludeIncompletePeriods: true };
  const later = withRange({ kind: "TrendsQuery", series: [], dateRange: range }, { date_from: "-7d" });
  expect(later.dateRange).toEqual({ date_from: "-7d", excludeIncompletePeriods: true });
});

test("nothing lies between the first step and one before, or where people dropped off", () => {
  expect(stepChoices(funnel).map((one) => one.value)).toEqual(["1", "2", "-2"]);
  const paths = pathsAround(funnel, 2, "funnel_path_between_steps").funnelPathsFilter;
  if (!paths) throw new Error("no paths");
  expect(withStep(paths, -2).funnelPathType).toBe("funnel_path_before_step");
  expect(withStep(paths, 1).funnelPathType).toBe("funnel_path_before_step");
  expect(partsOf(2)).toContain("funnel_path_between_steps");
});
