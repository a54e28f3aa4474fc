import { useCallback, useMemo } from "react";
import type { RetentionRow } from "@/api/insights";
import { Chart, type ChartHeight } from "@/ui/charts/Chart";
import { type Palette, seriesColor } from "@/ui/charts/palette";
import { tooltip } from "@/ui/charts/tooltip";
import { formatPercent } from "@/ui/format";
import { curvesOf, type Drawing } from "@/ui/insights/retention";
import { axes, tipStyle } from "@/ui/insights/trendOptions";

interface RetentionCurveProps extends Drawing {
  rows: RetentionRow[];
  cohortOf: (row: RetentionRow) => string;
  height: ChartHeight;
  onCell?: (row: number, column: number) => void;
}

/** How many are left after each interval: a thin line for each cohort, a thick one for all of them together. */
export function RetentionCurve({ rows, cohortOf, height, onCell, ...given }: RetentionCurveProps) {
  const { period, reference } = given;
  const widths = JSON.stringify(given.brackets ?? []);
  const curves = useMemo(
    () => curvesOf(rows, { period, reference, brackets: JSON.parse(widths) }),
    [rows, period, reference, widths],
  );
  const option = useCallback(
    (palette: Palette) => {
      const { labels, all, cohorts } = curves;
      const { category, value } = axes(palette, labels);
      const nameOf = (at: number) => {
        const row = rows[cohorts[at - 1]?.row ?? -1];
        return at === 0 || !row ? "All" : cohortOf(row);
      };
      const lines = [all, ...cohorts.map((cohort) => cohort.shares)];
      return {
        grid: { left: 4, right: 16, top: 12, bottom: 4, containLabel: true },
        xAxis: category,
        yAxis: {
          ...value,
          max: reference === "total" ? 1 : undefined,
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
    [rows, curves, cohortOf, reference],
  );
  return (
    <Chart
      label="Retention curve"
      height={height}
      option={option}
      heights={(at) => [null, ...curves.cohorts.map((cohort) => cohort.shares[at] ?? null)]}
      onPoint={
        onCell
          ? ({ seriesIndex, dataIndex }) => {
              const cohort = curves.cohorts[seriesIndex - 1];
              if (cohort) onCell(cohort.row, dataIndex);
            }
          : undefined
      }
    />
  );
}
