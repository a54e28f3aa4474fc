import type { QueryAnswer } from "@/api/query";
import { formatCount, formatValue } from "@/ui/format";
import styles from "@/ui/insights/insights.module.css";
import { Empty } from "@/ui/states/States";
import { Table } from "@/ui/tables/Table";

const MOST = 200; // rows; the SQL page shows them all

/** The rows of an SQL question on a dashboard. A single number is written large. */
export function SqlAnswer({ answer }: { answer: QueryAnswer<unknown> }) {
  const rows = (answer.results ?? []) as unknown[][];
  const columns = answer.columns ?? rows[0]?.map((_, at) => String(at + 1)) ?? [];
  const only = rows[0]?.[0];
  if (rows.length === 0) return <Empty title="No rows" />;
  if (rows.length === 1 && columns.length === 1 && typeof only === "number") {
    return (
      <div className={styles.bold}>
        <strong>{formatCount(only)}</strong>
        <span className="quiet">{columns[0]}</span>
      </div>
    );
  }
  return (
    <>
      <Table
        label="Rows"
        rows={rows.slice(0, MOST)}
        keyOf={(_, at) => at}
        columns={columns.map((name, at) => ({
          name: columns.indexOf(name) === at ? name : `${name} (${at + 1})`,
          number: rows.every((row) => row[at] === null || typeof row[at] === "number"),
          cell: (row: unknown[]) => (typeof row[at] === "number" ? formatCount(row[at]) : formatValue(row[at])),
        }))}
      />
      {rows.length > MOST ? <p className="quiet">The first {MOST} rows.</p> : null}
    </>
  );
}
