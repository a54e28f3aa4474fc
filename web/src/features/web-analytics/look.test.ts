import { expect, test } from "vitest";
import { intervalOf, webQuery } from "@/features/web-analytics/look";

test.each([
  [{ date_from: "-24h" }, "hour"],
  [{ date_from: "dStart" }, "hour"],
  [{ date_from: "-1dStart", date_to: "-1dEnd" }, "hour"],
  [{ date_from: "-7d" }, "day"],
  [{ date_from: "-90d" }, "day"],
  [{ date_from: "-180d" }, "week"],
  [{ date_from: "all" }, "week"],
  [{ date_from: "2026-01-01", date_to: "2026-01-02" }, "hour"],
  [{ date_from: "2026-01-01", date_to: "2026-02-02" }, "day"],
  [{ date_from: "2025-01-01", date_to: "2026-02-02" }, "week"],
])("%j is charted by %s", (range, interval) => {
  expect(intervalOf(range)).toBe(interval);
});

test("paths are cleaned where that is asked", () => {
  expect(webQuery("Q", { range: {}, filters: [] })).not.toHaveProperty("doPathCleaning");
  expect(webQuery("Q", { range: {}, filters: [], clean: true })).toHaveProperty("doPathCleaning", true);
});

test("a goal is an action or an event", () => {
  const look = { range: {}, filters: [] };
  expect(webQuery("Q", look)).not.toHaveProperty("conversionGoal");
  expect(webQuery("Q", { ...look, goal: { name: "A", actionId: 3 } })).toMatchObject({
    conversionGoal: { actionId: 3 },
  });
  expect(webQuery("Q", { ...look, goal: { name: "paid", event: "paid" } })).toMatchObject({
    conversionGoal: { customEventName: "paid" },
  });
});
