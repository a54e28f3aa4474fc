import { type Ref, useCallback } from "react";
import type { RetentionRow } from "@/api/insights";
import { Chart, type ChartHandle, type ChartHeight } from "@/ui/charts/Chart";
import { type Palette, seriesColor } from "@/ui/charts/palette";
import { tooltip } from "@/ui/charts/tooltip";
import { formatDay, formatPercent } from "@/ui/format";
import { curvesOf, type Period } from "@/ui/insights/retention";
import { axes, tipStyle } from "@/ui/insights/trendOptions";

interface RetentionCurveProps {
  rows: RetentionRow[];
  period: Period;
  timezone: string;
  height: ChartHeight;
  handle?: Ref<ChartHandle>;
  onRow?: (row: number) => void;
}

/** How many are left after each interval: a thin line for each cohort, a thick one for all of them together. */
export function RetentionCurve({ rows, period, timezone, height, handle, onRow }: RetentionCurveProps) {
  const option = useCallback(
    (palette: Palette) => {
      const { labels, all, cohorts } = curvesOf(rows, period);
      const { category, value } = axes(palette, labels);
      const nameOf = (at: number) => (at === 0 ? "All" : formatDay(cohorts[at - 1]?.date ?? "", timezone));
      const lines = [all, ...cohorts.map((cohort) => cohort.shares)];
      return {
        grid: { left: 4, right: 16, top: 12, bottom: 4, containLabel: true },
        xAxis: category,
        yAxis: {
          ...value,
          max: 1,
          axisLabel: { ...value.axisLabel, formatter: (share: number) => formatPercent(share, 0) },
        },
        tooltip: {
          trigger: "axis",
          ...tipStyle(palette),
          formatter: (points: { seriesIndex: number; dataIndex: number; value: number | null }[]) =>
            tooltip(
              labels[points[0]?.dataIndex ?? 0] ?? "",
              points
                .filter((point) => point.value !== null && point.value !== undefined)
                .slice(0, 12)
                .map((point) => ({
                  color: seriesColor(palette, point.seriesIndex),
                  name: nameOf(point.seriesIndex),
                  value: formatPercent(Number(point.value)),
                })),
            ),
        },
        series: lines.map((data, at) => ({
          type: "line",
          name: nameOf(at),
          data,
          color: seriesColor(palette, at),
          lineStyle: { width: at === 0 ? 3 : 1, opacity: at === 0 ? 1 : 0.55 },
          symbolSize: at === 0 ? 6 : 4,
          z: at === 0 ? 3 : 2,
        })),
      };
    },
    [rows, period, timezone],
  );
  return (
    <Chart
      label="Retention curve"
      height={height}
      option={option}
      handle={handle}
      onPoint={
        onRow
          ? ({ seriesIndex }) => {
              const cohort = curvesOf(rows, period).cohorts[seriesIndex - 1];
              if (cohort) onRow(cohort.row);
            }
          : undefined
      }
    />
  );
}
