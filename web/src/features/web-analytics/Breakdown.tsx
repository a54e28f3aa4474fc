import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { DateRange, PropertyFilter } from "@/api/insights";
import { useAnswer } from "@/api/query";
import styles from "@/features/web-analytics/web.module.css";
import { formatCount, formatValue } from "@/ui/format";
import { Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";

interface BreakdownProps {
  title: string;
  forms: { label: string; breakdownBy: string }[];
  range: DateRange;
  filters: PropertyFilter[];
}

/** A cell is the present number, or a pair of it and that of the period before. */
const present = (cell: unknown): number => Number(Array.isArray(cell) ? cell[0] : cell) || 0;

/** Country codes by their names in the viewer's language. */
function nameOf(breakdownBy: string, value: unknown): string {
  const text = formatValue(value);
  if (text === "") return breakdownBy === "InitialReferringDomain" ? "Direct" : "(none)";
  if (text === "$direct") return "Direct";
  if (breakdownBy === "Country" && /^[A-Z]{2}$/.test(text)) {
    return new Intl.DisplayNames(undefined, { type: "region" }).of(text) ?? text;
  }
  return text;
}

export function Breakdown({ title, forms, range, filters }: BreakdownProps) {
  const [by, setBy] = useState(forms[0]?.breakdownBy ?? "Page");
  const asked = useAnswer<unknown[][]>({
    kind: "WebStatsTableQuery",
    breakdownBy: by,
    dateRange: range,
    properties: filters,
    limit: 10,
  });
  const rows = asked.data?.results ?? [];
  const most = Math.max(1, ...rows.map((row) => present(row[1])));
  return (
    <Panel
      title={title}
      actions={
        forms.length > 1 ? (
          <SegmentedControl
            size="xs"
            aria-label={`Form of ${title}`}
            data={forms.map((form) => ({ value: form.breakdownBy, label: form.label }))}
            value={by}
            onChange={setBy}
          />
        ) : null
      }
    >
      {asked.error && !asked.data ? (
        <Failure problem={asked.error} onRetry={() => asked.refetch()} />
      ) : !asked.data ? (
        <Loading lines={9} />
      ) : rows.length === 0 ? (
        <Empty title="Nothing in this range" />
      ) : (
        <ol className={styles.bars} aria-label={`${title}, by visitors`}>
          {rows.map((row, at) => (
            <li key={at} className={styles.bar}>
              <i style={{ width: `${(100 * present(row[1])) / most}%` }} aria-hidden />
              <span title={nameOf(by, row[0])}>{nameOf(by, row[0])}</span>
              <span>{formatCount(present(row[1]))}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
