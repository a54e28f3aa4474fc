/** Retention as shares: which intervals have begun, and how all cohorts do together. */
import type { RetentionRow } from "@/api/insights";

export type Period = "Hour" | "Day" | "Week" | "Month";
/** Shares of a cohort's size, or of its column before. */
export type Reference = "total" | "previous";
const HOURS: Record<Period, number> = { Hour: 1, Day: 24, Week: 168, Month: 720 };

/** What both forms of the answer are drawn by. */
export interface Drawing {
  period: Period;
  reference: Reference;
  brackets?: number[];
}

/** Whether an interval of a cohort has begun: those to come are left empty, not zero. */
export const hasBegun = (row: RetentionRow, at: number, period: Period, now = Date.now()) =>
  new Date(row.date).getTime() + at * HOURS[period] * 3_600_000 <= now;

/** At which period each column begins: brackets of 1, 3 and 2 begin at 1, 2 and 5. */
export function startsOf(columns: number, brackets: number[] = []): number[] {
  const starts = [0, 1];
  for (const width of brackets) starts.push((starts.at(-1) ?? 0) + width);
  return Array.from({ length: columns }, (_, at) => (brackets.length > 0 ? (starts[at] ?? at) : at));
}

/** From 0 to 1; null where there is nothing to be a share of. */
export function shareOf(row: RetentionRow, column: number, reference: Reference): number | null {
  const whole = row.values[reference === "previous" ? Math.max(0, column - 1) : 0]?.count ?? 0;
  return whole > 0 ? (row.values[column]?.count ?? 0) / whole : null;
}

/** With a breakdown the rows of each value follow one another; without one they are one block. */
export function blocksOf(rows: RetentionRow[]): { value: RetentionRow["breakdown_value"]; rows: RetentionRow[] }[] {
  const blocks = new Map<string, { value: RetentionRow["breakdown_value"]; rows: RetentionRow[] }>();
  for (const row of rows) {
    const key = JSON.stringify(row.breakdown_value ?? null);
    const block = blocks.get(key) ?? { value: row.breakdown_value, rows: [] };
    block.rows.push(row);
    blocks.set(key, block);
  }
  return [...blocks.values()];
}

export interface Curves {
  labels: string[];
  /** Of everybody whose interval has begun: those who came back in it. */
  all: (number | null)[];
  cohorts: { row: number; date: string; shares: (number | null)[] }[];
}

/** Shares from 0 to 1 per interval; null where nobody can be back yet. Cohorts of nobody are left out. */
export function curvesOf(rows: RetentionRow[], { period, reference, brackets }: Drawing, now = Date.now()): Curves {
  const most = Math.max(0, ...rows.map((row) => row.values.length));
  const starts = startsOf(most, brackets);
  const labels = Array.from({ length: most }, (_, at) => rows[0]?.values[at]?.label ?? `${period} ${at}`);
  const begun = (row: RetentionRow, at: number) =>
    at < row.values.length && hasBegun(row, starts[at] ?? at, period, now);
  const all = Array.from({ length: most }, (_, at) => {
    const those = rows.filter((row) => begun(row, at));
    const base = reference === "previous" ? Math.max(0, at - 1) : 0;
    const sum = (column: number) => those.reduce((total, row) => total + (row.values[column]?.count ?? 0), 0);
    return sum(base) > 0 ? sum(at) / sum(base) : null;
  });
  const cohorts = rows
    .map((row, at) => ({
      row: at,
      date: row.date,
      size: row.values[0]?.count ?? 0,
      shares: Array.from({ length: most }, (_, column) =>
        begun(row, column) ? shareOf(row, column, reference) : null,
      ),
    }))
    .filter((cohort) => cohort.size > 0);
  return { labels, all, cohorts };
}
