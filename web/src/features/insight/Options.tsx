import { NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import type {
  FunnelsQuery,
  InsightQuery,
  Interval,
  PathsQuery,
  RetentionQuery,
  TrendsDisplay,
  TrendsQuery,
} from "@/api/insights";
import styles from "@/features/insight/InsightPage.module.css";
import { asSeries } from "@/features/insight/SeriesEditor";
import { EventPicker } from "@/ui/pickers/EventPicker";

type Change<Q extends InsightQuery> = { query: Q; onChange: (query: Q) => void };

const DISPLAYS: { value: TrendsDisplay; label: string }[] = [
  { value: "ActionsLineGraph", label: "Line" },
  { value: "ActionsAreaGraph", label: "Area" },
  { value: "ActionsUnstackedBar", label: "Bars" },
  { value: "ActionsBar", label: "Stacked bars" },
  { value: "ActionsLineGraphCumulative", label: "Cumulative" },
  { value: "BoldNumber", label: "Number" },
  { value: "ActionsBarValue", label: "Totals as bars" },
  { value: "ActionsPie", label: "Pie" },
  { value: "WorldMap", label: "World map" },
  { value: "ActionsTable", label: "Table" },
];

/** Another display of the same question; a map needs countries to draw, so it breaks down by them. */
function withDisplay(query: TrendsQuery, display: TrendsDisplay): TrendsQuery {
  const trendsFilter = { ...query.trendsFilter, display };
  if (display !== "WorldMap") return { ...query, trendsFilter };
  return {
    ...query,
    trendsFilter,
    breakdownFilter: { breakdown: "$geoip_country_code", breakdown_type: "event", breakdown_limit: 300 },
  };
}

const INTERVALS: Interval[] = ["hour", "day", "week", "month"];

export function IntervalSelect({
  value,
  onChange,
}: {
  value: Interval | undefined;
  onChange: (interval: Interval) => void;
}) {
  return (
    <Select
      className={styles.narrow}
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
  { value: "-1w", label: "A week before" },
  { value: "-1m", label: "A month before" },
  { value: "-1y", label: "A year before" },
];

export function TrendsOptions({ query, onChange }: Change<TrendsQuery>) {
  const filter = query.trendsFilter ?? {};
  const compare = query.compareFilter?.compare ? (query.compareFilter.compare_to ?? "previous") : "";
  return (
    <>
      <Select
        className={styles.math}
        aria-label="Compare"
        data={COMPARE}
        value={compare}
        onChange={(to) =>
          onChange({
            ...query,
            compareFilter: !to ? undefined : to === "previous" ? { compare: true } : { compare: true, compare_to: to },
          })
        }
      />
      <Select
        className={styles.narrow}
        aria-label="Display"
        data={DISPLAYS}
        value={filter.display ?? "ActionsLineGraph"}
        maxDropdownHeight={340}
        onChange={(display) => onChange(withDisplay(query, display as TrendsDisplay))}
      />
    </>
  );
}

/** A formula over the series, applied with Enter or on leaving the field. */
export function Formula({ query, onChange }: Change<TrendsQuery>) {
  const current = query.trendsFilter?.formula ?? "";
  const [text, setText] = useState(current);
  const apply = () => {
    if (text !== current) onChange({ ...query, trendsFilter: { ...query.trendsFilter, formula: text || undefined } });
  };
  return (
    <TextInput
      size="xs"
      className={styles.formula}
      aria-label="Formula"
      placeholder="Formula, like A / B * 100"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={apply}
      onKeyDown={(event) => event.key === "Enter" && apply()}
    />
  );
}

export function FunnelOptions({ query, onChange }: Change<FunnelsQuery>) {
  const filter = query.funnelsFilter ?? {};
  const set = (changes: FunnelsQuery["funnelsFilter"]) =>
    onChange({ ...query, funnelsFilter: { ...filter, ...changes } });
  return (
    <>
      <Select
        className={styles.math}
        aria-label="Order of steps"
        data={[
          { value: "ordered", label: "Steps in order" },
          { value: "strict", label: "Nothing between" },
          { value: "unordered", label: "In any order" },
        ]}
        value={filter.funnelOrderType ?? "ordered"}
        onChange={(order) => set({ funnelOrderType: order as "ordered" })}
      />
      <span className={styles.label}>within</span>
      <NumberInput
        size="xs"
        className={styles.tiny}
        aria-label="Time to convert"
        min={1}
        max={1000}
        value={filter.funnelWindowInterval ?? 14}
        onChange={(amount) => typeof amount === "number" && set({ funnelWindowInterval: amount })}
      />
      <Select
        className={styles.narrow}
        aria-label="Unit of the time to convert"
        data={["minute", "hour", "day", "week", "month"].map((unit) => ({ value: unit, label: `${unit}s` }))}
        value={filter.funnelWindowIntervalUnit ?? "day"}
        onChange={(unit) => set({ funnelWindowIntervalUnit: unit as "day" })}
      />
      <Select
        className={styles.math}
        aria-label="Display"
        data={[
          { value: "steps", label: "Steps" },
          { value: "time_to_convert", label: "Time to convert" },
          { value: "trends", label: "Conversion over time" },
        ]}
        value={filter.funnelVizType ?? "steps"}
        onChange={(display) => set({ funnelVizType: display as "steps" })}
      />
    </>
  );
}

export function RetentionOptions({ query, onChange }: Change<RetentionQuery>) {
  const filter = query.retentionFilter;
  const set = (changes: Partial<RetentionQuery["retentionFilter"]>) =>
    onChange({ ...query, retentionFilter: { ...filter, ...changes } });
  const entity = (which: "targetEntity" | "returningEntity", label: string) => (
    <EventPicker
      label={label}
      text={filter[which]?.name ?? String(filter[which]?.id ?? "All events")}
      withActions
      onPick={(picked) => {
        const series = asSeries(picked);
        set({
          [which]:
            series.kind === "ActionsNode"
              ? { id: series.id, name: series.name, type: "actions" }
              : { id: series.event, name: series.name, type: "events" },
        });
      }}
    />
  );
  return (
    <div className={styles.line}>
      <span className={styles.label}>People who did</span>
      {entity("targetEntity", "First event")}
      <Select
        className={styles.math}
        aria-label="Which time"
        data={[
          { value: "retention_first_time", label: "for the first time" },
          { value: "retention_recurring", label: "at any time" },
        ]}
        value={filter.retentionType ?? "retention_first_time"}
        onChange={(type) => set({ retentionType: type as "retention_first_time" })}
      />
      <span className={styles.label}>and came back to do</span>
      {entity("returningEntity", "Returning event")}
      <span className={styles.label}>in the next</span>
      <NumberInput
        size="xs"
        className={styles.tiny}
        aria-label="Number of periods"
        min={2}
        max={60}
        value={filter.totalIntervals ?? 8}
        onChange={(count) => typeof count === "number" && set({ totalIntervals: count })}
      />
      <Select
        className={styles.narrow}
        aria-label="Period"
        data={["Hour", "Day", "Week", "Month"].map((period) => ({ value: period, label: `${period.toLowerCase()}s` }))}
        value={filter.period ?? "Day"}
        onChange={(period) => set({ period: period as "Day" })}
      />
      <Switch
        size="xs"
        label="or later"
        title="Whoever came back in a later period counts in the earlier ones, too"
        checked={filter.cumulative ?? false}
        onChange={(event) => set({ cumulative: event.currentTarget.checked || undefined })}
      />
    </div>
  );
}

export function RetentionDisplay({ query, onChange }: Change<RetentionQuery>) {
  return (
    <Select
      className={styles.narrow}
      aria-label="Display"
      data={[
        { value: "ActionsTable", label: "Matrix" },
        { value: "ActionsLineGraph", label: "Curve" },
      ]}
      value={query.retentionFilter.display ?? "ActionsTable"}
      onChange={(display) =>
        onChange({
          ...query,
          retentionFilter: { ...query.retentionFilter, display: display as "ActionsTable" },
        })
      }
    />
  );
}

export function PathsOptions({ query, onChange }: Change<PathsQuery>) {
  const filter = query.pathsFilter;
  const set = (changes: Partial<PathsQuery["pathsFilter"]>) =>
    onChange({ ...query, pathsFilter: { ...filter, ...changes } });
  const kinds = filter.includeEventTypes ?? ["$pageview"];
  const toggle = (kind: (typeof kinds)[number], on: boolean) =>
    set({ includeEventTypes: on ? [...kinds, kind] : kinds.filter((other) => other !== kind) });
  return (
    <div className={styles.line}>
      {(
        [
          ["$pageview", "Page views"],
          ["$screen", "Screens"],
          ["custom_event", "Custom events"],
        ] as const
      ).map(([kind, label]) => (
        <Switch
          key={kind}
          size="xs"
          label={label}
          checked={kinds.includes(kind)}
          onChange={(event) => toggle(kind, event.currentTarget.checked)}
        />
      ))}
      <TextInput
        size="xs"
        className={styles.formula}
        aria-label="Start at"
        placeholder="Start at, like /pricing"
        defaultValue={filter.startPoint ?? ""}
        onBlur={(event) => set({ startPoint: event.currentTarget.value || undefined })}
      />
      <TextInput
        size="xs"
        className={styles.formula}
        aria-label="End at"
        placeholder="End at, like /thanks"
        defaultValue={filter.endPoint ?? ""}
        onBlur={(event) => set({ endPoint: event.currentTarget.value || undefined })}
      />
      <Select
        className={styles.narrow}
        aria-label="Steps"
        data={["3", "4", "5", "6", "8", "10"].map((steps) => ({ value: steps, label: `${steps} steps` }))}
        value={String(filter.stepLimit ?? 5)}
        onChange={(steps) => set({ stepLimit: Number(steps) })}
      />
    </div>
  );
}
