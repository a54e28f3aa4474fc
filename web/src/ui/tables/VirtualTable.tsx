import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { formatValue } from "@/ui/format";
import styles from "@/ui/tables/tables.module.css";

const ROW_HEIGHT = 33;
const CHARACTER = 7.6; // pixels, of the text size used here
const SAMPLE = 200; // rows that decide the width of a column

function widthOf(name: string, at: number, rows: unknown[][]): number {
  let longest = name.length + 1;
  for (const row of rows.slice(0, SAMPLE)) longest = Math.max(longest, formatValue(row[at]).length);
  return Math.min(420, Math.max(72, Math.round(longest * CHARACTER) + 30));
}

/** Any number of rows: only those in sight are in the page. */
export function VirtualTable({ label, columns, rows }: { label: string; columns: string[]; rows: unknown[][] }) {
  const frame = useRef<HTMLDivElement>(null);
  const widths = useMemo(() => columns.map((name, at) => widthOf(name, at, rows)), [columns, rows]);
  const numeric = useMemo(
    () => columns.map((_, at) => rows.slice(0, SAMPLE).every((row) => row[at] === null || typeof row[at] === "number")),
    [columns, rows],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot leave out rows
    <div
      ref={frame}
      className={styles.grid}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      {/* biome-ignore-start lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore-start lint/a11y/useFocusableInteractive: cells are read, not used */}
      <div className={styles.gridHead} role="row" aria-rowindex={1}>
        {columns.map((name, at) => (
          <div
            key={`${at}-${name}`}
            role="columnheader"
            className={numeric[at] ? styles.right : undefined}
            style={{ width: widths[at] }}
          >
            {name}
          </div>
        ))}
      </div>
      <div className={styles.gridBody} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            role="row"
            aria-rowindex={item.index + 2}
            className={styles.gridRow}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {columns.map((name, at) => {
              const value = rows[item.index]?.[at];
              const text = formatValue(value);
              return (
                <div
                  key={`${at}-${name}`}
                  role="cell"
                  className={numeric[at] ? styles.right : undefined}
                  style={{ width: widths[at] }}
                  title={text.length > 40 ? text.slice(0, 2000) : undefined}
                >
                  {value === null || value === undefined ? <span className="quiet">null</span> : text.slice(0, 2000)}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      {/* biome-ignore-end lint/a11y/useFocusableInteractive: see above */}
      {/* biome-ignore-end lint/a11y/useSemanticElements: see above */}
    </div>
  );
}
