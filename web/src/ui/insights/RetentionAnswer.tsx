import { useCallback } from "react";
import type { RetentionRow } from "@/api/insights";
import { useProject } from "@/api/session";
import type { ChartHeight } from "@/ui/charts/Chart";
import { formatDay, formatHour } from "@/ui/format";
import styles from "@/ui/insights/insights.module.css";
import { breakdownName } from "@/ui/insights/names";
import { RetentionCurve } from "@/ui/insights/RetentionCurve";
import { RetentionMatrix } from "@/ui/insights/RetentionMatrix";
import { blocksOf, type Period, type Reference } from "@/ui/insights/retention";
import { Empty } from "@/ui/states/States";

/** A cell was chosen: of which cohort (its row, and what it is called), and which column. */
export type OnCell = (
  row: number,
  column: number,
  names: { cohort: string; column: string },
  breakdown: RetentionRow["breakdown_value"],
) => void;

interface RetentionAnswerProps {
  rows: RetentionRow[];
  period: Period;
  reference: Reference;
  /** Widths of the columns after the first, where they are not one period each. */
  brackets?: number[];
  /** As lines instead of a table of shares. */
  curve?: boolean;
  height: ChartHeight;
  onCell?: OnCell;
}

/** Who came back: a row for each cohort, a column for each interval after it; with a breakdown for each of its values. */
export function RetentionAnswer({ rows, curve, height, onCell, ...shown }: RetentionAnswerProps) {
  const { timezone } = useProject();
  const hourly = shown.period === "Hour";
  const cohortOf = useCallback(
    (row: RetentionRow) => (hourly ? formatHour : formatDay)(row.date, timezone),
    [hourly, timezone],
  );
  const blocks = blocksOf(rows).filter((block) => block.rows.some((row) => (row.values[0]?.count ?? 0) > 0));
  if (blocks.length === 0) {
    return <Empty title="Nobody started in this range">Try a longer range, or another first event.</Empty>;
  }
  const many = blocks.length > 1 || blocks[0]?.value !== undefined;
  return (
    <div className={many ? styles.funnels : styles.fills}>
      {blocks.map(({ value, rows: own }) => {
        const choose = onCell
          ? (row: number, column: number) =>
              own[row] &&
              onCell(
                row,
                column,
                { cohort: cohortOf(own[row]), column: own[row].values[column]?.label ?? String(column) },
                value,
              )
          : undefined;
        return (
          <section key={JSON.stringify(value ?? null)} className={many ? undefined : styles.fills}>
            {many ? <h3>{breakdownName(value)}</h3> : null}
            {curve ? (
              <RetentionCurve {...shown} rows={own} cohortOf={cohortOf} height={many ? 260 : height} onCell={choose} />
            ) : (
              <RetentionMatrix {...shown} rows={own} cohortOf={cohortOf} onCell={choose} />
            )}
          </section>
        );
      })}
    </div>
  );
}
