import { useComputedColorScheme } from "@mantine/core";
import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import styles from "@/ui/charts/Chart.module.css";
import { type Palette, readPalette } from "@/ui/charts/palette";

export interface ChartHandle {
  /** The chart as PNG, on the theme's background. */
  picture: () => string | null;
}

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

interface ChartProps {
  label: string;
  height: ChartHeight;
  /** What must be there before the chart is drawn, such as the borders of countries. */
  needs?: () => Promise<unknown>;
  option: (palette: Palette) => EChartsCoreOption;
  onPoint?: (point: ChartPoint) => void;
  handle?: Ref<ChartHandle>;
}

/** A chart. Its place is reserved from the start, so nothing moves when it appears. */
export function Chart({ label, height, needs, option, onPoint, handle }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const latest = useRef({ option, onPoint, needs });
  latest.current = { option, onPoint, needs };
  const scheme = useComputedColorScheme("light");

  const draw = () => {
    if (!chart.current) return;
    const palette = readPalette();
    chart.current.setOption(
      {
        animationDuration: 250,
        animationDurationUpdate: 250,
        textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: palette.ink },
        ...latest.current.option(palette),
      },
      { notMerge: true },
    );
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
      made.on("click", (event: unknown) => {
        const { seriesIndex, dataIndex, name, dataType, data } = event as Partial<ChartPoint>;
        if (seriesIndex !== undefined && dataIndex !== undefined) {
          latest.current.onPoint?.({ seriesIndex, dataIndex, name, dataType, data });
        }
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
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme means new colours
  useEffect(() => drawLatest.current(), [option, scheme]);

  useImperativeHandle(handle, () => ({
    picture: () =>
      chart.current?.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: readPalette().surface }) ?? null,
  }));

  return (
    <div
      className={height === "fill" ? `${styles.chart} ${styles.fill}` : styles.chart}
      style={height === "fill" ? undefined : { height }}
      role="img"
      aria-label={label}
    >
      <div ref={place} className={styles.canvas} />
    </div>
  );
}
