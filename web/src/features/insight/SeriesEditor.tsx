import type { PropertyFilter, Series } from "@/api/insights";
import styles from "@/features/insight/InsightPage.module.css";
import { SeriesRow } from "@/features/insight/SeriesRow";
import { asSeries } from "@/features/insight/series";
import type { Counting } from "@/ui/insights/maths";
import { EventPicker } from "@/ui/pickers/EventPicker";

interface SeriesEditorProps {
  series: Series[];
  most?: number;
  /** Whose ways to count are offered. */
  counting: Counting;
  /** Steps have numbers and an order, series have letters. */
  steps?: boolean;
  /** Steps may be left out by people; only some funnels can tell. */
  withOptional?: boolean;
  add: string;
  onChange: (series: Series[]) => void;
}

/** The events an insight is about, each with its math and its own filters. */
export function SeriesEditor({
  series,
  most = 20,
  counting,
  steps = false,
  withOptional = false,
  add,
  onChange,
}: SeriesEditorProps) {
  const put = (at: number, next: Series) => onChange(series.map((old, i) => (i === at ? next : old)));
  const move = (at: number, to: number) => {
    const next = [...series];
    const [moved] = next.splice(at, 1);
    if (moved) next.splice(to, 0, moved);
    // Nobody enters a funnel by a step that may be left out.
    onChange(next.map((one, i) => (i === 0 ? { ...one, optionalInFunnel: undefined } : one)));
  };
  return (
    <div className={styles.series}>
      {series.map((one, at) => (
        <SeriesRow
          key={at}
          at={at}
          series={one}
          counting={counting}
          step={steps}
          optional={withOptional && at > 0}
          onChange={(next) => put(at, next)}
          onFilters={(properties: PropertyFilter[]) => put(at, { ...one, properties })}
          onRemove={series.length > 1 ? () => onChange(series.filter((_, i) => i !== at)) : undefined}
          onUp={steps && at > 0 ? () => move(at, at - 1) : undefined}
          onDown={steps && at < series.length - 1 ? () => move(at, at + 1) : undefined}
          onCopy={
            series.length < most
              ? () => onChange([...series.slice(0, at + 1), one, ...series.slice(at + 1)])
              : undefined
          }
        />
      ))}
      {series.length < most ? (
        <div>
          <EventPicker
            label={add}
            ghost
            text={add}
            withActions
            onPick={(picked) => onChange([...series, asSeries(picked)])}
          />
        </div>
      ) : null}
    </div>
  );
}
