import { Switch } from "@mantine/core";
import type { InsightQuery } from "@/api/insights";
import { ActivationOptions } from "@/features/insight/ActivationOptions";
import { Breakdowns } from "@/features/insight/Breakdowns";
import { Formulas } from "@/features/insight/Formulas";
import { FunnelDetails } from "@/features/insight/FunnelDetails";
import styles from "@/features/insight/InsightPage.module.css";
import { canBeSampled } from "@/features/insight/kinds";
import { LifecycleOptions } from "@/features/insight/LifecycleOptions";
import { PathsOptions } from "@/features/insight/PathsOptions";
import { RetentionOptions } from "@/features/insight/RetentionOptions";
import { Sampling } from "@/features/insight/Sampling";
import { SeriesEditor } from "@/features/insight/SeriesEditor";
import { StickinessOptions } from "@/features/insight/StickinessOptions";
import { WholeIntervals } from "@/features/insight/TrendsOptions";
import { isBoxPlot } from "@/ui/insights/boxes";
import type { Counting } from "@/ui/insights/maths";
import { FilterGroups } from "@/ui/pickers/FilterGroups";

const COUNTING: Partial<Record<InsightQuery["kind"], Counting>> = {
  TrendsQuery: "TrendsQuery",
  FunnelsQuery: "FunnelsQuery",
  StickinessQuery: "StickinessQuery",
  CalendarHeatmapQuery: "CalendarHeatmapQuery",
};

/** Optional steps are told apart only where steps are shown, and follow each other. */
const canBeOptional = (query: InsightQuery) =>
  query.kind === "FunnelsQuery" &&
  (query.funnelsFilter?.funnelVizType ?? "steps") === "steps" &&
  query.funnelsFilter?.funnelOrderType !== "unordered";

/** What the insight is about: events, filters and breakdowns. Every change asks at once. */
export function Editor({ query, onChange }: { query: InsightQuery; onChange: (query: InsightQuery) => void }) {
  return (
    <div className={styles.editor}>
      {"series" in query ? (
        <SeriesEditor
          series={query.series}
          counting={COUNTING[query.kind] ?? null}
          steps={query.kind === "FunnelsQuery"}
          withOptional={canBeOptional(query)}
          most={query.kind === "LifecycleQuery" || query.kind === "CalendarHeatmapQuery" ? 1 : 20}
          add={query.kind === "FunnelsQuery" ? "Add a step" : "Add a series"}
          onChange={(series) => onChange({ ...query, series })}
        />
      ) : null}
      {query.kind === "FunnelsQuery" ? <FunnelDetails query={query} onChange={onChange} /> : null}
      {query.kind === "RetentionQuery" ? <RetentionOptions query={query} onChange={onChange} /> : null}
      {query.kind === "PathsQuery" ? <PathsOptions query={query} onChange={onChange} /> : null}
      {query.kind === "StickinessQuery" ? <StickinessOptions query={query} onChange={onChange} /> : null}
      {query.kind === "LifecycleQuery" ? <LifecycleOptions query={query} onChange={onChange} /> : null}
      {query.kind === "ActivationMetricQuery" ? <ActivationOptions query={query} onChange={onChange} /> : null}
      <div className={styles.line}>
        <span className={styles.label}>Where</span>
        <FilterGroups filters={query.properties} onChange={(properties) => onChange({ ...query, properties })} />
      </div>
      <div className={styles.line}>
        {(query.kind === "TrendsQuery" && !isBoxPlot(query)) ||
        query.kind === "FunnelsQuery" ||
        query.kind === "RetentionQuery" ? (
          <Breakdowns
            filter={query.breakdownFilter}
            withBins={query.kind === "TrendsQuery"}
            onChange={(breakdownFilter) => onChange({ ...query, breakdownFilter })}
          />
        ) : null}
        {query.kind === "TrendsQuery" && !isBoxPlot(query) ? <Formulas query={query} onChange={onChange} /> : null}
        <span className={styles.switches}>
          <Switch
            size="xs"
            label="Without test accounts"
            checked={query.filterTestAccounts ?? false}
            onChange={(event) => onChange({ ...query, filterTestAccounts: event.currentTarget.checked || undefined })}
          />
          {query.kind === "TrendsQuery" ? <WholeIntervals query={query} onChange={onChange} /> : null}
          {canBeSampled(query) ? <Sampling query={query} onChange={onChange} /> : null}
        </span>
      </div>
    </div>
  );
}
