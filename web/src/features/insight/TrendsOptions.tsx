import { Select, Switch } from "@mantine/core";
import type {
  CalendarHeatmapQuery,
  CompareFilter,
  InsightQuery,
  Interval,
  TrendsDisplay,
  TrendsQuery,
} from "@/api/insights";
import styles from "@/features/insight/InsightPage.module.css";
import { asKind } from "@/features/insight/kinds";
import { isBoxPlot } from "@/ui/insights/boxes";
import { needsProperty } from "@/ui/insights/maths";

type Display = TrendsDisplay | "CalendarHeatmap";

const DISPLAYS: { value: Display; label: string }[] = [
  { value: "ActionsLineGraph", label: "Line" },
  { value: "ActionsAreaGraph", label: "Area" },
  { value: "ActionsUnstackedBar", label: "Bars" },
  { value: "ActionsBar", label: "Stacked bars" },
  { value: "ActionsLineGraphCumulative", label: "Cumulative" },
  { value: "SlopeGraph", label: "Slope" },
  { value: "BoxPlot", label: "Box plot" },
  { value: "CalendarHeatmap", label: "Heatmap" },
  { value: "BoldNumber", label: "Number" },
  { value: "ActionsBarValue", label: "Totals as bars" },
  { value: "ActionsPie", label: "Pie" },
  { value: "WorldMap", label: "World map" },
  { value: "ActionsTable", label: "Table" },
];
const TOTALS = new Set<TrendsDisplay>(["BoldNumber", "ActionsBarValue", "ActionsPie", "WorldMap", "ActionsTable"]);

/** One number for each series, so that neither an interval nor smoothing means anything. */
export const isTotal = (query: TrendsQuery) => TOTALS.has(query.trendsFilter?.display ?? "ActionsLineGraph");

/**
 * Another display of the same question; a map needs countries to draw, so it breaks down by them, and a box plot needs
 * the property whose numbers it shows.
 */
function withDisplay(query: TrendsQuery, display: TrendsDisplay): TrendsQuery {
  const trendsFilter = { ...query.trendsFilter, display };
  if (display === "BoxPlot") {
    const series = query.series.map((one) => (needsProperty(one.math) ? one : { ...one, math: "avg" }));
    return { ...query, series, trendsFilter };
  }
  if (display !== "WorldMap") return { ...query, trendsFilter };
  return {
    ...query,
    trendsFilter,
    breakdownFilter: { breakdown: "$geoip_country_code", breakdown_type: "event", breakdown_limit: 300 },
  };
}

const INTERVALS: Interval[] = ["minute", "hour", "day", "week", "month"];

export function IntervalSelect({
  value,
  onChange,
}: {
  value: Interval | undefined;
  onChange: (interval: Interval) => void;
}) {
  return (
    <Select
      className={styles.short}
      aria-label="Interval"
      data={INTERVALS.map((interval) => ({ value: interval, label: `by ${interval}` }))}
      value={value ?? "day"}
      onChange={(interval) => interval && onChange(interval as Interval)}
    />
  );
}

const COMPARE = [
  { value: "", label: "No comparison" },
  { value: "previous", label: "Previous period" },
  { value: "-1d", label: "A day before" },
  { value: "-1w", label: "A week before" },
  { value: "-1m", label: "A month before" },
  { value: "-1q", label: "A quarter before" },
  { value: "-1y", label: "A year before" },
];

export function CompareSelect({
  value,
  onChange,
}: {
  value: CompareFilter | undefined;
  onChange: (compare: CompareFilter | undefined) => void;
}) {
  const chosen = value?.compare ? (value.compare_to ?? "previous") : "";
  const data = COMPARE.some((known) => known.value === chosen)
    ? COMPARE
    : [...COMPARE, { value: chosen, label: `Earlier by ${chosen.replace("-", "")}` }];
  return (
    <Select
      className={styles.math}
      aria-label="Compare"
      data={data}
      value={chosen}
      onChange={(to) =>
        onChange(!to ? undefined : to === "previous" ? { compare: true } : { compare: true, compare_to: to })
      }
    />
  );
}

/** Whether the interval that is not over yet is left out; totals have none. */
export function WholeIntervals({ query, onChange }: { query: TrendsQuery; onChange: (query: TrendsQuery) => void }) {
  if (isTotal(query)) return null;
  return (
    <Switch
      size="xs"
      label="Whole intervals only"
      title="Leave out the interval that is not over yet"
      checked={query.dateRange?.excludeIncompletePeriods ?? false}
      onChange={(event) => {
        const excludeIncompletePeriods = event.currentTarget.checked || undefined;
        onChange({ ...query, dateRange: { ...query.dateRange, excludeIncompletePeriods } });
      }}
    />
  );
}

const SMOOTHING = [1, 3, 7, 14, 28];

export function TrendsOptions({ query, onChange }: { query: TrendsQuery; onChange: (query: TrendsQuery) => void }) {
  const filter = query.trendsFilter ?? {};
  const points = filter.smoothingIntervals ?? 1;
  return (
    <>
      {isBoxPlot(query) ? null : (
        <CompareSelect
          value={query.compareFilter}
          onChange={(compareFilter) => onChange({ ...query, compareFilter })}
        />
      )}
      {isTotal(query) || isBoxPlot(query) ? null : (
        <Select
          className={styles.narrow}
          aria-label="Smoothing"
          title="Each point is the mean of so many, down to a whole number"
          data={[...new Set([...SMOOTHING, points])].map((count) => ({
            value: String(count),
            label: count === 1 ? "Not smoothed" : `Mean of ${count}`,
          }))}
          value={String(points)}
          onChange={(count) =>
            onChange({
              ...query,
              trendsFilter: { ...filter, smoothingIntervals: count === "1" ? undefined : Number(count) },
            })
          }
        />
      )}
    </>
  );
}

const displayOf = (query: TrendsQuery | CalendarHeatmapQuery): Display => {
  if (query.kind === "CalendarHeatmapQuery") return "CalendarHeatmap";
  const display = query.trendsFilter?.display ?? "ActionsLineGraph";
  return display === "ActionsStackedBar" ? "ActionsBar" : display;
};

interface DisplaySelectProps {
  query: TrendsQuery | CalendarHeatmapQuery;
  onChange: (query: InsightQuery) => void;
}

/** How a trend is drawn. A calendar heatmap is another kind of question about the same event. */
export function DisplaySelect({ query, onChange }: DisplaySelectProps) {
  return (
    <Select
      className={styles.narrow}
      aria-label="Display"
      data={DISPLAYS}
      value={displayOf(query)}
      maxDropdownHeight={340}
      onChange={(next) => {
        const display = next as Display;
        if (display === "CalendarHeatmap") return onChange(asKind(query, "CalendarHeatmapQuery"));
        const trends = asKind(query, "TrendsQuery");
        if (trends.kind === "TrendsQuery") onChange(withDisplay(trends, display));
      }}
    />
  );
}
