import type { TrendResult } from "@/api/insights";
import { seriesToken } from "@/ui/charts/palette";
import styles from "@/ui/insights/insights.module.css";
import { colorOf } from "@/ui/insights/lineColors";
import type { Mark } from "@/ui/insights/marks";
import { bucketName, lineName, manySeries } from "@/ui/insights/names";
import { PeopleNumber } from "@/ui/insights/PeopleNumber";
import { Table } from "@/ui/tables/Table";

interface TrendTableProps {
  lines: TrendResult[];
  marks?: Mark[];
  onPoint?: (line: TrendResult, at: number) => void;
}

/** The numbers of a chart over time as a table, each opening its people, and the annotations in words. */
export function TrendTable({ lines, marks = [], onPoint }: TrendTableProps) {
  const many = manySeries(lines);
  const longest = lines.find((line) => line.labels.length > 0);
  const labels = (longest?.labels ?? []).map((_, at) => bucketName(longest as TrendResult, at));
  const isTotal = (line: TrendResult) => line.aggregated_value !== undefined && line.aggregated_value !== null;
  return (
    <>
      <Table
        label="Numbers of the chart"
        rows={lines.map((line, at) => ({ line, at }))}
        keyOf={({ at }) => at}
        columns={[
          {
            name: "Series",
            cell: ({ line, at }) => (
              <>
                <i className={styles.swatch} style={{ background: seriesToken(colorOf(lines, at)) }} />
                {lineName(line, many)}
              </>
            ),
          },
          {
            name: "Total",
            number: true,
            cell: ({ line }) => (
              <PeopleNumber
                value={line.aggregated_value ?? line.count}
                of={lineName(line, many)}
                onClick={onPoint && isTotal(line) ? () => onPoint(line, -1) : undefined}
              />
            ),
          },
          ...labels.map((name, bucket) => ({
            name: labels.indexOf(name) === bucket ? name : `${name} (${bucket + 1})`,
            number: true,
            cell: ({ line }: { line: TrendResult }) => (
              <PeopleNumber
                value={line.data?.[bucket] ?? 0}
                of={`${lineName(line, many)}, ${name}`}
                onClick={onPoint ? () => onPoint(line, bucket) : undefined}
              />
            ),
          })),
        ]}
      />
      {marks.length > 0 ? (
        <ul className={styles.marks} aria-label="Annotations">
          {marks.map(({ at, texts }) => (
            <li key={at}>
              <strong>{labels[at]}</strong> {texts.join(" · ")}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
