import type { RetentionRow } from "@/api/insights";
import { formatCount, formatPercent } from "@/ui/format";
import styles from "@/ui/insights/insights.module.css";
import { type Drawing, hasBegun, shareOf, startsOf } from "@/ui/insights/retention";

// Percent of the accent in the fullest cell: the most on which ink is still well read, in both themes.
const DEEPEST = 45;

interface RetentionMatrixProps extends Drawing {
  rows: RetentionRow[];
  cohortOf: (row: RetentionRow) => string;
  onCell?: (row: number, column: number) => void;
}

/** Shares of each cohort, or numbers of what they did: the deeper the colour the more. Columns that nobody can be in yet are empty. */
export function RetentionMatrix({ rows, period, reference, brackets, cohortOf, onCell }: RetentionMatrixProps) {
  const longest = rows.reduce((a, b) => (b.values.length > a.values.length ? b : a), rows[0] as RetentionRow);
  // Of a property's numbers the largest is the fullest cell.
  const amounts = rows.some((row) => row.values.some((value) => typeof value.aggregation_value === "number"));
  const most = Math.max(1e-9, ...rows.flatMap((row) => row.values.map((value) => value.aggregation_value ?? 0)));
  const starts = startsOf(longest.values.length, brackets);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Retention">
      <table className={styles.matrix}>
        <thead>
          <tr>
            <th scope="col">Cohort</th>
            <th scope="col">Size</th>
            {longest.values.map((value, at) => (
              <th key={at} scope="col">
                {value.label ?? at}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => {
            const size = row.values[0]?.count ?? 0;
            return (
              <tr key={row.date}>
                <th scope="row">{cohortOf(row)}</th>
                <td className={styles.size}>{formatCount(size)}</td>
                {row.values.map((value, column) => {
                  if (!hasBegun(row, starts[column] ?? column, period)) return <td key={column} />;
                  const share = shareOf(row, column, reference);
                  const amount = value.aggregation_value ?? 0;
                  const full = amounts ? Math.max(0, amount) / most : (share ?? 0);
                  const strength = Math.round(Math.min(1, full) * DEEPEST);
                  const text = share === null ? "" : amounts ? formatCount(amount) : formatPercent(share, 0);
                  return (
                    <td
                      key={column}
                      title={`${formatCount(value.count)} of ${formatCount(size)}`}
                      style={{
                        background:
                          share === null ? undefined : `color-mix(in srgb, var(--c1) ${strength}%, var(--sunken))`,
                      }}
                    >
                      {onCell && value.count > 0 ? (
                        <button
                          type="button"
                          className={styles.cell}
                          aria-label={`${text}: the ${formatCount(value.count)} of ${cohortOf(row)}, ${value.label ?? column}`}
                          onClick={() => onCell(at, column)}
                        >
                          {text}
                        </button>
                      ) : (
                        text
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
