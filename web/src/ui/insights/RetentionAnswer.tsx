import type { Ref } from "react";
import type { RetentionRow } from "@/api/insights";
import { useProject } from "@/api/session";
import type { ChartHandle, ChartHeight } from "@/ui/charts/Chart";
import { formatCount, formatDay, formatPercent } from "@/ui/format";
import styles from "@/ui/insights/insights.module.css";
import { RetentionCurve } from "@/ui/insights/RetentionCurve";
import { hasBegun, type Period } from "@/ui/insights/retention";
import { Empty } from "@/ui/states/States";

// Percent of the accent in the fullest cell: the most on which ink is still well read, in both themes.
const DEEPEST = 45;

interface RetentionAnswerProps {
  rows: RetentionRow[];
  period: Period;
  /** As lines instead of a table of shares. */
  curve?: boolean;
  height: ChartHeight;
  handle?: Ref<ChartHandle>;
  /** Those of cohort `row` who came back in interval `at`. */
  onCell?: (row: number, at: number) => void;
}

/** Who came back: a row for each cohort, a column for each interval after it. */
export function RetentionAnswer({ rows, period, curve, height, handle, onCell }: RetentionAnswerProps) {
  const { timezone } = useProject();
  if (rows.every((row) => (row.values[0]?.count ?? 0) === 0)) {
    return <Empty title="Nobody started in this range">Try a longer range, or another first event.</Empty>;
  }
  if (curve) {
    return (
      <RetentionCurve
        rows={rows}
        period={period}
        timezone={timezone}
        height={height}
        handle={handle}
        onRow={onCell ? (row) => onCell(row, 0) : undefined}
      />
    );
  }
  const columns = Math.max(...rows.map((row) => row.values.length));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Retention">
      <table className={styles.matrix}>
        <thead>
          <tr>
            <th scope="col">Cohort</th>
            <th scope="col">Size</th>
            {Array.from({ length: columns }, (_, at) => (
              <th key={at} scope="col">
                {rows[0]?.values[at]?.label ?? rows[at]?.label ?? at}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => {
            const size = row.values[0]?.count ?? 0;
            return (
              <tr key={row.date}>
                <th scope="row">{formatDay(row.date, timezone)}</th>
                <td className={styles.size}>{formatCount(size)}</td>
                {row.values.map((value, interval) => {
                  const share = size > 0 ? value.count / size : 0;
                  const strength = Math.round(Math.min(1, share) * DEEPEST);
                  if (!hasBegun(row, interval, period)) return <td key={interval} />;
                  return (
                    <td
                      key={interval}
                      title={`${formatCount(value.count)} of ${formatCount(size)}`}
                      style={{
                        background: size > 0 ? `color-mix(in srgb, var(--c1) ${strength}%, var(--sunken))` : undefined,
                      }}
                    >
                      {size === 0 ? (
                        ""
                      ) : onCell && value.count > 0 ? (
                        <button type="button" className={styles.cell} onClick={() => onCell(at, interval)}>
                          {formatPercent(share, 0)}
                        </button>
                      ) : (
                        formatPercent(share, 0)
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
