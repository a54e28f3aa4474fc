import { NumberInput, TagsInput } from "@mantine/core";
import type { ActivationMetricQuery } from "@/api/insights";
import styles from "@/features/insight/InsightPage.module.css";
import { asEntity } from "@/features/insight/series";
import { EventPicker } from "@/ui/pickers/EventPicker";

interface ActivationOptionsProps {
  query: ActivationMetricQuery;
  onChange: (query: ActivationMetricQuery) => void;
}

const LONGEST = 365; // days
const wholes = (texts: string[]) =>
  [...new Set(texts.map(Number).filter((days) => Number.isInteger(days) && days >= 1 && days <= LONGEST))].sort(
    (a, b) => a - b,
  );

/** Whose first days are looked at, and what counts as coming back. */
export function ActivationOptions({ query, onChange }: ActivationOptionsProps) {
  const filter = query.activationFilter;
  const days = filter.days ?? [1, 3, 7];
  const from = filter.retentionFromDay ?? Math.max(...days);
  const set = (changes: ActivationMetricQuery["activationFilter"]) =>
    onChange({ ...query, activationFilter: { ...filter, ...changes } });
  const entity = (which: "startEntity" | "returningEntity", label: string, none: string) => (
    <EventPicker
      label={label}
      text={filter[which]?.name ?? (filter[which]?.id == null ? none : String(filter[which]?.id))}
      withActions
      onPick={(picked) => {
        const entity = asEntity(picked);
        // Any event at all is what the API takes without one.
        set({ [which]: entity.id === null ? undefined : entity });
      }}
    />
  );
  return (
    <>
      <div className={styles.line}>
        <span className={styles.label}>People begin with</span>
        {entity("startEntity", "First event", "Their very first event")}
        <span className={styles.label}>and are back when they do</span>
        {entity("returningEntity", "Returning event", "Any event")}
        <span className={styles.label}>from day</span>
        <NumberInput
          size="xs"
          className={styles.tiny}
          aria-label="Back from day"
          min={Math.max(...days)}
          max={LONGEST}
          value={from}
          onChange={(day) => typeof day === "number" && day >= Math.max(...days) && set({ retentionFromDay: day })}
        />
        <span className={styles.label}>within</span>
        <NumberInput
          size="xs"
          className={styles.tiny}
          aria-label="Days in which they come back"
          min={1}
          max={LONGEST}
          value={filter.retentionDays ?? 7}
          onChange={(width) => typeof width === "number" && width >= 1 && set({ retentionDays: width })}
        />
        <span className={styles.label}>days</span>
      </div>
      <div className={styles.line}>
        <span className={styles.label}>Compared is what they did in their first</span>
        <TagsInput
          size="xs"
          className={styles.days}
          aria-label="First days"
          value={days.map(String)}
          acceptValueOnBlur
          maxTags={10}
          onChange={(texts) => {
            const next = wholes(texts);
            if (next.length === 0) return;
            const last = Math.max(...next);
            set({ days: next, retentionFromDay: filter.retentionFromDay && Math.max(last, filter.retentionFromDay) });
          }}
        />
        <span className={styles.label}>days</span>
      </div>
    </>
  );
}
