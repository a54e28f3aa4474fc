import { ActionIcon, Switch } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { InsightQuery } from "@/api/insights";
import { ActivationOptions } from "@/features/insight/ActivationOptions";
import styles from "@/features/insight/InsightPage.module.css";
import { Formula, PathsOptions, RetentionOptions } from "@/features/insight/Options";
import { SeriesEditor } from "@/features/insight/SeriesEditor";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import { PropertyPicker } from "@/ui/pickers/PropertyPicker";

/** What the insight is about: events, filters and a breakdown. Every change asks at once. */
export function Editor({ query, onChange }: { query: InsightQuery; onChange: (query: InsightQuery) => void }) {
  return (
    <div className={styles.editor}>
      {"series" in query ? (
        <SeriesEditor
          series={query.series}
          withMath={query.kind === "TrendsQuery"}
          numbered={query.kind === "FunnelsQuery"}
          most={query.kind === "LifecycleQuery" ? 1 : 20}
          add={query.kind === "FunnelsQuery" ? "Add a step" : "Add a series"}
          onChange={(series) => onChange({ ...query, series })}
        />
      ) : null}
      {query.kind === "RetentionQuery" ? <RetentionOptions query={query} onChange={onChange} /> : null}
      {query.kind === "PathsQuery" ? <PathsOptions query={query} onChange={onChange} /> : null}
      {query.kind === "ActivationMetricQuery" ? <ActivationOptions query={query} onChange={onChange} /> : null}
      <div className={styles.line}>
        <span className={styles.label}>Where</span>
        <PropertyFilters
          filters={query.properties ?? []}
          onChange={(properties) => onChange({ ...query, properties })}
        />
      </div>
      <div className={styles.line}>
        {query.kind === "TrendsQuery" || query.kind === "FunnelsQuery" ? (
          <>
            <span className={styles.label}>Broken down by</span>
            <PropertyPicker
              label="Breakdown"
              ghost={!query.breakdownFilter?.breakdown}
              text={query.breakdownFilter?.breakdown ?? "Property"}
              onPick={({ owner, key }) =>
                onChange({
                  ...query,
                  breakdownFilter: { breakdown: key, breakdown_type: owner === "person" ? "person" : "event" },
                })
              }
            />
            {query.breakdownFilter?.breakdown ? (
              <ActionIcon
                aria-label="Remove the breakdown"
                onClick={() => onChange({ ...query, breakdownFilter: undefined })}
              >
                <IconX size={15} />
              </ActionIcon>
            ) : null}
          </>
        ) : null}
        {query.kind === "TrendsQuery" ? <Formula query={query} onChange={onChange} /> : null}
        <Switch
          size="xs"
          label="Without test accounts"
          checked={query.filterTestAccounts ?? false}
          onChange={(event) => onChange({ ...query, filterTestAccounts: event.currentTarget.checked || undefined })}
        />
      </div>
    </div>
  );
}
