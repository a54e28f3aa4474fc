/** The numbers of an answer as columns and rows, for files. */
import type {
  ActivationRow,
  Box,
  FunnelStep,
  HeatmapCells,
  InsightQuery,
  PathLink,
  RetentionRow,
  TimeToConvert,
  TrendResult,
} from "@/api/insights";
import { isBoxPlot, PARTS } from "@/ui/insights/boxes";
import { weekdayName } from "@/ui/insights/heatmap";
import { breakdownName, lineName, manySeries, stepsName } from "@/ui/insights/names";

export interface Numbers {
  columns: string[];
  rows: unknown[][];
}

export function numbersOf(query: InsightQuery, results: unknown): Numbers {
  if (query.kind === "RetentionQuery") {
    const rows = results as RetentionRow[];
    const labels = rows[0]?.values.map((value, at) => value.label ?? String(at)) ?? [];
    const broken = rows.some((row) => row.breakdown_value !== undefined);
    return {
      columns: [...(broken ? ["breakdown"] : []), "cohort", ...labels],
      rows: rows.map((row) => [
        ...(broken ? [breakdownName(row.breakdown_value)] : []),
        row.date,
        ...row.values.map((value) => value.aggregation_value ?? value.count),
      ]),
    };
  }
  if (query.kind === "ActivationMetricQuery") {
    const rows = results as ActivationRow[];
    const columns: (keyof ActivationRow)[] = [
      "event",
      "count",
      "within_days",
      "phi",
      "coverage",
      "persons",
      "retention_with",
      "retention_without",
      "lift",
      "p_value_adjusted",
      "significant",
    ];
    return { columns, rows: rows.map((row) => columns.map((column) => row[column])) };
  }
  if (query.kind === "PathsQuery") {
    const links = results as PathLink[];
    return {
      columns: ["source", "target", "times", "average seconds"],
      rows: links.map((link) => [
        link.source,
        link.target,
        link.value,
        link.average_conversion_time === undefined ? null : link.average_conversion_time / 1000,
      ]),
    };
  }
  if (query.kind === "FunnelsQuery" && query.funnelsFilter?.funnelVizType === "time_to_convert") {
    return { columns: ["seconds", "people"], rows: (results as TimeToConvert).bins };
  }
  if (query.kind === "FunnelsQuery" && query.funnelsFilter?.funnelVizType !== "trends") {
    const funnels = (Array.isArray((results as unknown[])[0]) ? results : [results]) as FunnelStep[][];
    return {
      columns: ["breakdown", "step", "name", "people", "average seconds", "median seconds"],
      rows: funnels.flatMap((steps) =>
        steps.map((step) => [
          step.breakdown_value === undefined ? "" : stepsName(step),
          step.order + 1,
          step.custom_name || step.name,
          step.count,
          step.average_conversion_time,
          step.median_conversion_time,
        ]),
      ),
    };
  }
  if (query.kind === "CalendarHeatmapQuery") {
    const { data } = results as HeatmapCells;
    return {
      columns: ["weekday", "hour", "count"],
      rows: data.map(({ row, column, value }) => [weekdayName(row), column, value]),
    };
  }
  if (isBoxPlot(query)) {
    return {
      columns: ["series", "interval", ...PARTS.map(([name]) => name.toLowerCase())],
      rows: (results as Box[]).map((box) => [box.series_label, box.day, ...PARTS.map(([, of]) => of(box))]),
    };
  }
  const lines = results as TrendResult[];
  const many = manySeries(lines);
  const days = lines.find((line) => line.days.length > 0)?.days ?? [];
  return {
    columns: ["series", "total", ...days.map(String)],
    rows: lines.map((line) => [lineName(line, many), line.aggregated_value ?? line.count, ...(line.data ?? [])]),
  };
}
