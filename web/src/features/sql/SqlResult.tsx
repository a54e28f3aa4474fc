import styles from "@/features/sql/SqlPage.module.css";
import type { SqlRun } from "@/features/sql/useSqlRun";
import { formatBytes, formatCount, formatDuration } from "@/ui/format";
import { Empty, Loading, messageOf } from "@/ui/states/States";
import { VirtualTable } from "@/ui/tables/VirtualTable";

/** The rows, and below them how many there are, how long it took and how much was read. */
export function SqlResult({ run }: { run: SqlRun }) {
  const { answer, problem } = run;
  if (problem) {
    return (
      <div className={styles.problem} role="alert">
        <strong>This cannot be answered</strong>
        <pre>{messageOf(problem)}</pre>
      </div>
    );
  }
  if (run.running && !answer) return <Loading lines={9} />;
  if (run.cancelled) return <Empty title="Cancelled">Nothing was changed; run it again at any time.</Empty>;
  if (!answer) return <Empty title="Run to see rows">Press Ctrl Enter in the editor, or the button.</Empty>;

  const { rows_read: rowsRead, bytes_read: bytesRead, seconds = run.seconds } = answer.statistics ?? {};
  return (
    <div className={styles.answer} data-stale={run.running || undefined}>
      {answer.results.length === 0 ? (
        <Empty title="No rows">The question was answered; nothing matches.</Empty>
      ) : (
        <VirtualTable label="Result" columns={answer.columns ?? []} rows={answer.results} />
      )}
      <footer className={styles.footer} aria-live="polite">
        <span>
          {formatCount(answer.results.length)} {answer.results.length === 1 ? "row" : "rows"}
          {answer.hasMore ? " (there are more: add LIMIT)" : ""}
        </span>
        {seconds !== null && seconds !== undefined ? <span>{formatDuration(seconds)}</span> : null}
        {rowsRead !== undefined ? <span>{formatCount(rowsRead)} rows read</span> : null}
        {bytesRead !== undefined ? <span>{formatBytes(bytesRead)} read</span> : null}
      </footer>
    </div>
  );
}
