import type { Ref } from "react";
import type { InsightQuery, PathLink, RetentionRow, TrendResult } from "@/api/insights";
import type { ChartHandle } from "@/ui/charts/Chart";
import { FunnelAnswer, type FunnelResults } from "@/ui/insights/FunnelAnswer";
import { bucketName } from "@/ui/insights/names";
import { PathsAnswer } from "@/ui/insights/PathsAnswer";
import { RetentionAnswer } from "@/ui/insights/RetentionAnswer";
import { TrendAnswer } from "@/ui/insights/TrendAnswer";

interface InsightAnswerProps {
  query: InsightQuery;
  results: unknown;
  height: number | string;
  handle?: Ref<ChartHandle>;
  /** A question for the people behind what was chosen. */
  onPeople?: (title: string, source: object) => void;
}

/** The answer to any insight, as its kind is drawn. */
export function InsightAnswer({ query, results, height, handle, onPeople }: InsightAnswerProps) {
  switch (query.kind) {
    case "FunnelsQuery":
      return (
        <FunnelAnswer
          query={query}
          results={results as FunnelResults}
          height={height}
          handle={handle}
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
        />
      );
    case "RetentionQuery":
      return (
        <RetentionAnswer
          rows={results as RetentionRow[]}
          period={query.retentionFilter.period ?? "Day"}
          onCell={
            onPeople
              ? (row) => onPeople(`Cohort ${row}`, { kind: "InsightActorsQuery", source: query, interval: row })
              : undefined
          }
        />
      );
    case "PathsQuery":
      return <PathsAnswer links={results as PathLink[]} height={height} handle={handle} />;
    default:
      return (
        <TrendAnswer
          query={query}
          lines={results as TrendResult[]}
          height={height}
          handle={handle}
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
  }
}
