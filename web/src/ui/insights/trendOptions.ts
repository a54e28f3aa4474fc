/** ECharts options of trends, stickiness and lifecycles. */
import type { EChartsCoreOption } from "echarts/core";
import type { TrendResult, TrendsDisplay } from "@/api/insights";
import type { Heights } from "@/ui/charts/Chart";
import { type Palette, seriesColor } from "@/ui/charts/palette";
import { tooltip } from "@/ui/charts/tooltip";
import { formatCount, formatShort } from "@/ui/format";
import { colorOf } from "@/ui/insights/lineColors";
import type { Mark } from "@/ui/insights/marks";
import { bucketName, lineName, manySeries } from "@/ui/insights/names";

export function axes(palette: Palette, labels: string[], horizontal = false) {
  const category = {
    type: "category",
    data: labels,
    boundaryGap: horizontal,
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
    axisLabel: {
      color: palette.quiet,
      hideOverlap: true,
      fontSize: 11.5,
      // Points at the very edges would have half of their names outside.
      ...(horizontal ? {} : { alignMinLabel: "left", alignMaxLabel: "right" }),
    },
  };
  const value = {
    type: "value",
    splitLine: { lineStyle: { color: palette.line } },
    axisLabel: {
      color: palette.quiet,
      fontSize: 11.5,
      hideOverlap: true,
      formatter: (number: number) => formatShort(number),
    },
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

const NARROW = 480; // pixels
const MOST_SYMBOLS = 40; // intervals; points of more would touch each other

export type Drawn = TrendsDisplay | "Lifecycle" | "Stickiness";
const BARS = new Set<Drawn>(["ActionsBar", "ActionsStackedBar", "ActionsUnstackedBar", "Lifecycle", "Stickiness"]);
const STACKED = new Set<Drawn>(["ActionsBar", "ActionsStackedBar", "ActionsAreaGraph", "Lifecycle"]);

/** How high each line is drawn in an interval: of an area that is stacked, on those before it. None for bars. */
export function heightsOf(lines: TrendResult[], display: Drawn): Heights | undefined {
  if (BARS.has(display)) return undefined;
  return (at) => {
    const below = new Map<string, number>();
    return lines.map((line) => {
      const value = line.data?.[at];
      if (value === undefined || value === null) return null;
      if (!STACKED.has(display)) return value;
      const stack = line.compare_label ?? "all";
      below.set(stack, (below.get(stack) ?? 0) + value);
      return below.get(stack) ?? value;
    });
  };
}

/** Annotations as lines across the chart; their texts are in the tooltip of their interval. */
const markLine = (marks: Mark[], palette: Palette) => ({
  silent: true,
  animation: false,
  symbol: ["none", "circle"],
  symbolSize: 7,
  label: { show: false },
  lineStyle: { color: palette.quiet, type: "dashed", width: 1 },
  itemStyle: { color: palette.quiet },
  data: marks.map(({ at }) => ({ xAxis: at })),
});

/** Lines, areas and bars over time. */
export function overTime(
  lines: TrendResult[],
  display: Drawn,
  palette: Palette,
  format: (value: number) => string = formatCount,
  marks: Mark[] = [],
): EChartsCoreOption {
  const bars = BARS.has(display);
  const stacked = STACKED.has(display);
  const many = manySeries(lines);
  const labels = (lines[0]?.labels ?? []).map((_, at) => bucketName(lines[0] as TrendResult, at));
  const days = labels.length;
  const { category, value } = axes(palette, labels, bars);
  const color = (at: number) => seriesColor(palette, colorOf(lines, at));
  return {
    grid: { left: 4, right: 12, top: 12, bottom: 4, containLabel: true },
    xAxis: category,
    yAxis: { ...value, minInterval: lines.every((line) => line.data?.every(Number.isInteger)) ? 1 : undefined },
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
            color: color(index),
            name: lineName(line as TrendResult, many),
            number: Math.abs((line as TrendResult).data?.[at] ?? 0),
          }))
          .sort((a, b) => b.number - a.number)
          .slice(0, 12);
        return tooltip(
          labels[at] ?? "",
          rows.map((row) => ({ ...row, value: format(row.number) })),
          marks.find((mark) => mark.at === at)?.texts,
        );
      },
    },
    series: lines.map((line, at) => ({
      type: bars ? "bar" : "line",
      name: lineName(line, many),
      data: line.data ?? [],
      stack: stacked ? (line.compare_label ?? "all") : undefined,
      color: color(at),
      barMaxWidth: 46,
      itemStyle: bars ? { borderRadius: stacked ? 0 : [3, 3, 0, 0] } : undefined,
      lineStyle: {
        width: 2,
        type: line.compare_label === "previous" ? "dashed" : at >= palette.series.length ? "dotted" : "solid",
        opacity: line.compare_label === "previous" ? 0.6 : 1,
      },
      areaStyle: display === "ActionsAreaGraph" ? { opacity: 0.22 } : undefined,
      symbol: days > MOST_SYMBOLS ? "none" : "circle",
      symbolSize: 5,
      showSymbol: days <= MOST_SYMBOLS,
      markLine: at === 0 && marks.length > 0 ? markLine(marks, palette) : undefined,
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
  const many = manySeries(lines);
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
      // On phones there is no room beside the ring: the legend has the names.
      media: [
        { query: { maxWidth: NARROW }, option: { series: [{ label: { show: false }, labelLine: { show: false } }] } },
      ],
      series: [
        {
          type: "pie",
          radius: ["48%", "78%"],
          padAngle: 1,
          minShowLabelAngle: 14, // degrees; names of thinner slices would lie on each other
          label: { color: palette.ink, fontSize: 12, width: 130, overflow: "truncate" },
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
