import type { Ref } from "react";
import type { InsightQuery, PathLink, RetentionRow, TrendResult } from "@/api/insights";
import type { QueryAnswer, SqlQuery } from "@/api/query";
import type { ChartHandle, ChartHeight } from "@/ui/charts/Chart";
import { ActivationAnswer } from "@/ui/insights/ActivationAnswer";
import { FunnelAnswer, type FunnelResults } from "@/ui/insights/FunnelAnswer";
import { bucketName } from "@/ui/insights/names";
import { PathsAnswer } from "@/ui/insights/PathsAnswer";
import { RetentionAnswer } from "@/ui/insights/RetentionAnswer";
import { SqlAnswer } from "@/ui/insights/SqlAnswer";
import { TrendAnswer } from "@/ui/insights/TrendAnswer";
import { Empty } from "@/ui/states/States";

/** Whatever can be saved and drawn. */
export type DrawnQuery = InsightQuery | SqlQuery;

interface InsightAnswerProps {
  query: DrawnQuery;
  answer: QueryAnswer<unknown>;
  height: ChartHeight;
  handle?: Ref<ChartHandle>;
  /** A question for the people behind what was chosen. */
  onPeople?: (title: string, source: object) => void;
}

/** The answer to any insight, as its kind is drawn. */
export function InsightAnswer({ query, answer, height, handle, onPeople }: InsightAnswerProps) {
  const { results } = answer;
  const drawn = { height, handle };
  switch (query.kind) {
    case "FunnelsQuery":
      return (
        <FunnelAnswer
          {...drawn}
          query={query}
          results={results as FunnelResults}
          onStep={
            onPeople
              ? (at, dropped, breakdown) =>
                  onPeople(dropped ? `Dropped off before step ${at + 1}` : `Reached step ${at + 1}`, {
                    kind: "FunnelsActorsQuery",
                    source: query,
                    // Steps count from 1, and a negative one means those who got no further.
                    funnelStep: dropped ? -(at + 1) : at + 1,
                    ...(breakdown === undefined ? {} : { funnelStepBreakdown: breakdown }),
                  })
              : undefined
          }
          onEntered={
            onPeople
              ? (line, at) =>
                  onPeople(`Entered ${bucketName(line, at)} and converted`, {
                    kind: "FunnelsActorsQuery",
                    source: query,
                    funnelTrendsDropOff: false,
                    funnelTrendsEntrancePeriodStart: line.days[at],
                    ...(line.breakdown_value === undefined ? {} : { funnelStepBreakdown: line.breakdown_value }),
                  })
              : undefined
          }
          onConverted={
            onPeople
              ? () =>
                  onPeople("Converted", {
                    kind: "FunnelsActorsQuery",
                    // Whoever converted is at the last step; the times themselves have no list of people.
                    source: { ...query, funnelsFilter: { ...query.funnelsFilter, funnelVizType: "steps" } },
                    funnelStep: query.series.length,
                  })
              : undefined
          }
        />
      );
    case "RetentionQuery":
      return (
        <RetentionAnswer
          {...drawn}
          rows={results as RetentionRow[]}
          period={query.retentionFilter.period ?? "Day"}
          curve={query.retentionFilter.display === "ActionsLineGraph"}
          onCell={
            onPeople
              ? (row) => onPeople(`Cohort ${row + 1}`, { kind: "InsightActorsQuery", source: query, interval: row })
              : undefined
          }
        />
      );
    case "PathsQuery":
      return (
        <PathsAnswer
          {...drawn}
          links={results as PathLink[]}
          onLink={
            onPeople
              ? (title, keys) => onPeople(title, { kind: "InsightActorsQuery", source: query, ...keys })
              : undefined
          }
        />
      );
    case "ActivationMetricQuery":
      return <ActivationAnswer answer={answer} />;
    case "HogQLQuery":
      return <SqlAnswer answer={answer} />;
    case "TrendsQuery":
    case "StickinessQuery":
    case "LifecycleQuery":
      return (
        <TrendAnswer
          {...drawn}
          query={query}
          lines={results as TrendResult[]}
          onPoint={
            onPeople
              ? (line, at) =>
                  onPeople(`${line.label}${at >= 0 ? ` · ${bucketName(line, at)}` : ""}`, {
                    kind: "InsightActorsQuery",
                    source: query,
                    ...(at >= 0 ? { day: line.days[at] } : {}),
                    series: line.action?.order ?? 0,
                    ...(line.breakdown_value === undefined ? {} : { breakdown: line.breakdown_value }),
                    ...(line.compare_label ? { compare: line.compare_label } : {}),
                    ...(line.status ? { status: line.status } : {}),
                  })
              : undefined
          }
        />
      );
    default:
      return <Empty title="This kind of insight cannot be shown here" />;
  }
}
