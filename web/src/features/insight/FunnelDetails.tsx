import { ActionIcon, NumberInput, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Exclusion, FunnelsQuery } from "@/api/insights";
import { Aggregation } from "@/features/insight/Aggregation";
import styles from "@/features/insight/InsightPage.module.css";
import { asSeries, withEvent } from "@/features/insight/series";
import { seriesName } from "@/ui/insights/names";
import { EventPicker } from "@/ui/pickers/EventPicker";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";

interface FunnelProps {
  query: FunnelsQuery;
  onChange: (query: FunnelsQuery) => void;
}

const MOST_BINS = 90;

/** The steps of a funnel as choices, counted from 0. */
const stepsOf = ({ series }: FunnelsQuery) =>
  series.map((one, at) => ({ value: String(at), label: `${at + 1}. ${seriesName(one)}` }));

/** What must not happen on the way, who goes through it, and to whom a breakdown belongs. */
export function FunnelDetails({ query, onChange }: FunnelProps) {
  const filter = query.funnelsFilter ?? {};
  const set = (changes: FunnelsQuery["funnelsFilter"]) =>
    onChange({ ...query, funnelsFilter: { ...filter, ...changes } });
  return (
    <>
      <Exclusions
        query={query}
        exclusions={filter.exclusions ?? []}
        onChange={(exclusions) => set({ exclusions: exclusions.length ? exclusions : undefined })}
      />
      <div className={styles.line}>
        <Aggregation
          groupTypeIndex={query.aggregation_group_type_index}
          expression={filter.funnelAggregateByHogQL}
          withSessions
          onChange={(groupTypeIndex, expression) =>
            onChange({
              ...query,
              aggregation_group_type_index: groupTypeIndex,
              funnelsFilter: { ...filter, funnelAggregateByHogQL: expression },
            })
          }
        />
        {query.breakdownFilter ? <Attribution query={query} onChange={onChange} /> : null}
        {filter.funnelVizType === "steps" || !filter.funnelVizType ? (
          <Select
            className={styles.math}
            aria-label="Shares"
            data={[
              { value: "total", label: "Of the first step" },
              { value: "previous", label: "Of the step before" },
            ]}
            value={filter.funnelStepReference ?? "total"}
            onChange={(reference) => set({ funnelStepReference: reference === "previous" ? "previous" : undefined })}
          />
        ) : null}
        {filter.funnelVizType === "trends" || filter.funnelVizType === "time_to_convert" ? (
          <Between query={query} onChange={onChange} />
        ) : null}
        {filter.funnelVizType === "time_to_convert" ? (
          <NumberInput
            size="xs"
            className={styles.math}
            aria-label="Bars"
            placeholder="As many bars as fit"
            min={1}
            max={MOST_BINS}
            allowDecimal={false}
            value={filter.binCount ?? ""}
            onChange={(bins) => set({ binCount: typeof bins === "number" && bins > 0 ? bins : undefined })}
          />
        ) : null}
      </div>
    </>
  );
}

function Attribution({ query, onChange }: FunnelProps) {
  const filter = query.funnelsFilter ?? {};
  const type = filter.breakdownAttributionType ?? "first_touch";
  const value = type === "step" ? `step:${filter.breakdownAttributionValue ?? 0}` : type;
  const steps = filter.funnelOrderType === "unordered" ? stepsOf(query).slice(0, 1) : stepsOf(query);
  return (
    <Select
      className={styles.wide}
      aria-label="Value of the breakdown"
      data={[
        { value: "first_touch", label: "Value of the first step event" },
        { value: "last_touch", label: "Value of the last step event" },
        { value: "all_events", label: "The same value in all steps" },
        ...steps.map((step) => ({ value: `step:${step.value}`, label: `Value in step ${step.label}` })),
      ]}
      value={value}
      onChange={(next) => {
        const step = next?.startsWith("step:") ? Number(next.slice(5)) : undefined;
        onChange({
          ...query,
          funnelsFilter: {
            ...filter,
            breakdownAttributionType: step === undefined ? (next as "first_touch") : "step",
            breakdownAttributionValue: step,
          },
        });
      }}
    />
  );
}

/** Between which steps the time, or the conversion, is taken. */
function Between({ query, onChange }: FunnelProps) {
  const filter = query.funnelsFilter ?? {};
  const steps = stepsOf(query);
  const last = steps.length - 1;
  const from = Math.min(filter.funnelFromStep ?? 0, last - 1);
  const to = Math.max(Math.min(filter.funnelToStep ?? last, last), from + 1);
  const set = (funnelFromStep: number, funnelToStep: number) =>
    onChange({ ...query, funnelsFilter: { ...filter, funnelFromStep, funnelToStep } });
  return (
    <>
      <span className={styles.label}>from</span>
      <Select
        className={styles.math}
        aria-label="From step"
        data={steps.slice(0, -1)}
        value={String(from)}
        onChange={(step) => set(Number(step), Math.max(to, Number(step) + 1))}
      />
      <span className={styles.label}>to</span>
      <Select
        className={styles.math}
        aria-label="To step"
        data={steps.slice(from + 1)}
        value={String(to)}
        onChange={(step) => set(from, Number(step))}
      />
    </>
  );
}

interface ExclusionsProps {
  query: FunnelsQuery;
  exclusions: Exclusion[];
  onChange: (exclusions: Exclusion[]) => void;
}

/** Events that must not happen between two steps. In a funnel of any order that is the whole of it. */
function Exclusions({ query, exclusions, onChange }: ExclusionsProps) {
  const steps = stepsOf(query);
  const last = steps.length - 1;
  const anyOrder = query.funnelsFilter?.funnelOrderType === "unordered";
  const put = (at: number, next: Exclusion) => onChange(exclusions.map((old, i) => (i === at ? next : old)));
  return (
    <div className={styles.line}>
      <span className={styles.label}>Without</span>
      {exclusions.map((one, at) => (
        <span key={at} className={styles.either}>
          <EventPicker
            label={`Exclusion ${at + 1}: ${seriesName(one)}`}
            text={seriesName(one)}
            withActions
            withAll={false}
            onPick={(picked) => {
              const { funnelFromStep, funnelToStep } = one;
              put(at, { ...withEvent(one, picked), funnelFromStep, funnelToStep });
            }}
          />
          <PropertyFilters filters={one.properties ?? []} onChange={(properties) => put(at, { ...one, properties })} />
          {anyOrder ? null : (
            <>
              <span className={styles.label}>after</span>
              <Select
                className={styles.math}
                aria-label={`Exclusion ${at + 1} after step`}
                data={steps.slice(0, -1)}
                value={String(one.funnelFromStep)}
                onChange={(step) =>
                  put(at, {
                    ...one,
                    funnelFromStep: Number(step),
                    funnelToStep: Math.max(one.funnelToStep, Number(step) + 1),
                  })
                }
              />
              <span className={styles.label}>before</span>
              <Select
                className={styles.math}
                aria-label={`Exclusion ${at + 1} before step`}
                data={steps.slice(one.funnelFromStep + 1)}
                value={String(one.funnelToStep)}
                onChange={(step) => put(at, { ...one, funnelToStep: Number(step) })}
              />
            </>
          )}
          <ActionIcon
            aria-label={`Remove exclusion ${at + 1}`}
            onClick={() => onChange(exclusions.filter((_, i) => i !== at))}
          >
            <IconX size={15} />
          </ActionIcon>
        </span>
      ))}
      <EventPicker
        label="Exclude an event"
        ghost
        text={exclusions.length ? "And without" : "An event between steps"}
        withActions
        withAll={false}
        onPick={(picked) => onChange([...exclusions, { ...asSeries(picked), funnelFromStep: 0, funnelToStep: last }])}
      />
    </div>
  );
}
