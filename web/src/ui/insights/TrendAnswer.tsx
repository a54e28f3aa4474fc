import { type Ref, useCallback } from "react";
import type { LifecycleQuery, StickinessQuery, TrendResult, TrendsQuery } from "@/api/insights";
import { Chart, type ChartHandle, type ChartHeight } from "@/ui/charts/Chart";
import { type Palette, seriesToken } from "@/ui/charts/palette";
import { countryName, WorldMap } from "@/ui/charts/WorldMap";
import { formatCount, formatPercent } from "@/ui/format";
import styles from "@/ui/insights/insights.module.css";
import { bucketName, lineName } from "@/ui/insights/names";
import { overTime, totals } from "@/ui/insights/trendOptions";
import { Empty } from "@/ui/states/States";
import { Table } from "@/ui/tables/Table";

const MOST_IN_LEGEND = 12;

interface TrendAnswerProps {
  query: TrendsQuery | StickinessQuery | LifecycleQuery;
  lines: TrendResult[];
  height: ChartHeight;
  handle?: Ref<ChartHandle>;
  /** A point was chosen: which line, and which of its buckets. */
  onPoint?: (line: TrendResult, at: number) => void;
}

/** Trends in every display, stickiness and lifecycles. */
export function TrendAnswer({ query, lines, height, handle, onPoint }: TrendAnswerProps) {
  const display = query.kind === "TrendsQuery" ? (query.trendsFilter?.display ?? "ActionsLineGraph") : null;
  const many = new Set(lines.map((line) => line.action?.order)).size > 1;
  const option = useCallback(
    (palette: Palette) => {
      if (display === "ActionsPie" || display === "ActionsBarValue") return totals(lines, display, palette);
      return overTime(lines, display ?? (query.kind === "LifecycleQuery" ? "Lifecycle" : "Stickiness"), palette);
    },
    [lines, display, query.kind],
  );
  const nothing = lines.every((line) => !line.aggregated_value && line.data.every((value) => value === 0));
  if (lines.length === 0 || (nothing && display !== "BoldNumber")) {
    return <Empty title="Nothing in this range">No event matches. Try a longer range, or fewer filters.</Empty>;
  }
  if (display === "BoldNumber") {
    return <BoldNumber lines={lines} onPoint={onPoint} />;
  }
  if (display === "WorldMap" && query.kind === "TrendsQuery" && countsCountries(query)) {
    return (
      <WorldMap
        label={`Map of ${lines[0]?.action?.custom_name || lines[0]?.action?.name || "the world"}, by country`}
        counted={lines[0]?.action?.custom_name || lines[0]?.action?.name || "Total"}
        height={height}
        handle={handle}
        values={lines.map((line) => ({
          code: String(line.breakdown_value ?? ""),
          value: line.aggregated_value ?? line.count,
        }))}
        onCountry={
          onPoint
            ? (code) => {
                const line = lines.find((one) => one.breakdown_value === code);
                if (line) onPoint(line, -1);
              }
            : undefined
        }
      />
    );
  }
  if (display === "ActionsTable" || display === "WorldMap") return <Totals lines={lines} onPoint={onPoint} />;
  const overDays = display !== "ActionsPie" && display !== "ActionsBarValue";
  return (
    <>
      {lines.length > 1 && overDays ? (
        <ul className={styles.legend} aria-label="Series">
          {lines.slice(0, MOST_IN_LEGEND).map((line, at) => (
            <li key={`${at}-${line.label}`} title={lineName(line, many)}>
              <i style={{ background: line.status ? lifecycleToken(line.status) : seriesToken(at) }} />
              {lineName(line, many)}
            </li>
          ))}
          {lines.length > MOST_IN_LEGEND ? <li>and {lines.length - MOST_IN_LEGEND} more</li> : null}
        </ul>
      ) : null}
      <Chart
        label={`Chart of ${lines
          .slice(0, 3)
          .map((line) => lineName(line, many))
          .join(", ")}`}
        height={height}
        option={option}
        handle={handle}
        onPoint={
          onPoint
            ? ({ seriesIndex, dataIndex }) => {
                const line = overDays
                  ? lines[seriesIndex]
                  : lines[display === "ActionsBarValue" ? lines.length - 1 - dataIndex : dataIndex];
                if (line) onPoint(line, overDays ? dataIndex : -1);
              }
            : undefined
        }
      />
    </>
  );
}

/** A map needs countries by their codes; broken down by anything else the same numbers are a table. */
const countsCountries = (query: TrendsQuery) => query.breakdownFilter?.breakdown === "$geoip_country_code";

type Chosen = Pick<TrendAnswerProps, "lines" | "onPoint">;
const totalOf = (line: TrendResult) => line.aggregated_value ?? line.count;

function BoldNumber({ lines, onPoint }: Chosen) {
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

function Totals({ lines, onPoint }: Chosen) {
  const many = new Set(lines.map((line) => line.action?.order)).size > 1;
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
          cell: (line) =>
            onPoint && totalOf(line) > 0 ? (
              <button type="button" className={styles.cell} onClick={() => onPoint(line, -1)}>
                {formatCount(totalOf(line))}
              </button>
            ) : (
              formatCount(totalOf(line))
            ),
        },
      ]}
    />
  );
}

const lifecycleToken = (status: string) =>
  ({ new: "var(--c3)", returning: "var(--c1)", resurrecting: "var(--c6)", dormant: "var(--c2)" })[status];

/** The same numbers as a table. */
export function TrendTable({ lines }: { lines: TrendResult[] }) {
  const many = new Set(lines.map((line) => line.action?.order)).size > 1;
  const longest = lines.find((line) => line.labels.length > 0);
  const labels = (longest?.labels ?? []).map((_, at) => bucketName(longest as TrendResult, at));
  return (
    <Table
      label="Numbers of the chart"
      rows={lines.map((line, at) => ({ line, at }))}
      keyOf={({ at }) => at}
      columns={[
        {
          name: "Series",
          cell: ({ line, at }) => (
            <>
              <i
                className={styles.swatch}
                style={{ background: line.status ? lifecycleToken(line.status) : seriesToken(at) }}
              />
              {lineName(line, many)}
            </>
          ),
        },
        { name: "Total", number: true, cell: ({ line }) => formatCount(line.aggregated_value ?? line.count) },
        ...labels.map((name, bucket) => ({
          name: labels.indexOf(name) === bucket ? name : `${name} (${bucket + 1})`,
          number: true,
          cell: ({ line }: { line: TrendResult }) => formatCount(line.data[bucket] ?? 0),
        })),
      ]}
    />
  );
}
