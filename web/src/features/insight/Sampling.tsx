import { Select } from "@mantine/core";
import type { FunnelsQuery, InsightQuery, RetentionQuery, TrendsQuery } from "@/api/insights";
import styles from "@/features/insight/InsightPage.module.css";
import { formatPercent } from "@/ui/format";
import { sampleOf } from "@/ui/insights/sampling";

const PARTS = [1, 0.5, 0.25, 0.1, 0.01];

interface SamplingProps {
  query: TrendsQuery | FunnelsQuery | RetentionQuery;
  onChange: (query: InsightQuery) => void;
}

/** From how many of the people the answer is estimated: fewer are faster, and less exact. */
export function Sampling({ query, onChange }: SamplingProps) {
  const part = sampleOf(query) ?? 1;
  const parts = [...new Set([...PARTS, part])].sort((a, b) => b - a);
  return (
    <Select
      className={styles.narrow}
      aria-label="Sampling"
      title="Ask only a part of the people, always the same ones, and scale the counts up: faster, and less exact"
      data={parts.map((one) => ({
        value: String(one),
        label: one === 1 ? "Not sampled" : `${formatPercent(one, 1)} sample`,
      }))}
      value={String(part)}
      onChange={(next) => onChange({ ...query, samplingFactor: next === "1" ? undefined : Number(next) })}
    />
  );
}
