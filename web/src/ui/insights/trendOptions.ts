/** ECharts options of trends, stickiness and lifecycles. */
import type { EChartsCoreOption } from "echarts/core";
import type { TrendResult, TrendsDisplay } from "@/api/insights";
import { type Palette, seriesColor } from "@/ui/charts/palette";
import { tooltip } from "@/ui/charts/tooltip";
import { formatCount, formatShort } from "@/ui/format";
import { bucketName, lineName } from "@/ui/insights/names";

const LIFECYCLE_TOKENS: Record<string, number> = { new: 2, returning: 0, resurrecting: 5, dormant: 1 };

export function axes(palette: Palette, labels: string[], horizontal = false) {
  const category = {
    type: "category",
    data: labels,
    boundaryGap: horizontal,
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
    axisLabel: { color: palette.quiet, hideOverlap: true, fontSize: 11.5 },
  };
  const value = {
    type: "value",
    splitLine: { lineStyle: { color: palette.line } },
    axisLabel: { color: palette.quiet, fontSize: 11.5, formatter: (number: number) => formatShort(number) },
  };
  return { category, value };
}

export const tipStyle = (palette: Palette) => ({
  backgroundColor: palette.surface,
  borderColor: palette.line,
  textStyle: { color: palette.ink },
  extraCssText: "box-shadow: 0 6px 20px rgb(0 0 0 / 12%); border-radius: 8px; padding: 9px 12px;",
  confine: true,
});

/** Lines, areas and bars over time. */
export function overTime(
  lines: TrendResult[],
  display: TrendsDisplay | "Lifecycle" | "Stickiness",
  palette: Palette,
  format: (value: number) => string = formatCount,
): EChartsCoreOption {
  const bars =
    display === "ActionsBar" ||
    display === "ActionsUnstackedBar" ||
    display === "Lifecycle" ||
    display === "Stickiness";
  const stacked = display === "ActionsBar" || display === "ActionsAreaGraph" || display === "Lifecycle";
  const many = new Set(lines.map((line) => line.action?.order)).size > 1;
  const current = lines.filter((line) => line.compare_label !== "previous");
  const labels = (lines[0]?.labels ?? []).map((_, at) => bucketName(lines[0] as TrendResult, at));
  const { category, value } = axes(palette, labels, bars);
  const color = (line: TrendResult, at: number) => {
    if (line.status) return seriesColor(palette, LIFECYCLE_TOKENS[line.status] ?? at);
    if (line.compare_label !== "previous") return seriesColor(palette, at);
    const partner = current.findIndex(
      (other) => other.action?.order === line.action?.order && other.breakdown_value === line.breakdown_value,
    );
    return seriesColor(palette, Math.max(0, partner));
  };
  return {
    grid: { left: 4, right: 12, top: 12, bottom: 4, containLabel: true },
    xAxis: category,
    yAxis: { ...value, minInterval: lines.every((line) => line.data.every(Number.isInteger)) ? 1 : undefined },
    tooltip: {
      trigger: "axis",
      axisPointer: {
        type: bars ? "shadow" : "line",
        lineStyle: { color: palette.quiet },
        shadowStyle: { opacity: 0.15 },
      },
      ...tipStyle(palette),
      formatter: (points: { seriesIndex: number; dataIndex: number }[]) => {
        const at = points[0]?.dataIndex ?? 0;
        const rows = points
          .map(({ seriesIndex }) => ({ line: lines[seriesIndex], at: seriesIndex }))
          .filter((row) => row.line !== undefined)
          .map(({ line, at: index }) => ({
            color: color(line as TrendResult, index),
            name: lineName(line as TrendResult, many),
            number: Math.abs((line as TrendResult).data[at] ?? 0),
          }))
          .sort((a, b) => b.number - a.number)
          .slice(0, 12);
        return tooltip(
          labels[at] ?? "",
          rows.map((row) => ({ ...row, value: format(row.number) })),
        );
      },
    },
    series: lines.map((line, at) => ({
      type: bars ? "bar" : "line",
      name: lineName(line, many),
      data: line.data,
      stack: stacked ? (line.compare_label ?? "all") : undefined,
      color: color(line, at),
      barMaxWidth: 46,
      itemStyle: bars ? { borderRadius: stacked ? 0 : [3, 3, 0, 0] } : undefined,
      lineStyle: {
        width: 2,
        type: line.compare_label === "previous" ? "dashed" : at >= palette.series.length ? "dotted" : "solid",
        opacity: line.compare_label === "previous" ? 0.6 : 1,
      },
      areaStyle: display === "ActionsAreaGraph" ? { opacity: 0.22 } : undefined,
      symbol: line.data.length > 40 ? "none" : "circle",
      symbolSize: 5,
      showSymbol: line.data.length <= 40,
      emphasis: { focus: lines.length > 1 ? "series" : "none" },
    })),
  };
}

/** One number for each line, as bars or as a pie. */
export function totals(
  lines: TrendResult[],
  display: "ActionsPie" | "ActionsBarValue",
  palette: Palette,
): EChartsCoreOption {
  const many = new Set(lines.map((line) => line.action?.order)).size > 1;
  const names = lines.map((line) => lineName(line, many));
  const values = lines.map((line) => line.aggregated_value ?? line.count);
  const sum = values.reduce((a, b) => a + b, 0);
  const tip = {
    ...tipStyle(palette),
    trigger: "item",
    formatter: ({ dataIndex }: { dataIndex: number }) =>
      tooltip(names[dataIndex] ?? "", [
        {
          color: seriesColor(palette, dataIndex),
          name: sum > 0 ? `${((100 * (values[dataIndex] ?? 0)) / sum).toFixed(1)} %` : "",
          value: formatCount(values[dataIndex] ?? 0),
        },
      ]),
  };
  if (display === "ActionsPie") {
    return {
      tooltip: tip,
      series: [
        {
          type: "pie",
          radius: ["48%", "78%"],
          padAngle: 1,
          minShowLabelAngle: 14, // degrees; names of thinner slices would lie on each other
          label: { color: palette.ink, fontSize: 12, alignTo: "edge", edgeDistance: 4, overflow: "truncate" },
          labelLayout: { hideOverlap: true },
          labelLine: { lineStyle: { color: palette.line } },
          data: values.map((value, at) => ({ value, name: names[at], itemStyle: { color: seriesColor(palette, at) } })),
        },
      ],
    };
  }
  const { category, value } = axes(palette, [...names].reverse(), true);
  return {
    grid: { left: 4, right: 16, top: 6, bottom: 4, containLabel: true },
    xAxis: value,
    yAxis: { ...category, axisLabel: { ...category.axisLabel, width: 160, overflow: "truncate" } },
    tooltip: {
      ...tip,
      formatter: ({ dataIndex }: { dataIndex: number }) => tip.formatter({ dataIndex: values.length - 1 - dataIndex }),
    },
    series: [
      {
        type: "bar",
        barMaxWidth: 30,
        data: values
          .map((v, at) => ({ value: v, itemStyle: { color: seriesColor(palette, at), borderRadius: [0, 3, 3, 0] } }))
          .reverse(),
      },
    ],
  };
}
