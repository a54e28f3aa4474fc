import type { InsightQuery, PathLink, TrendResult } from "@/api/insights";
import { formatCount, formatPercent, formatValue } from "@/ui/format";
import { numbersOf } from "@/ui/insights/numbers";
import { PathsTable } from "@/ui/insights/PathsAnswer";
import { TrendTable } from "@/ui/insights/TrendAnswer";
import { Table } from "@/ui/tables/Table";

const SHARES = new Set(["coverage", "retention_with", "retention_without"]);

function cell(column: string, value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return formatValue(value);
  return SHARES.has(column) ? formatPercent(value) : formatCount(value);
}

/** The numbers of any chart as a table, for those who would rather read, or cannot see. */
export function AnswerTable({ query, results }: { query: InsightQuery; results: unknown }) {
  if (query.kind === "PathsQuery") return <PathsTable links={results as PathLink[]} />;
  const isTrend =
    "series" in query && (query.kind !== "FunnelsQuery" || query.funnelsFilter?.funnelVizType === "trends");
  if (isTrend) return <TrendTable lines={results as TrendResult[]} />;
  const { columns, rows } = numbersOf(query, results);
  return (
    <Table
      label="Numbers of the chart"
      rows={rows}
      keyOf={(_, at) => at}
      columns={columns.map((name, at) => ({
        name,
        number: rows.every((row) => typeof row[at] === "number" || row[at] === null || row[at] === undefined),
        cell: (row: unknown[]) => cell(name, row[at]),
      }))}
    />
  );
}
