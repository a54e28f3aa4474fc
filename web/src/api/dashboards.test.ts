import { expect, test } from "vitest";
import { filtersTiles, underFilters } from "@/api/dashboards";
import type { PropertyFilter, TrendsQuery } from "@/api/insights";

const filter = (key: string): PropertyFilter => ({ key, type: "event", operator: "exact", value: ["x"] });
const query: TrendsQuery = {
  kind: "TrendsQuery",
  series: [{ kind: "EventsNode", event: "a" }],
  dateRange: { date_from: "-7d" },
  properties: [filter("own")],
};

test("a dashboard's range replaces a tile's, and its filters join the tile's", () => {
  const under = underFilters(query, { date_from: "-30d", properties: [filter("board")] });
  expect(under.dateRange).toEqual({ date_from: "-30d", date_to: undefined });
  expect(under.properties).toEqual([filter("own"), filter("board")]);
});

test("without filters a tile stays as it is", () => {
  expect(underFilters(query, {})).toEqual(query);
  expect(filtersTiles({})).toBe(false);
  expect(filtersTiles({ properties: [] })).toBe(false);
  expect(filtersTiles({ date_from: "-1d" })).toBe(true);
});

test("a group of filters is joined as a whole", () => {
  const group = { type: "OR", values: [filter("a"), filter("b")] };
  const grouped = { ...query, properties: group as unknown as PropertyFilter[] };
  expect(underFilters(grouped, { properties: [filter("board")] }).properties).toEqual({
    type: "AND",
    values: [group, { type: "AND", values: [filter("board")] }],
  });
});
