import { NumberInput, Select } from "@mantine/core";
import type { StickinessQuery } from "@/api/insights";
import styles from "@/features/insight/InsightPage.module.css";
import { CompareSelect } from "@/features/insight/TrendsOptions";

interface StickinessProps {
  query: StickinessQuery;
  onChange: (query: StickinessQuery) => void;
}

/** How often makes an interval count, how many are put together, and whether "or more" is counted. */
export function StickinessOptions({ query, onChange }: StickinessProps) {
  const filter = query.stickinessFilter ?? {};
  const set = (changes: StickinessQuery["stickinessFilter"]) =>
    onChange({ ...query, stickinessFilter: { ...filter, ...changes } });
  const { operator = "gte", value = 1 } = filter.stickinessCriteria ?? {};
  const interval = query.interval ?? "day";
  const criteria = (changes: Partial<{ operator: string; value: number }>) => {
    const next = { operator, value, ...changes } as { operator: "gte"; value: number };
    // Once or more is what counts by itself.
    set({ stickinessCriteria: next.operator === "gte" && next.value === 1 ? undefined : next });
  };
  return (
    <div className={styles.line}>
      <span className={styles.label}>A {interval} counts with</span>
      <Select
        className={styles.narrow}
        aria-label="How often is compared"
        data={[
          { value: "gte", label: "at least" },
          { value: "exact", label: "exactly" },
          { value: "lte", label: "at most" },
        ]}
        value={operator}
        onChange={(next) => criteria({ operator: next ?? "gte" })}
      />
      <NumberInput
        size="xs"
        className={styles.tiny}
        aria-label="How often"
        min={1}
        max={1_000_000}
        allowDecimal={false}
        value={value}
        onChange={(next) => typeof next === "number" && next >= 1 && criteria({ value: next })}
      />
      <span className={styles.label}>events; put together are</span>
      <NumberInput
        size="xs"
        className={styles.tiny}
        aria-label="Intervals put together"
        min={1}
        max={90}
        allowDecimal={false}
        value={query.intervalCount ?? 1}
        onChange={(count) =>
          typeof count === "number" &&
          count >= 1 &&
          onChange({ ...query, intervalCount: count > 1 ? count : undefined })
        }
      />
      <span className={styles.label}>{interval}s</span>
      <Select
        className={styles.math}
        aria-label="Counted in each column"
        data={[
          { value: "non_cumulative", label: "So many" },
          { value: "cumulative", label: "So many or more" },
        ]}
        value={filter.computedAs ?? "non_cumulative"}
        onChange={(computed) => set({ computedAs: computed === "cumulative" ? "cumulative" : undefined })}
      />
      <CompareSelect value={query.compareFilter} onChange={(compareFilter) => onChange({ ...query, compareFilter })} />
    </div>
  );
}
