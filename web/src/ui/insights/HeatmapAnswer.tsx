import type { HeatmapCells } from "@/api/insights";
import { useProject } from "@/api/session";
import { formatCount, formatShort } from "@/ui/format";
import { HOURS, heatmapRows, hourTotals } from "@/ui/insights/heatmap";
import styles from "@/ui/insights/insights.module.css";
import { Empty } from "@/ui/states/States";

// Percent of the accent in the fullest cell: the most on which ink is still well read, in both themes.
const DEEPEST = 45;

/** At which hours of which weekdays something happens: the deeper the colour the more. Totals count everybody once. */
export function HeatmapAnswer({ found }: { found: HeatmapCells }) {
  const { week_start_day } = useProject();
  if (found.data.length === 0) {
    return <Empty title="Nothing in this range">No event matches. Try a longer range, or fewer filters.</Empty>;
  }
  const rows = heatmapRows(found, week_start_day ?? 0);
  const most = Math.max(1e-9, ...found.data.map(({ value }) => value));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Weekdays by hour">
      <table className={`${styles.matrix} ${styles.hours}`}>
        <thead>
          <tr>
            <th scope="col">Hour</th>
            {HOURS.map((hour) => (
              <th key={hour} scope="col">
                {hour}
              </th>
            ))}
            <th scope="col">All</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ weekday, name, cells, total }) => (
            <tr key={weekday}>
              <th scope="row">{name}</th>
              {cells.map((value, hour) => (
                <td
                  key={hour}
                  title={`${name}, ${hour}:00 to ${hour + 1}:00: ${formatCount(value)}`}
                  style={{
                    background: `color-mix(in srgb, var(--c1) ${Math.round((value / most) * DEEPEST)}%, var(--sunken))`,
                  }}
                >
                  {value === 0 ? "" : formatShort(value)}
                </td>
              ))}
              <td className={styles.size}>{formatShort(total)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">All</th>
            {hourTotals(found).map((value, hour) => (
              <td key={hour} className={styles.size}>
                {formatShort(value)}
              </td>
            ))}
            <td className={styles.size}>{formatShort(found.allAggregations)}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
