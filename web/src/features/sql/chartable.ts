/** Whether a result can be drawn, and as what. */
import type { QueryAnswer } from "@/api/query";

export interface Drawable {
  labels: string[];
  lines: { name: string; values: (number | null)[] }[];
}

const MOST_POINTS = 2000;

/** The first column names the points, every column of numbers is a line. Null when there is nothing to draw. */
export function drawable(answer: QueryAnswer<unknown[][]>): Drawable | null {
  const rows = answer.results.slice(0, MOST_POINTS);
  const columns = answer.columns ?? [];
  const isNumeric = (at: number) =>
    rows.some((row) => typeof row[at] === "number") &&
    rows.every((row) => row[at] === null || typeof row[at] === "number");
  const numeric = columns.map((_, at) => at).filter(isNumeric);
  const named = columns.findIndex((_, at) => !numeric.includes(at));
  const lines = numeric.filter((at) => named !== -1 || at > 0 || numeric.length === 1);
  if (rows.length === 0 || lines.length === 0) return null;
  const label = named !== -1 ? named : numeric.length > 1 ? 0 : -1;
  return {
    labels: rows.map((row, at) => (label === -1 ? String(at + 1) : String(row[label] ?? "–"))),
    lines: lines.map((at) => ({
      name: columns[at] ?? "",
      values: rows.map((row) => row[at] as number | null),
    })),
  };
}
