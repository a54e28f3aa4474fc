/** When something happens: hours of weekdays as rows and columns. */
import type { HeatmapCells } from "@/api/insights";

export const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** A Sunday, from which weekdays take their names. */
const SUNDAY = Date.UTC(2026, 0, 4);
const DAY = 86_400_000; // milliseconds

/** The name of a weekday (0 is Sunday) in the viewer's language. */
export const weekdayName = (weekday: number): string =>
  new Intl.DateTimeFormat(undefined, { weekday: "short", timeZone: "UTC" }).format(SUNDAY + weekday * DAY);

export interface HeatmapRow {
  weekday: number;
  name: string;
  cells: number[];
  total: number;
}

/** The seven rows, from the day on which weeks begin; cells that the answer leaves out are 0. */
export function heatmapRows(found: HeatmapCells, weekStart: number): HeatmapRow[] {
  const values = new Map(found.data.map(({ row, column, value }) => [row * HOURS.length + column, value]));
  const totals = new Map(found.rowAggregations.map(({ row, value }) => [row, value]));
  return Array.from({ length: 7 }, (_, at) => (weekStart + at) % 7).map((weekday) => ({
    weekday,
    name: weekdayName(weekday),
    cells: HOURS.map((hour) => values.get(weekday * HOURS.length + hour) ?? 0),
    total: totals.get(weekday) ?? 0,
  }));
}

/** The numbers of all weekdays by hour. */
export function hourTotals(found: HeatmapCells): number[] {
  const totals = new Map(found.columnAggregations.map(({ column, value }) => [column, value]));
  return HOURS.map((hour) => totals.get(hour) ?? 0);
}
