import { NumberInput, Select, Switch } from "@mantine/core";
import type { RetentionQuery } from "@/api/insights";
import { Aggregation } from "@/features/insight/Aggregation";
import styles from "@/features/insight/InsightPage.module.css";
import { asEntity } from "@/features/insight/series";
import { EventPicker } from "@/ui/pickers/EventPicker";
import { LaterText } from "@/ui/pickers/LaterText";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import { PropertyPicker } from "@/ui/pickers/PropertyPicker";
import { ALL_OWNERS, type Owner } from "@/ui/pickers/usePropertyChoices";

interface RetentionProps {
  query: RetentionQuery;
  onChange: (query: RetentionQuery) => void;
}

const PERIODS = ["Hour", "Day", "Week", "Month"];
const MOST_PERIODS = 90;

/** "1, 3, 2" as the widths of columns; what is no whole number from 1 is left out. */
export const widthsOf = (text: string): number[] =>
  text
    .split(/[\s,;]+/)
    .map(Number)
    .filter((width) => Number.isInteger(width) && width >= 1);

/** Who counts as having begun, what counts as back, and when. */
export function RetentionOptions({ query, onChange }: RetentionProps) {
  const filter = query.retentionFilter;
  const set = (changes: Partial<RetentionQuery["retentionFilter"]>) =>
    onChange({ ...query, retentionFilter: { ...filter, ...changes } });
  const entity = (which: "targetEntity" | "returningEntity", label: string) => (
    <>
      <EventPicker
        label={label}
        text={filter[which]?.name ?? String(filter[which]?.id ?? "All events")}
        withActions
        onPick={(picked) => set({ [which]: asEntity(picked, filter[which]) })}
      />
      <PropertyFilters
        filters={filter[which]?.properties ?? []}
        owners={ALL_OWNERS}
        onChange={(properties) =>
          set({ [which]: { ...(filter[which] ?? { id: "$pageview", name: "$pageview", type: "events" }), properties } })
        }
      />
    </>
  );
  const brackets = filter.retentionCustomBrackets ?? [];
  const period = (filter.period ?? "Day").toLowerCase();
  const windowed = filter.timeWindowMode === "24_hour_windows";
  return (
    <>
      <div className={styles.line}>
        <span className={styles.label}>People who did</span>
        {entity("targetEntity", "First event")}
        <Select
          className={styles.math}
          aria-label="Which time"
          data={[
            { value: "retention_first_time", label: "for the first time" },
            { value: "retention_first_ever_occurrence", label: "for the first time ever" },
            { value: "retention_recurring", label: "at any time" },
          ]}
          value={filter.retentionType ?? "retention_recurring"}
          onChange={(type) => set({ retentionType: type as "retention_first_time" })}
        />
        <span className={styles.label}>and came back to do</span>
        {entity("returningEntity", "Returning event")}
        <NumberInput
          size="xs"
          className={styles.tiny}
          aria-label="Times in a period"
          min={1}
          max={1000}
          allowDecimal={false}
          value={filter.minimumOccurrences ?? 1}
          onChange={(times) =>
            typeof times === "number" && times >= 1 && set({ minimumOccurrences: times > 1 ? times : undefined })
          }
        />
        <span className={styles.label}>times or more</span>
      </div>
      <div className={styles.line}>
        <span className={styles.label}>in the next</span>
        <NumberInput
          size="xs"
          className={styles.tiny}
          aria-label="Number of periods"
          min={2}
          max={MOST_PERIODS}
          disabled={brackets.length > 0}
          value={filter.totalIntervals ?? 8}
          onChange={(count) => typeof count === "number" && count >= 1 && set({ totalIntervals: count })}
        />
        <Select
          className={styles.narrow}
          aria-label="Period"
          data={PERIODS.map((one) => ({ value: one, label: `${one.toLowerCase()}s` }))}
          value={filter.period ?? "Day"}
          onChange={(one) => set({ period: one as "Day" })}
        />
        <LaterText
          className={styles.formula}
          label="Widths of the columns"
          title={`How many ${period}s each column after the first holds, like 1, 3, 3, 7`}
          placeholder={`One ${period} a column`}
          value={brackets.join(", ")}
          onApply={(text) => {
            const widths = widthsOf(text);
            set({ retentionCustomBrackets: widths.length > 0 ? widths : undefined });
          }}
        />
        <Select
          className={styles.math}
          aria-label="Where a period begins"
          data={[
            { value: "strict_calendar_dates", label: `Calendar ${period}s` },
            { value: "24_hour_windows", label: "From each one's beginning" },
          ]}
          value={filter.timeWindowMode ?? "strict_calendar_dates"}
          onChange={(mode) =>
            set(
              mode === "24_hour_windows"
                ? { timeWindowMode: mode, cumulative: undefined }
                : { timeWindowMode: undefined },
            )
          }
        />
        <Switch
          size="xs"
          label="or later"
          title="Whoever came back in a later period counts in the earlier ones, too"
          disabled={windowed}
          checked={filter.cumulative ?? false}
          onChange={(event) => set({ cumulative: event.currentTarget.checked || undefined })}
        />
        <Aggregation
          groupTypeIndex={query.aggregation_group_type_index}
          onChange={(index) => onChange({ ...query, aggregation_group_type_index: index })}
        />
      </div>
    </>
  );
}

const TOLD = [
  { value: "count", label: "Shares of people" },
  { value: "sum", label: "Sum of" },
  { value: "avg", label: "Average of" },
];

/** What is told of those who came back, and how it is shown. */
export function RetentionDisplay({ query, onChange }: RetentionProps) {
  const filter = query.retentionFilter;
  const set = (changes: Partial<RetentionQuery["retentionFilter"]>) =>
    onChange({ ...query, retentionFilter: { ...filter, ...changes } });
  const told = filter.aggregationType ?? "count";
  return (
    <>
      <Select
        className={styles.math}
        aria-label="What is told"
        data={TOLD}
        value={told}
        onChange={(next) =>
          set(
            next === "sum" || next === "avg"
              ? { aggregationType: next }
              : { aggregationType: undefined, aggregationProperty: undefined, aggregationPropertyType: undefined },
          )
        }
      />
      {told === "count" ? (
        <Shares query={query} onChange={onChange} />
      ) : (
        <PropertyPicker
          label="Property of the returning event"
          text={filter.aggregationProperty ?? "Choose a property"}
          owners={NUMBERS}
          onPick={({ owner, key }) =>
            set({ aggregationProperty: key, aggregationPropertyType: owner === "person" ? "person" : undefined })
          }
        />
      )}
    </>
  );
}

const NUMBERS: Owner[] = ["event", "person"];

/** As a matrix or as curves, of the whole cohort or of the column before; it is the same answer. */
function Shares({ query, onChange }: RetentionProps) {
  const filter = query.retentionFilter;
  const set = (changes: Partial<RetentionQuery["retentionFilter"]>) =>
    onChange({ ...query, retentionFilter: { ...filter, ...changes } });
  return (
    <>
      <Select
        className={styles.narrow}
        aria-label="Display"
        data={[
          { value: "ActionsTable", label: "Matrix" },
          { value: "ActionsLineGraph", label: "Curve" },
        ]}
        value={filter.display ?? "ActionsTable"}
        onChange={(display) => set({ display: display as "ActionsTable" })}
      />
      <Select
        className={styles.math}
        aria-label="Shares"
        data={[
          { value: "total", label: "Of the cohort" },
          { value: "previous", label: "Of the column before" },
        ]}
        value={filter.retentionReference ?? "total"}
        onChange={(reference) => set({ retentionReference: reference === "previous" ? "previous" : undefined })}
      />
    </>
  );
}
