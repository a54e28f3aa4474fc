import type { DateRange, PropertyFilter } from "@/api/insights";
import { useAnswer } from "@/api/query";
import styles from "@/features/web-analytics/web.module.css";
import { formatCount, formatDuration, formatPercent } from "@/ui/format";
import { Problem } from "@/ui/states/States";

interface Figure {
  key: string;
  kind: "unit" | "duration_s" | "percentage";
  value: number | null;
  previous: number | null;
  changeFromPreviousPct: number | null;
  isIncreaseBad?: boolean;
}

const TITLES: Record<string, string> = {
  visitors: "Visitors",
  views: "Page views",
  sessions: "Sessions",
  "session duration": "Session duration",
  "bounce rate": "Bounce rate",
};

function say({ kind, value }: Figure): string {
  if (value === null) return "–";
  if (kind === "duration_s") return formatDuration(Math.round(value));
  if (kind === "percentage") return formatPercent(value / 100);
  return formatCount(value);
}

/** Visitors, views, sessions, duration and bounces, against the period before. */
export function Figures({ range, filters }: { range: DateRange; filters: PropertyFilter[] }) {
  const asked = useAnswer<Figure[]>({
    kind: "WebOverviewQuery",
    dateRange: range,
    properties: filters,
    compareFilter: { compare: true },
  });
  if (asked.error) return <Problem problem={asked.error} />;
  const figures =
    asked.data?.results ??
    Object.keys(TITLES).map(
      (key): Figure => ({ key, kind: "unit", value: null, previous: null, changeFromPreviousPct: null }),
    );
  return (
    <div className={styles.figures}>
      {figures.map((figure) => {
        const change = figure.changeFromPreviousPct;
        const better = change !== null && change > 0 !== (figure.isIncreaseBad ?? false);
        return (
          <div key={figure.key} className={styles.figure}>
            <span className="quiet">{TITLES[figure.key] ?? figure.key}</span>
            <strong>{say(figure)}</strong>
            <small className={change === null || change === 0 ? "quiet" : better ? styles.up : styles.down}>
              {change === null ? "\u00a0" : `${change > 0 ? "+" : ""}${formatCount(change)} %`}
            </small>
          </div>
        );
      })}
    </div>
  );
}
