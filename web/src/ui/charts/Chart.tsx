import { useComputedColorScheme } from "@mantine/core";
import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { useEffect, useRef } from "react";
import styles from "@/ui/charts/Chart.module.css";
import { type Palette, readPalette } from "@/ui/charts/palette";

export interface ChartPoint {
  seriesIndex: number;
  dataIndex: number;
  /** What ECharts calls the point: on a map the country. */
  name?: string;
  /** On a graph of links what was chosen, and its data. */
  dataType?: string;
  data?: unknown;
}

/** Pixels, or all that the place has left. */
export type ChartHeight = number | "fill";

/** How high each series is drawn in an interval, stacks included; null for one that is not there. */
export type Heights = (dataIndex: number) => (number | null)[];

interface ChartProps {
  label: string;
  height: ChartHeight;
  /** What must be there before the chart is drawn, such as the borders of countries. */
  needs?: () => Promise<unknown>;
  option: (palette: Palette) => EChartsCoreOption;
  onPoint?: (point: ChartPoint) => void;
  /** Of lines: a click anywhere chooses the nearest point, because points themselves are small, or not drawn at all. */
  heights?: Heights;
}

/** The series whose point in the interval under the pointer is the nearest, if the pointer is over the grid. */
function nearest(chart: EChartsType, heights: Heights, x: number, y: number): ChartPoint | null {
  if (!chart.containPixel("grid", [x, y])) return null;
  const dataIndex = Math.round(Number(chart.convertFromPixel("grid", [x, y])[0]));
  let found: ChartPoint | null = null;
  let closest = Number.POSITIVE_INFINITY;
  for (const [seriesIndex, height] of heights(dataIndex).entries()) {
    if (height === null) continue;
    const distance = Math.abs(Number(chart.convertToPixel("grid", [dataIndex, height])[1]) - y);
    if (distance < closest) {
      closest = distance;
      found = { seriesIndex, dataIndex };
    }
  }
  return found;
}

/** A chart. Its place is reserved from the start, so nothing moves when it appears. */
export function Chart({ label, height, needs, option, onPoint, heights }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const drawn = useRef(false);
  const latest = useRef({ option, onPoint, heights, needs });
  latest.current = { option, onPoint, heights, needs };
  const scheme = useComputedColorScheme("light");

  const draw = () => {
    if (!chart.current) return;
    const palette = readPalette();
    if (place.current) place.current.dataset.chart = "";
    chart.current.setOption(
      {
        // What appears is there at once; only a change is shown as one.
        animation: drawn.current && !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
        animationDuration: 250,
        animationDurationUpdate: 250,
        textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: palette.ink },
        ...latest.current.option(palette),
      },
      { notMerge: true },
    );
    drawn.current = true;
  };
  const drawLatest = useRef(draw);
  drawLatest.current = draw;

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let gone = false;
    let watcher: ResizeObserver | null = null;
    Promise.all([import("@/ui/charts/engine"), latest.current.needs?.()]).then(([{ init }]) => {
      if (gone) return;
      const made = init(element) as unknown as EChartsType;
      chart.current = made;
      // For whoever waits for a picture: a canvas is there before it is painted.
      made.on("finished", () => {
        if (place.current) place.current.dataset.chart = "drawn";
      });
      made.on("click", (event: unknown) => {
        const { seriesIndex, dataIndex, name, dataType, data } = event as Partial<ChartPoint>;
        if (latest.current.heights) return;
        if (seriesIndex !== undefined && dataIndex !== undefined) {
          latest.current.onPoint?.({ seriesIndex, dataIndex, name, dataType, data });
        }
      });
      const pointed = ({ offsetX, offsetY }: { offsetX: number; offsetY: number }) => {
        const { heights, onPoint } = latest.current;
        return heights && onPoint ? nearest(made, heights, offsetX, offsetY) : null;
      };
      made.getZr().on("click", (event) => {
        const point = pointed(event);
        if (point) latest.current.onPoint?.(point);
      });
      made.getZr().on("mousemove", (event) => {
        if (latest.current.heights && pointed(event)) made.getZr().setCursorStyle("pointer");
      });
      watcher = new ResizeObserver(() => made.resize());
      watcher.observe(element);
      drawLatest.current();
    });
    return () => {
      gone = true;
      watcher?.disconnect();
      chart.current?.dispose();
      chart.current = null;
      drawn.current = false;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme means new colours
  useEffect(() => drawLatest.current(), [option, scheme]);

  return (
    <div
      className={height === "fill" ? `${styles.chart} ${styles.fill}` : styles.chart}
      style={height === "fill" ? undefined : { height }}
      role="img"
      aria-label={label}
    >
      <div ref={place} className={styles.canvas} data-chart="" />
    </div>
  );
}
