import type { TrendResult } from "@/api/insights";
import { countryName } from "@/ui/charts/WorldMap";
import { formatCount, formatPercent } from "@/ui/format";
import styles from "@/ui/insights/insights.module.css";
import { lineName, manySeries } from "@/ui/insights/names";
import { PeopleNumber } from "@/ui/insights/PeopleNumber";
import { Table } from "@/ui/tables/Table";

interface TotalsProps {
  lines: TrendResult[];
  onPoint?: (line: TrendResult, at: number) => void;
}

const totalOf = (line: TrendResult) => line.aggregated_value ?? line.count;

/** One number, written large, and how it changed. */
export function BoldNumber({ lines, onPoint }: TotalsProps) {
  const line = lines.find((one) => one.compare_label !== "previous") ?? lines[0];
  const before = lines.find((one) => one.compare_label === "previous");
  if (!line) return null;
  const change = before && totalOf(before) ? totalOf(line) / totalOf(before) - 1 : null;
  const number = <strong>{formatCount(totalOf(line))}</strong>;
  return (
    <div className={styles.bold}>
      {onPoint && totalOf(line) > 0 ? (
        <button type="button" onClick={() => onPoint(line, -1)} title="Show the people">
          {number}
        </button>
      ) : (
        number
      )}
      <span className="quiet">{lineName(line, false)}</span>
      {change !== null ? (
        <span className="quiet">
          {change > 0 ? "+" : ""}
          {formatPercent(change)} to the previous period
        </span>
      ) : null}
    </div>
  );
}

/** A number for each line, the largest first. */
export function Totals({ lines, onPoint }: TotalsProps) {
  const many = manySeries(lines);
  return (
    <Table
      label="Totals"
      rows={[...lines].sort((a, b) => totalOf(b) - totalOf(a))}
      keyOf={(_, at) => at}
      columns={[
        { name: "Series", cell: (line) => countryName(lineName(line, many)) },
        {
          name: "Total",
          number: true,
          cell: (line) => (
            <PeopleNumber
              value={totalOf(line)}
              of={lineName(line, many)}
              onClick={onPoint ? () => onPoint(line, -1) : undefined}
            />
          ),
        },
      ]}
    />
  );
}
