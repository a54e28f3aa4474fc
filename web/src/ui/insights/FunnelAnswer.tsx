import { useCallback } from "react";
import type { FunnelStep, FunnelsQuery, TimeToConvert, TrendResult } from "@/api/insights";
import { Chart, type ChartHeight } from "@/ui/charts/Chart";
import { type Palette, seriesColor } from "@/ui/charts/palette";
import { tooltip } from "@/ui/charts/tooltip";
import { formatCount, formatDuration } from "@/ui/format";
import { FunnelSteps, type OnPaths, type OnStep } from "@/ui/insights/FunnelSteps";
import styles from "@/ui/insights/insights.module.css";
import type { Mark } from "@/ui/insights/marks";
import { stepsName } from "@/ui/insights/names";
import { axes, heightsOf, overTime, tipStyle } from "@/ui/insights/trendOptions";
import { Empty } from "@/ui/states/States";

export type FunnelResults = FunnelStep[] | FunnelStep[][] | TimeToConvert | TrendResult[];

interface FunnelAnswerProps {
  query: FunnelsQuery;
  results: FunnelResults;
  height: ChartHeight;
  marks?: Mark[];
  /** Those who reached step `at` (from 0), or fell off before it. */
  onStep?: OnStep;
  onPaths?: OnPaths;
  /** Those who entered in an interval of the trend and converted. */
  onEntered?: (line: TrendResult, at: number) => void;
  /** Those who converted at all. */
  onConverted?: () => void;
}

export function FunnelAnswer(props: FunnelAnswerProps) {
  const { query, results, height, marks, onStep, onPaths, onEntered, onConverted } = props;
  const kind = query.funnelsFilter?.funnelVizType ?? "steps";
  if (kind === "time_to_convert") {
    return <TimeBins answer={results as TimeToConvert} height={height} onConverted={onConverted} />;
  }
  if (kind === "trends") {
    return <Conversion lines={results as TrendResult[]} marks={marks} height={height} onEntered={onEntered} />;
  }
  const funnels = (Array.isArray(results) && Array.isArray(results[0]) ? results : [results]) as FunnelStep[][];
  if (funnels.length === 0 || !funnels[0]?.[0]?.count) {
    return (
      <Empty title="Nobody entered this funnel">
        No event matches the first step. Try a longer range, or fewer filters.
      </Empty>
    );
  }
  return (
    <div className={styles.funnels}>
      {funnels.map((steps, at) => (
        <section key={at}>
          {funnels.length > 1 ? <h3>{stepsName(steps[0])}</h3> : null}
          <FunnelSteps query={query} steps={steps} onStep={onStep} onPaths={onPaths} />
        </section>
      ))}
    </div>
  );
}

interface Drawn {
  height: ChartHeight;
}

function TimeBins({ answer, height, onConverted }: Drawn & { answer: TimeToConvert; onConverted?: () => void }) {
  const bins = answer.bins ?? [];
  const option = useCallback(
    (palette: Palette) => {
      const { category, value } = axes(
        palette,
        bins.map(([from]) => formatDuration(from)),
        true,
      );
      return {
        grid: { left: 4, right: 12, top: 12, bottom: 4, containLabel: true },
        xAxis: category,
        yAxis: value,
        tooltip: {
          ...tipStyle(palette),
          trigger: "item",
          formatter: ({ dataIndex }: { dataIndex: number }) =>
            tooltip(`from ${formatDuration(bins[dataIndex]?.[0] ?? 0)}`, [
              { color: seriesColor(palette, 0), name: "Converted", value: formatCount(bins[dataIndex]?.[1] ?? 0) },
            ]),
        },
        series: [{ type: "bar", data: bins.map(([, count]) => count), color: seriesColor(palette, 0) }],
      };
    },
    [bins],
  );
  if (bins.length === 0) return <Empty title="Nobody converted in this range" />;
  return (
    <>
      <p className={styles.average}>
        {answer.average_conversion_time !== null ? `${formatDuration(answer.average_conversion_time)} on average` : ""}
      </p>
      <Chart
        label="Time to convert"
        height={height}
        option={option}
        onPoint={onConverted ? () => onConverted() : undefined}
      />
    </>
  );
}

const inPercent = (share: number) => `${formatCount(share)} %`;

function Conversion({
  lines,
  marks,
  height,
  onEntered,
}: Drawn & Pick<FunnelAnswerProps, "marks" | "onEntered"> & { lines: TrendResult[] }) {
  const option = useCallback(
    (palette: Palette) => overTime(lines, "ActionsLineGraph", palette, inPercent, marks),
    [lines, marks],
  );
  if (lines.length === 0) return <Empty title="Nobody entered this funnel" />;
  return (
    <Chart
      label="Conversion over time, in percent"
      height={height}
      option={option}
      heights={heightsOf(lines, "ActionsLineGraph")}
      onPoint={
        onEntered
          ? ({ seriesIndex, dataIndex }) => {
              const line = lines[seriesIndex];
              if (line) onEntered(line, dataIndex);
            }
          : undefined
      }
    />
  );
}
