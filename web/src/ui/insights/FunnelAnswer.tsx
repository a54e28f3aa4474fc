import { type Ref, useCallback } from "react";
import type { FunnelStep, FunnelsQuery, TimeToConvert, TrendResult } from "@/api/insights";
import { Chart, type ChartHandle, type ChartHeight } from "@/ui/charts/Chart";
import { type Palette, seriesColor } from "@/ui/charts/palette";
import { tooltip } from "@/ui/charts/tooltip";
import { formatCount, formatDuration, formatPercent } from "@/ui/format";
import styles from "@/ui/insights/insights.module.css";
import { breakdownName } from "@/ui/insights/names";
import { axes, overTime, tipStyle } from "@/ui/insights/trendOptions";
import { Empty } from "@/ui/states/States";

export type FunnelResults = FunnelStep[] | FunnelStep[][] | TimeToConvert | TrendResult[];

interface FunnelAnswerProps {
  query: FunnelsQuery;
  results: FunnelResults;
  height: ChartHeight;
  handle?: Ref<ChartHandle>;
  /** Those who reached step `at` (from 0), or fell off before it. */
  onStep?: (at: number, dropped: boolean, breakdown?: string | string[]) => void;
  /** Those who entered in an interval of the trend and converted. */
  onEntered?: (line: TrendResult, at: number) => void;
  /** Those who converted at all. */
  onConverted?: () => void;
}

export function FunnelAnswer({ query, results, height, handle, onStep, onEntered, onConverted }: FunnelAnswerProps) {
  const kind = query.funnelsFilter?.funnelVizType ?? "steps";
  if (kind === "time_to_convert") {
    return <TimeBins answer={results as TimeToConvert} height={height} handle={handle} onConverted={onConverted} />;
  }
  if (kind === "trends") {
    return <Conversion lines={results as TrendResult[]} height={height} handle={handle} onEntered={onEntered} />;
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
          {funnels.length > 1 ? <h3>{breakdownName(steps[0]?.breakdown_value)}</h3> : null}
          <Steps steps={steps} onStep={onStep} />
        </section>
      ))}
    </div>
  );
}

function Steps({ steps, onStep }: { steps: FunnelStep[]; onStep?: FunnelAnswerProps["onStep"] }) {
  const entered = steps[0]?.count ?? 0;
  return (
    <ol className={styles.steps}>
      {steps.map((step, at) => {
        const before = at === 0 ? step.count : (steps[at - 1]?.count ?? 0);
        const share = entered > 0 ? step.count / entered : 0;
        const name = step.custom_name || step.name;
        const lost = before - step.count;
        return (
          <li key={step.order} className={styles.step}>
            <div className={styles.stepHead}>
              <strong>
                {at + 1}. {name}
              </strong>
              <span>
                <strong>{formatPercent(share)}</strong> · {formatCount(step.count)}
              </span>
            </div>
            <div className={styles.track}>
              {onStep && step.count > 0 ? (
                <button
                  type="button"
                  className={styles.fill}
                  style={{ width: `${share * 100}%` }}
                  aria-label={`The ${formatCount(step.count)} who reached ${name}`}
                  onClick={() => onStep(at, false, step.breakdown_value)}
                />
              ) : (
                <div className={styles.fill} style={{ width: `${share * 100}%` }} />
              )}
              {onStep && at > 0 && lost > 0 ? (
                <button
                  type="button"
                  className={styles.drop}
                  aria-label={`The ${formatCount(lost)} who did not reach ${name}`}
                  onClick={() => onStep(at, true, step.breakdown_value)}
                />
              ) : (
                <div className={styles.drop} />
              )}
            </div>
            {at > 0 ? (
              <div className={styles.stepFoot}>
                <span>{before > 0 ? formatPercent(step.count / before) : "–"} of the step before</span>
                <span>{formatCount(lost)} dropped off</span>
                {step.median_conversion_time !== null ? (
                  <span>
                    {formatDuration(step.median_conversion_time)} median
                    {step.average_conversion_time !== null
                      ? `, ${formatDuration(step.average_conversion_time)} average`
                      : ""}
                  </span>
                ) : null}
              </div>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}

interface Drawn {
  height: ChartHeight;
  handle?: Ref<ChartHandle>;
}

function TimeBins({
  answer,
  height,
  handle,
  onConverted,
}: Drawn & { answer: TimeToConvert; onConverted?: () => void }) {
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
        handle={handle}
        onPoint={onConverted ? () => onConverted() : undefined}
      />
    </>
  );
}

function Conversion({
  lines,
  height,
  handle,
  onEntered,
}: Drawn & { lines: TrendResult[]; onEntered?: FunnelAnswerProps["onEntered"] }) {
  const option = useCallback(
    (palette: Palette) => overTime(lines, "ActionsLineGraph", palette, (share) => `${formatCount(share)} %`),
    [lines],
  );
  if (lines.length === 0) return <Empty title="Nobody entered this funnel" />;
  return (
    <Chart
      label="Conversion over time, in percent"
      height={height}
      option={option}
      handle={handle}
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
