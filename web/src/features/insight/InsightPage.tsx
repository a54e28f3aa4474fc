import { ActionIcon, Button, SegmentedControl, Tabs } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Link, useParams } from "wouter";
import type { InsightQuery } from "@/api/insights";
import { type QueryAnswer, useAnswer } from "@/api/query";
import { type SavedInsight, useInsight } from "@/api/saved";
import { useProject, useProjectPath } from "@/api/session";
import { AnswerMenu } from "@/features/insight/AnswerMenu";
import { Editor } from "@/features/insight/Editor";
import { FunnelCorrelation } from "@/features/insight/FunnelCorrelation";
import { FunnelOptions } from "@/features/insight/FunnelOptions";
import { pathsAround, withRange } from "@/features/insight/funnelPaths";
import styles from "@/features/insight/InsightPage.module.css";
import { asKind, KINDS, missing, START, tabOf } from "@/features/insight/kinds";
import { PlaceActions } from "@/features/insight/PlaceActions";
import { RetentionDisplay } from "@/features/insight/RetentionOptions";
import { SaveInsight } from "@/features/insight/SaveInsight";
import { DisplaySelect, IntervalSelect, isTotal, TrendsOptions } from "@/features/insight/TrendsOptions";
import { AnswerTable } from "@/ui/insights/AnswerTable";
import { InsightAnswer } from "@/ui/insights/InsightAnswer";
import { insightName } from "@/ui/insights/names";
import { PeoplePanel } from "@/ui/insights/PeoplePanel";
import type { PeopleAsked } from "@/ui/insights/people";
import { sampleInWords } from "@/ui/insights/sampling";
import { useMarked } from "@/ui/insights/useMarked";
import { Page, Panel } from "@/ui/Page";
import { DateRangePicker } from "@/ui/pickers/DateRangePicker";
import { Empty, Failure, Loading, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { useUndoable } from "@/ui/useUndoable";
import { useUrlState, useUrlText } from "@/ui/useUrlState";

const HEIGHT = 380;

/** A new insight, or a saved one by the short id in the address. What was changed since is in the address, too. */
export default function InsightPage() {
  const { shortId } = useParams<{ shortId?: string }>();
  const path = useProjectPath();
  const saved = useInsight(shortId);
  if (shortId === undefined) return <InsightEditor key="new" initial={START} />;
  if (!saved.data) {
    return (
      <Page title="Insight">
        <Panel>{saved.error ? <Failure problem={saved.error} onRetry={() => saved.refetch()} /> : <Loading />}</Panel>
      </Page>
    );
  }
  const source = saved.data.query?.source;
  if (!source || !KINDS.some((one) => one.kind === tabOf(source.kind))) {
    const sql = (source as { query?: string } | undefined)?.query;
    return (
      <Page title={insightName(saved.data)}>
        <Panel>
          <Empty
            title="This insight is no chart"
            action={sql ? <Link href={path("sql", { q: sql })}>Open its SQL</Link> : null}
          >
            It was made with a kind of question that this page cannot edit.
          </Empty>
        </Panel>
      </Page>
    );
  }
  // What was saved since begins anew: the address has a question only when it differs from the saved one.
  return <InsightEditor key={`${shortId}-${saved.data.last_modified_at}`} initial={source} saved={saved.data} />;
}

/** Whether an answer has intervals to choose. */
function hasInterval(query: InsightQuery): query is Extract<InsightQuery, { interval?: unknown }> {
  if (query.kind === "TrendsQuery") return !isTotal(query);
  if (query.kind === "FunnelsQuery") return query.funnelsFilter?.funnelVizType === "trends";
  return query.kind === "LifecycleQuery" || query.kind === "StickinessQuery";
}

function InsightEditor({ initial, saved }: { initial: InsightQuery; saved?: SavedInsight }) {
  const project = useProject();
  const queries = useQueryClient();
  const [query, setQuery, { undo, redo }] = useUndoable(useUrlState<InsightQuery>("q", initial));
  const [form, setForm] = useUrlText("form");
  const [people, setPeople] = useState<PeopleAsked | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const annotations = useMarked(saved?.id);
  const lacking = missing(query);
  const answer = useAnswer<unknown>(lacking ? null : query);
  // The old answer stays on screen while the new one computes, unless it is of another kind and cannot be drawn.
  const shown = useShown(query, answer.data, answer.isPlaceholderData);
  const sampled = sampleInWords(shown?.query ?? query);
  const cancelled = answer.isPlaceholderData && !answer.isFetching && !answer.error && !lacking;
  const tab = tabOf(query.kind);
  const kind = KINDS.find((one) => one.kind === tab)?.title ?? "Insight";
  const title = saved ? insightName(saved) : kind;
  const asTable = form === "table" && query.kind !== "ActivationMetricQuery";

  return (
    <Page title={title} actions={<SaveInsight query={query} saved={saved} />}>
      <Panel>
        <Tabs
          value={tab}
          className={styles.tabs}
          onChange={(kind) => kind && setQuery(asKind(query, kind as InsightQuery["kind"]))}
        >
          <Tabs.List>
            {KINDS.map((one) => (
              <Tabs.Tab key={one.kind} value={one.kind} title={one.about}>
                {one.title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <Editor key={tab} query={query} onChange={setQuery} />
      </Panel>
      <Panel>
        <div className={styles.toolbar}>
          <DateRangePicker
            range={query.dateRange}
            unset={query.kind === "RetentionQuery" ? "As many as columns" : undefined}
            onChange={(dateRange) => setQuery(withRange(query, dateRange))}
          />
          {hasInterval(query) ? (
            <IntervalSelect value={query.interval} onChange={(interval) => setQuery({ ...query, interval })} />
          ) : null}
          {query.kind === "TrendsQuery" ? <TrendsOptions query={query} onChange={setQuery} /> : null}
          {query.kind === "TrendsQuery" || query.kind === "CalendarHeatmapQuery" ? (
            <DisplaySelect query={query} onChange={setQuery} />
          ) : null}
          {query.kind === "FunnelsQuery" ? <FunnelOptions query={query} onChange={setQuery} /> : null}
          {query.kind === "RetentionQuery" ? <RetentionDisplay query={query} onChange={setQuery} /> : null}
          <span className={styles.spacer} />
          <Button
            variant="subtle"
            color="gray"
            className={answer.isFetching ? undefined : styles.hidden}
            onClick={() => queries.cancelQueries({ queryKey: ["query", project.id, query] })}
          >
            Cancel
          </Button>
          <ActionIcon aria-label="Undo" disabled={!undo} onClick={() => undo?.()}>
            <IconArrowBackUp size={16} />
          </ActionIcon>
          <ActionIcon aria-label="Redo" disabled={!redo} onClick={() => redo?.()}>
            <IconArrowForwardUp size={16} />
          </ActionIcon>
          {query.kind === "ActivationMetricQuery" ? null : (
            <SegmentedControl
              size="xs"
              aria-label="Form"
              data={[
                { value: "chart", label: "Chart" },
                { value: "table", label: "Table" },
              ]}
              value={asTable ? "table" : "chart"}
              onChange={(next) => setForm(next === "table" ? "table" : "")}
            />
          )}
          <AnswerMenu name={title} query={query} shown={shown} place={place} />
        </div>
        {answer.error && shown ? <Problem problem={answer.error} /> : null}
        {shown && cancelled ? (
          <p className={styles.cancelled}>
            Cancelled: below is the answer to the question before.
            <Button variant="default" onClick={() => answer.refetch()}>
              Ask again
            </Button>
          </p>
        ) : null}
        <div
          ref={place}
          className={styles.answer}
          data-stale={answer.isFetching && answer.isPlaceholderData ? true : undefined}
        >
          {lacking ? (
            <Empty title={lacking} />
          ) : shown && !(answer.error && !answer.data) ? (
            asTable ? (
              <AnswerTable
                query={shown.query}
                results={shown.answer.results}
                dropoffs={shown.answer.dropoffs}
                annotations={annotations}
                onPeople={setPeople}
              />
            ) : (
              <InsightAnswer
                query={shown.query}
                answer={shown.answer}
                annotations={annotations}
                height={HEIGHT}
                onPeople={setPeople}
                onPaths={
                  query.kind === "FunnelsQuery" ? (step, part) => setQuery(pathsAround(query, step, part)) : undefined
                }
              />
            )
          ) : answer.error ? (
            <Failure problem={answer.error} onRetry={() => answer.refetch()} />
          ) : answer.isFetching ? (
            <Loading lines={12} />
          ) : (
            <Empty
              title="Not computed"
              action={
                <Button variant="default" onClick={() => answer.refetch()}>
                  Ask again
                </Button>
              }
            >
              The question was cancelled before it had an answer.
            </Empty>
          )}
        </div>
        <footer className={styles.footer}>
          {sampled ? <span>{sampled}</span> : null}
          <span>Time zone: {project.timezone}</span>
          {answer.data?.last_refresh ? (
            <span>
              Computed <Time at={answer.data.last_refresh} form="ago" />
            </span>
          ) : null}
        </footer>
      </Panel>
      {query.kind === "FunnelsQuery" && (query.funnelsFilter?.funnelVizType ?? "steps") === "steps" && !lacking ? (
        <FunnelCorrelation query={query} onPeople={setPeople} />
      ) : null}
      <PeoplePanel
        asked={people}
        place={
          saved
            ? { label: "This insight only", scope: { scope: "dashboard_item", dashboard_item: saved.id } }
            : undefined
        }
        onClose={() => setPeople(null)}
      >
        {query.kind === "PathsQuery" && people?.pathItem !== undefined ? (
          <PlaceActions
            query={query}
            item={people.pathItem}
            onChange={(next) => {
              setPeople(null);
              setQuery(next);
            }}
          />
        ) : null}
      </PeoplePanel>
    </Page>
  );
}

interface Shown {
  query: InsightQuery;
  answer: QueryAnswer<unknown>;
}

/** What decides the shape of an answer: another question of the same shape can stay on screen meanwhile. */
const shapeOf = (query: InsightQuery) =>
  `${query.kind} ${query.kind === "FunnelsQuery" ? (query.funnelsFilter?.funnelVizType ?? "steps") : ""}`;

/** The last answer together with the question it is the answer to. */
function useShown(query: InsightQuery, answer: QueryAnswer<unknown> | undefined, stale: boolean): Shown | null {
  const last = useRef<Shown | null>(null);
  if (answer !== undefined && !stale) last.current = { query, answer };
  return last.current && shapeOf(last.current.query) === shapeOf(query) ? last.current : null;
}
