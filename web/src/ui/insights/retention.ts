/** Retention as shares: which intervals have begun, and how all cohorts do together. */
import type { RetentionRow } from "@/api/insights";

export type Period = "Hour" | "Day" | "Week" | "Month";
const HOURS: Record<Period, number> = { Hour: 1, Day: 24, Week: 168, Month: 720 };

/** Whether an interval of a cohort has begun: those to come are left empty, not zero. */
export const hasBegun = (row: RetentionRow, at: number, period: Period, now = Date.now()) =>
  new Date(row.date).getTime() + at * HOURS[period] * 3_600_000 <= now;

export interface Curves {
  labels: string[];
  /** Of everybody whose interval has begun: those who came back in it. */
  all: (number | null)[];
  cohorts: { row: number; date: string; shares: (number | null)[] }[];
}

/** Shares from 0 to 1 per interval; null where nobody can be back yet. Cohorts of nobody are left out. */
export function curvesOf(rows: RetentionRow[], period: Period, now = Date.now()): Curves {
  const most = Math.max(0, ...rows.map((row) => row.values.length));
  const sizeOf = (row: RetentionRow) => row.values[0]?.count ?? 0;
  const begun = (row: RetentionRow, at: number) => at < row.values.length && hasBegun(row, at, period, now);
  const all = Array.from({ length: most }, (_, at) => {
    const those = rows.filter((row) => begun(row, at));
    const size = those.reduce((sum, row) => sum + sizeOf(row), 0);
    return size > 0 ? those.reduce((sum, row) => sum + (row.values[at]?.count ?? 0), 0) / size : null;
  });
  const cohorts = rows
    .map((row, at) => ({
      row: at,
      date: row.date,
      size: sizeOf(row),
      shares: Array.from({ length: most }, (_, interval) =>
        begun(row, interval) ? (row.values[interval]?.count ?? 0) / sizeOf(row) : null,
      ),
    }))
    .filter((cohort) => cohort.size > 0);
  return { labels: Array.from({ length: most }, (_, at) => `${period} ${at}`), all, cohorts };
}
