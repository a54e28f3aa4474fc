import type { ActivationRow } from "@/api/insights";
import type { QueryAnswer } from "@/api/query";
import { formatCount, formatPercent } from "@/ui/format";
import styles from "@/ui/insights/insights.module.css";
import { Empty } from "@/ui/states/States";
import { Table } from "@/ui/tables/Table";

const percent = (share: number | null) => (share === null ? "–" : formatPercent(share));
const chance = (p: number) => (p < 0.001 ? "< 0.001" : p.toFixed(3));

/** "report opened, 3 times or more in 7 days" */
export const behaviourOf = (row: ActivationRow) =>
  `${row.count === 1 ? "once" : `${formatCount(row.count)} times`} or more in ${row.within_days === 1 ? "the first day" : `${row.within_days} days`}`;

/** Early behaviours, those that divide people best by whether they came back first. */
export function ActivationAnswer({ answer }: { answer: QueryAnswer<unknown> }) {
  const rows = answer.results as ActivationRow[];
  const { summary, warnings = [] } = answer;
  const strongest = Math.max(0.0001, ...rows.map((row) => Math.abs(row.phi)));
  return (
    <div>
      <ul className={styles.notes}>
        {summary?.persons ? (
          <li>
            {formatCount(summary.persons)} people began; {percent(summary.retention ?? null)} came back from day{" "}
            {summary.retention_from_day} on. {formatCount(summary.candidates_tested ?? 0)} behaviours were compared.
          </li>
        ) : null}
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
      {rows.length === 0 ? (
        <Empty title="No behaviour to compare">
          Too few people began in this range, or all did the same. Try a longer range.
        </Empty>
      ) : (
        <Table
          label="Behaviours, the strongest first"
          rows={rows}
          keyOf={(row) => `${row.event}-${row.count}-${row.within_days}`}
          columns={[
            {
              name: "Event",
              cell: (row) => (row.is_returning_event ? `${row.event} (what counts as back)` : row.event),
            },
            { name: "How much", cell: behaviourOf },
            {
              name: "Strength",
              cell: (row) => (
                <>
                  <span className={styles.meter} aria-hidden>
                    <i style={{ width: `${(100 * Math.max(0, row.phi)) / strongest}%` }} />
                  </span>
                  {row.phi.toFixed(2)}
                </>
              ),
            },
            {
              name: "Did it",
              number: true,
              cell: (row) => `${formatPercent(row.coverage)} (${formatCount(row.persons)})`,
            },
            { name: "Came back with it", number: true, cell: (row) => percent(row.retention_with) },
            { name: "without", number: true, cell: (row) => percent(row.retention_without) },
            { name: "Lift", number: true, cell: (row) => (row.lift === null ? "–" : `${row.lift.toFixed(1)} ×`) },
            {
              name: "By chance",
              number: true,
              cell: (row) => (
                <span
                  title={`p-value, corrected for ${formatCount(summary?.candidates_tested ?? rows.length)} comparisons`}
                >
                  {row.significant ? chance(row.p_value_adjusted) : `${chance(row.p_value_adjusted)} – may be chance`}
                </span>
              ),
            },
          ]}
        />
      )}
    </div>
  );
}
