import type { ReactNode } from "react";
import styles from "@/ui/tables/tables.module.css";

export interface Column<Row> {
  name: string;
  cell: (row: Row) => ReactNode;
  number?: boolean;
}

export interface TableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row, at: number) => string | number;
  wrap?: boolean;
}

/** A table of some dozens of rows. For thousands see {@link VirtualTable}. */
export function Table<Row>({ label, columns, rows, keyOf, wrap = false }: TableProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <table className={wrap ? `${styles.table} ${styles.wrap}` : styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={column.number ? styles.number : undefined}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={keyOf(row, at)}>
              {columns.map((column) => (
                <td key={column.name} className={column.number ? styles.number : undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
