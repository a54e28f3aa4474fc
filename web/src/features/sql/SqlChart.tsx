import { useCallback } from "react";
import type { Drawable } from "@/features/sql/chartable";
import { Chart } from "@/ui/charts/Chart";
import { type Palette, seriesColor } from "@/ui/charts/palette";
import { tooltip } from "@/ui/charts/tooltip";
import { formatCount } from "@/ui/format";
import { axes, tipStyle } from "@/ui/insights/trendOptions";

/** The rows as lines or bars. The table beside it says the same in text. */
export function SqlChart({ data, form }: { data: Drawable; form: "line" | "bar" }) {
  const option = useCallback(
    (palette: Palette) => {
      const { category, value } = axes(palette, data.labels, form === "bar");
      return {
        grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
        xAxis: category,
        yAxis: value,
        tooltip: {
          trigger: "axis",
          ...tipStyle(palette),
          formatter: (points: { seriesName: string; dataIndex: number; color: string; value: number | null }[]) =>
            tooltip(
              data.labels[points[0]?.dataIndex ?? 0] ?? "",
              points.map((point) => ({
                color: point.color,
                name: point.seriesName,
                value: point.value === null ? "–" : formatCount(point.value),
              })),
            ),
        },
        series: data.lines.map((line, at) => ({
          type: form,
          name: line.name,
          data: line.values,
          color: seriesColor(palette, at),
          showSymbol: data.labels.length < 60,
        })),
      };
    },
    [data, form],
  );
  return <Chart label="Result as a chart" height="fill" option={option} />;
}
