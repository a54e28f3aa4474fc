import { expect, test } from "vitest";
import type { TrendResult } from "@/api/insights";
import { volumeInWords, volumeQuestion, volumesOf, volumesQuestion } from "@/features/definitions/volume";

test("each list asks of its own kind", () => {
  const asked = (...given: Parameters<typeof volumeQuestion>) => JSON.parse(JSON.stringify(volumeQuestion(...given)));
  expect(asked("events", "order paid").series[0].event).toBe("order paid");
  expect(asked("events", "order paid").properties).toBeUndefined();
  expect(asked("event", "plan")).toMatchObject({
    series: [{ event: null }],
    properties: [{ key: "plan", type: "event" }],
  });
  expect(asked("person", "email")).toMatchObject({ series: [{ math: "dau" }], properties: [{ type: "person" }] });
  expect(asked("group2", "name")).toMatchObject({
    series: [{ math: "unique_group", math_group_type_index: 2 }],
    properties: [{ type: "group", group_type_index: 2 }],
  });
});

test("one question for a page of events, none for none", () => {
  expect(volumesQuestion([])).toBeNull();
  expect(volumesQuestion(["a", "b"])).toMatchObject({ breakdownFilter: { breakdown_limit: 2 } });
  const row = { breakdown_value: "a", data: [1, 5, 2], days: ["2026-01-01", "2026-01-02", "2026-01-03"] };
  const volume = volumesOf({ results: [row as unknown as TrendResult] }).get("a");
  expect(volume && volumeInWords(volume)).toBe("8 in 30 days, 5 on the busiest day, 2 today");
  expect(volume && volumeInWords(volume, "person")).toBe("5 on the busiest day, 2 today");
});
