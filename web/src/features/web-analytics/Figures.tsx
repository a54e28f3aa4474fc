import { useAnswer } from "@/api/query";
import { type Look, webQuery } from "@/features/web-analytics/look";
import styles from "@/features/web-analytics/web.module.css";
import { formatCount, formatDuration, formatPercent } from "@/ui/format";
import { Failure } from "@/ui/states/States";

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
  "total conversions": "Conversions",
  "unique conversions": "Visitors who converted",
  "conversion rate": "Conversion rate",
};

/** What the chart below can show. */
export type Metric = "visitors" | "views" | "sessions";
const isMetric = (key: string): key is Metric => key === "visitors" || key === "views" || key === "sessions";

function say({ kind, value }: Figure): string {
  if (value === null) return "–";
  if (kind === "duration_s") return formatDuration(Math.round(value));
  if (kind === "percentage") return formatPercent(value / 100);
  return formatCount(value);
}

interface FiguresProps {
  look: Look;
  metric: Metric;
  onMetric: (metric: Metric) => void;
}

/** Visitors, views, sessions, duration and bounces, against the period before; with a goal its conversions. */
export function Figures({ look, metric, onMetric }: FiguresProps) {
  const asked = useAnswer<Figure[]>(webQuery("WebOverviewQuery", look, { compareFilter: { compare: true } }));
  if (asked.error && !asked.data) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
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
        const content = (
          <>
            <span className="quiet">{TITLES[figure.key] ?? figure.key}</span>
            <strong>{say(figure)}</strong>
            <small className={change === null || change === 0 ? "quiet" : better ? styles.up : styles.down}>
              {change === null ? "\u00a0" : `${change > 0 ? "+" : ""}${formatCount(change)} %`}
            </small>
          </>
        );
        const { key } = figure;
        return isMetric(key) ? (
          <button
            key={key}
            type="button"
            className={styles.figure}
            aria-pressed={metric === key}
            onClick={() => onMetric(key)}
          >
            {content}
          </button>
        ) : (
          <div key={key} className={styles.figure}>
            {content}
          </div>
        );
      })}
    </div>
  );
}
