import { useCallback } from "react";
import type { Box } from "@/api/insights";
import { Chart, type ChartHeight } from "@/ui/charts/Chart";
import { type Palette, seriesToken } from "@/ui/charts/palette";
import { boxOption, boxSeries } from "@/ui/insights/boxes";
import styles from "@/ui/insights/insights.module.css";
import { Empty } from "@/ui/states/States";

/** How the numbers of a property are spread in every interval: a box of the middle half, lines to the ends. */
export function BoxAnswer({ boxes, height }: { boxes: Box[]; height: ChartHeight }) {
  const option = useCallback((palette: Palette) => boxOption(boxes, palette), [boxes]);
  if (boxes.every(({ min, max }) => min === 0 && max === 0)) {
    return <Empty title="Nothing in this range">No event has a number there. Try a longer range.</Empty>;
  }
  const series = boxSeries(boxes);
  return (
    <>
      {series.length > 1 ? (
        <ul className={styles.legend} aria-label="Series">
          {series.map(({ name }, at) => (
            <li key={name} title={name}>
              <i style={{ background: seriesToken(at) }} />
              {name}
            </li>
          ))}
        </ul>
      ) : null}
      <Chart label={`Box plot of ${series.map(({ name }) => name).join(", ")}`} height={height} option={option} />
    </>
  );
}
