import { NumberInput, Select } from "@mantine/core";
import type { FunnelsQuery } from "@/api/insights";
import styles from "@/features/insight/InsightPage.module.css";

interface FunnelProps {
  query: FunnelsQuery;
  onChange: (query: FunnelsQuery) => void;
}

const UNITS = ["second", "minute", "hour", "day", "week", "month"];

/** In which order and how soon steps follow each other, and what is shown of that. */
export function FunnelOptions({ query, onChange }: FunnelProps) {
  const filter = query.funnelsFilter ?? {};
  const set = (changes: FunnelsQuery["funnelsFilter"]) =>
    onChange({ ...query, funnelsFilter: { ...filter, ...changes } });
  return (
    <>
      <Select
        className={styles.medium}
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
        onChange={(amount) => typeof amount === "number" && amount >= 1 && set({ funnelWindowInterval: amount })}
      />
      <Select
        className={styles.short}
        aria-label="Unit of the time to convert"
        data={UNITS.map((unit) => ({ value: unit, label: `${unit}s` }))}
        value={filter.funnelWindowIntervalUnit ?? "day"}
        onChange={(unit) => set({ funnelWindowIntervalUnit: unit as "day" })}
      />
      <Select
        className={styles.medium}
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
