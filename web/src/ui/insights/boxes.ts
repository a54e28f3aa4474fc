/** Box plots: their series, and how ECharts draws them. */
import type { EChartsCoreOption } from "echarts/core";
import type { Box, TrendsDisplay } from "@/api/insights";
import { type Palette, seriesColor } from "@/ui/charts/palette";
import { tooltip } from "@/ui/charts/tooltip";
import { formatCount } from "@/ui/format";
import { bucketName } from "@/ui/insights/names";
import { axes, tipStyle } from "@/ui/insights/trendOptions";

/** Boxes are of a property's numbers: not compared, not smoothed, not broken down, and nobody stands behind them. */
export const isBoxPlot = (query: { kind: string; trendsFilter?: { display?: TrendsDisplay } }) =>
  query.kind === "TrendsQuery" && query.trendsFilter?.display === "BoxPlot";

/** The numbers of a box as people call them, from the top of the chart to its bottom. */
export const PARTS: [name: string, of: (box: Box) => number][] = [
  ["Maximum", (box) => box.max],
  ["75th percentile", (box) => box.p75],
  ["Median", (box) => box.median],
  ["25th percentile", (box) => box.p25],
  ["Minimum", (box) => box.min],
  ["Average", (box) => box.mean],
];

/** The boxes of each series, in the order of the question. */
export function boxSeries(boxes: Box[]): { name: string; boxes: Box[] }[] {
  const found = new Map<number, Box[]>();
  for (const box of boxes) found.set(box.series_index, [...(found.get(box.series_index) ?? []), box]);
  return [...found.values()].map((own) => ({ name: own[0]?.series_label ?? "", boxes: own }));
}

const intervalOf = (box: Box) => bucketName({ days: [box.day], labels: [box.label] }, 0);

export function boxOption(boxes: Box[], palette: Palette): EChartsCoreOption {
  const series = boxSeries(boxes);
  const labels = series[0]?.boxes.map(intervalOf) ?? [];
  const { category, value } = axes(palette, labels, true);
  return {
    grid: { left: 4, right: 12, top: 12, bottom: 4, containLabel: true },
    xAxis: category,
    yAxis: { ...value, scale: true },
    tooltip: {
      trigger: "item",
      ...tipStyle(palette),
      formatter: ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) => {
        const box = series[seriesIndex]?.boxes[dataIndex];
        if (!box) return "";
        const color = seriesColor(palette, seriesIndex);
        return tooltip(
          `${intervalOf(box)} · ${box.series_label}`,
          PARTS.map(([name, of]) => ({ color, name, value: formatCount(of(box)) })),
        );
      },
    },
    series: series.map(({ name, boxes: own }, at) => ({
      type: "boxplot",
      name,
      boxWidth: [6, 34],
      itemStyle: { color: palette.surface, borderColor: seriesColor(palette, at), borderWidth: 1.6 },
      data: own.map((box) => [box.min, box.p25, box.median, box.p75, box.max]),
    })),
  };
}
