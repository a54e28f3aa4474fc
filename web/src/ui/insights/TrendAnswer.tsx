import { useCallback, useMemo } from "react";
import type { LifecycleQuery, StickinessQuery, TrendResult, TrendsQuery } from "@/api/insights";
import { Chart, type ChartHeight } from "@/ui/charts/Chart";
import { type Palette, seriesToken } from "@/ui/charts/palette";
import { WorldMap } from "@/ui/charts/WorldMap";
import styles from "@/ui/insights/insights.module.css";
import { colorOf } from "@/ui/insights/lineColors";
import type { Mark } from "@/ui/insights/marks";
import { lineName, manySeries } from "@/ui/insights/names";
import { BoldNumber, Totals } from "@/ui/insights/TrendTotals";
import { heightsOf, overTime, totals } from "@/ui/insights/trendOptions";
import { Empty } from "@/ui/states/States";

const MOST_IN_LEGEND = 12;
const NO_MARKS: Mark[] = [];

interface TrendAnswerProps {
  query: TrendsQuery | StickinessQuery | LifecycleQuery;
  lines: TrendResult[];
  marks?: Mark[];
  height: ChartHeight;
  /** A point was chosen: which line, and which of its buckets. */
  onPoint?: (line: TrendResult, at: number) => void;
}

/** The lines that are shown: of a lifecycle some of the four can be switched off. */
export function shownLines(query: TrendAnswerProps["query"], lines: TrendResult[]): TrendResult[] {
  const chosen = query.kind === "LifecycleQuery" ? query.lifecycleFilter?.toggledLifecycles : undefined;
  return chosen ? lines.filter((line) => !line.status || chosen.includes(line.status)) : lines;
}

/** Trends in every display, stickiness and lifecycles. */
export function TrendAnswer({ query, lines: all, marks = NO_MARKS, height, onPoint }: TrendAnswerProps) {
  const toggled = JSON.stringify(query.kind === "LifecycleQuery" ? query.lifecycleFilter : null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the query only the switches matter
  const lines = useMemo(() => shownLines(query, all), [toggled, all]);
  const display = query.kind === "TrendsQuery" ? (query.trendsFilter?.display ?? "ActionsLineGraph") : null;
  const drawn = display ?? (query.kind === "LifecycleQuery" ? "Lifecycle" : "Stickiness");
  const many = manySeries(lines);
  const option = useCallback(
    (palette: Palette) =>
      drawn === "ActionsPie" || drawn === "ActionsBarValue"
        ? totals(lines, drawn, palette)
        : overTime(lines, drawn, palette, undefined, marks),
    [lines, drawn, marks],
  );
  const nothing = lines.every((line) => !line.aggregated_value && (line.data ?? []).every((value) => value === 0));
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
      {lines.length > 1 && display !== "ActionsBarValue" ? <Legend lines={lines} many={many} /> : null}
      <Chart
        label={`Chart of ${lines
          .slice(0, 3)
          .map((line) => lineName(line, many))
          .join(", ")}`}
        height={height}
        option={option}
        heights={overDays ? heightsOf(lines, drawn) : undefined}
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

function Legend({ lines, many }: { lines: TrendResult[]; many: boolean }) {
  return (
    <ul className={styles.legend} aria-label="Series">
      {lines.slice(0, MOST_IN_LEGEND).map((line, at) => (
        <li key={`${at}-${line.label}`} title={lineName(line, many)}>
          <i
            style={{ background: seriesToken(colorOf(lines, at)) }}
            data-previous={line.compare_label === "previous" || undefined}
          />
          {lineName(line, many)}
        </li>
      ))}
      {lines.length > MOST_IN_LEGEND ? <li>and {lines.length - MOST_IN_LEGEND} more</li> : null}
    </ul>
  );
}
