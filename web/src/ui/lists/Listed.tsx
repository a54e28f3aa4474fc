import type { ReactNode } from "react";
import { Failure, Loading } from "@/ui/states/States";
import { Table, type TableProps } from "@/ui/tables/Table";

interface ListedProps<Row> extends Omit<TableProps<Row>, "rows"> {
  /** The question whose answer is listed. */
  asked: { error: unknown; refetch: () => unknown; data?: { results: Row[] } };
  /** Those rows of the answer that are shown; all when left out. */
  rows?: Row[];
  /** How many lines are drawn while nothing is known. */
  lines?: number;
  /** What stands there when there are no rows. */
  empty: ReactNode;
}

/** A page of a list: loading, failed, empty, or its table. */
export function Listed<Row>({ asked, rows = asked.data?.results, lines, empty, ...table }: ListedProps<Row>) {
  if (asked.error) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
  if (!asked.data || !rows) return <Loading lines={lines} />;
  return rows.length === 0 ? empty : <Table {...table} rows={rows} />;
}
