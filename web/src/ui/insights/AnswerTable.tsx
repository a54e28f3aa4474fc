import type { Annotation } from "@/api/annotations";
import type { InsightQuery, PathDropoff, PathLink, TrendResult } from "@/api/insights";
import { formatCount, formatPercent, formatValue } from "@/ui/format";
import { isBoxPlot } from "@/ui/insights/boxes";
import { type OnPeople, useMarks } from "@/ui/insights/InsightAnswer";
import { numbersOf } from "@/ui/insights/numbers";
import { PathsTables } from "@/ui/insights/PathsTables";
import { behindLine, enteredIn } from "@/ui/insights/people";
import { shownLines } from "@/ui/insights/TrendAnswer";
import { TrendTable } from "@/ui/insights/TrendTable";
import { Table } from "@/ui/tables/Table";

const SHARES = new Set(["coverage", "retention_with", "retention_without"]);

function cell(column: string, value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return formatValue(value);
  return SHARES.has(column) ? formatPercent(value) : formatCount(value);
}

interface AnswerTableProps {
  query: InsightQuery;
  results: unknown;
  dropoffs?: PathDropoff[];
  annotations?: Annotation[];
  onPeople?: OnPeople;
}

/** The numbers of any chart as a table, for those who would rather read, or cannot see. */
export function AnswerTable({ query, results, dropoffs, annotations, onPeople }: AnswerTableProps) {
  const marks = useMarks(query, results, annotations);
  switch (query.kind) {
    case "PathsQuery":
      return <PathsTables query={query} links={results as PathLink[]} dropoffs={dropoffs} onPeople={onPeople} />;
    case "TrendsQuery":
    case "StickinessQuery":
    case "LifecycleQuery":
      if (isBoxPlot(query)) break;
      return (
        <TrendTable
          lines={shownLines(query, results as TrendResult[])}
          marks={marks}
          onPoint={onPeople && ((line, at) => onPeople(behindLine(query, line, at)))}
        />
      );
    case "FunnelsQuery":
      if (query.funnelsFilter?.funnelVizType === "trends") {
        return (
          <TrendTable
            lines={results as TrendResult[]}
            marks={marks}
            onPoint={onPeople && ((line, at) => onPeople(enteredIn(query, line, at)))}
          />
        );
      }
  }
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
