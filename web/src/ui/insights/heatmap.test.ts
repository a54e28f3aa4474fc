import { expect, test } from "vitest";
import { boxSeries } from "@/ui/insights/boxes";
import { heatmapRows, hourTotals } from "@/ui/insights/heatmap";
import { numbersOf } from "@/ui/insights/numbers";
import { sampleInWords } from "@/ui/insights/sampling";

const found = {
  data: [
    { row: 0, column: 23, value: 5 },
    { row: 1, column: 0, value: 2 },
  ],
  rowAggregations: [
    { row: 0, value: 4 },
    { row: 1, value: 2 },
  ],
  columnAggregations: [{ column: 23, value: 5 }],
  allAggregations: 6,
};

test("weeks begin where the project's do", () => {
  const rows = heatmapRows(found, 1);
  expect(rows.map(({ weekday }) => weekday)).toEqual([1, 2, 3, 4, 5, 6, 0]);
  expect(rows.map(({ name }) => name)).toEqual(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
  expect(rows[6]).toMatchObject({ total: 4 });
  expect(rows[6]?.cells.at(-1)).toBe(5);
  expect(rows[0]?.cells[0]).toBe(2);
  expect(hourTotals(found).at(-1)).toBe(5);
});

const box = (series_index: number, day: string) => ({
  ...{ day, label: day, min: 1, p25: 2, median: 3, p75: 4, max: 5, mean: 3.5 },
  ...{ series_index, series_label: `series ${series_index}` },
});

test("boxes belong to their series, and are numbers in files", () => {
  const boxes = [box(0, "2026-01-01"), box(0, "2026-01-02"), box(1, "2026-01-01")];
  expect(boxSeries(boxes).map(({ name, boxes: own }) => [name, own.length])).toEqual([
    ["series 0", 2],
    ["series 1", 1],
  ]);
  const asked = { kind: "TrendsQuery" as const, series: [], trendsFilter: { display: "BoxPlot" as const } };
  const { columns, rows } = numbersOf(asked, boxes);
  expect(columns.slice(0, 4)).toEqual(["series", "interval", "maximum", "75th percentile"]);
  expect(rows[2]).toEqual(["series 1", "2026-01-01", 5, 4, 3, 2, 1, 3.5]);
  expect(numbersOf({ kind: "CalendarHeatmapQuery", series: [] }, found).rows[0]).toEqual(["Sun", 23, 5]);
});

test("a sample is told, everybody is not", () => {
  expect(sampleInWords({ samplingFactor: 0.1 })).toContain("10% of the people");
  expect(sampleInWords({ samplingFactor: 1 })).toBeNull();
  expect(sampleInWords({})).toBeNull();
});
