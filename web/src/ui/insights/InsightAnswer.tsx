import { useMemo } from "react";
import type { Annotation } from "@/api/annotations";
import type { Box, HeatmapCells, InsightQuery, PathLink, RetentionRow, TrendResult } from "@/api/insights";
import type { QueryAnswer, SqlQuery } from "@/api/query";
import { useProject } from "@/api/session";
import type { ChartHeight } from "@/ui/charts/Chart";
import { ActivationAnswer } from "@/ui/insights/ActivationAnswer";
import { BoxAnswer } from "@/ui/insights/BoxAnswer";
import { isBoxPlot } from "@/ui/insights/boxes";
import { FunnelAnswer, type FunnelResults } from "@/ui/insights/FunnelAnswer";
import type { OnPaths } from "@/ui/insights/FunnelSteps";
import { HeatmapAnswer } from "@/ui/insights/HeatmapAnswer";
import { type Mark, marksOf } from "@/ui/insights/marks";
import { PathsAnswer } from "@/ui/insights/PathsAnswer";
import { atStep, behindLine, converted, enteredIn, inCell, type PeopleAsked } from "@/ui/insights/people";
import { RetentionAnswer } from "@/ui/insights/RetentionAnswer";
import { SqlAnswer } from "@/ui/insights/SqlAnswer";
import { TrendAnswer } from "@/ui/insights/TrendAnswer";
import { Empty } from "@/ui/states/States";

/** Whatever can be saved and drawn. */
export type DrawnQuery = InsightQuery | SqlQuery;

export type OnPeople = (people: PeopleAsked) => void;

interface InsightAnswerProps {
  query: DrawnQuery;
  answer: QueryAnswer<unknown>;
  annotations?: Annotation[];
  height: ChartHeight;
  /** The people behind what was chosen are asked for. */
  onPeople?: OnPeople;
  /** Paths around a step of a funnel are asked for. */
  onPaths?: OnPaths;
}

const NONE: Annotation[] = [];

/** Where annotations lie in an answer over time; other answers have none. */
export function useMarks(query: DrawnQuery, results: unknown, annotations: Annotation[] = NONE): Mark[] {
  const { timezone } = useProject();
  return useMemo(() => {
    const overTime = query.kind === "TrendsQuery" || query.kind === "LifecycleQuery" || query.kind === "FunnelsQuery";
    const line = overTime && Array.isArray(results) ? (results[0] as Partial<TrendResult> | undefined) : undefined;
    return line?.days ? marksOf(line.days, annotations, timezone) : [];
  }, [query.kind, results, annotations, timezone]);
}

/** The answer to any insight, as its kind is drawn. */
export function InsightAnswer({ query, answer, annotations, height, onPeople, onPaths }: InsightAnswerProps) {
  const { results } = answer;
  const marks = useMarks(query, results, annotations);
  switch (query.kind) {
    case "FunnelsQuery":
      return (
        <FunnelAnswer
          height={height}
          query={query}
          results={results as FunnelResults}
          marks={marks}
          onStep={onPeople && ((at, dropped, breakdown) => onPeople(atStep(query, at, dropped, breakdown)))}
          onPaths={onPaths}
          onEntered={onPeople && ((line, at) => onPeople(enteredIn(query, line, at)))}
          onConverted={onPeople && (() => onPeople(converted(query)))}
        />
      );
    case "RetentionQuery": {
      const { period = "Day", display, retentionReference = "total", retentionCustomBrackets } = query.retentionFilter;
      const { aggregationType = "count", aggregationProperty } = query.retentionFilter;
      const amounts = aggregationType !== "count" && aggregationProperty !== undefined;
      return (
        <RetentionAnswer
          height={height}
          rows={results as RetentionRow[]}
          period={period}
          reference={retentionReference}
          brackets={retentionCustomBrackets}
          curve={display === "ActionsLineGraph" && !amounts}
          onCell={
            onPeople && ((row, column, names, breakdown) => onPeople(inCell(query, row, column, names, breakdown)))
          }
        />
      );
    }
    case "PathsQuery":
      return (
        <PathsAnswer
          query={query}
          height={height}
          links={results as PathLink[]}
          dropoffs={answer.dropoffs}
          onPeople={onPeople}
        />
      );
    case "ActivationMetricQuery":
      return <ActivationAnswer answer={answer} />;
    case "HogQLQuery":
      return <SqlAnswer answer={answer} />;
    case "CalendarHeatmapQuery":
      return <HeatmapAnswer found={results as HeatmapCells} />;
    case "TrendsQuery":
    case "StickinessQuery":
    case "LifecycleQuery":
      if (isBoxPlot(query)) return <BoxAnswer boxes={results as Box[]} height={height} />;
      return (
        <TrendAnswer
          height={height}
          query={query}
          lines={results as TrendResult[]}
          marks={marks}
          onPoint={onPeople && ((line, at) => onPeople(behindLine(query, line, at)))}
        />
      );
    default:
      return <Empty title="This kind of insight cannot be shown here" />;
  }
}
