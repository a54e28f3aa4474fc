import { ActionIcon, Button, Menu, Modal, SegmentedControl, Tabs } from "@mantine/core";
import { IconArrowBackUp, IconDotsVertical, IconTable } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Link, useParams } from "wouter";
import type { InsightQuery } from "@/api/insights";
import { type QueryAnswer, useAnswer } from "@/api/query";
import { type SavedInsight, useInsight } from "@/api/saved";
import { useProject, useProjectPath } from "@/api/session";
import { Editor } from "@/features/insight/Editor";
import styles from "@/features/insight/InsightPage.module.css";
import { asKind, KINDS, missing, START } from "@/features/insight/kinds";
import { FunnelOptions, IntervalSelect, RetentionDisplay, TrendsOptions } from "@/features/insight/Options";
import { SaveInsight } from "@/features/insight/SaveInsight";
import type { ChartHandle } from "@/ui/charts/Chart";
import { download, toCsv } from "@/ui/csv";
import { AnswerTable } from "@/ui/insights/AnswerTable";
import { InsightAnswer } from "@/ui/insights/InsightAnswer";
import { insightName } from "@/ui/insights/names";
import { numbersOf } from "@/ui/insights/numbers";
import { PeoplePanel } from "@/ui/insights/PeoplePanel";
import { Page, Panel } from "@/ui/Page";
import { DateRangePicker } from "@/ui/pickers/DateRangePicker";
import { Snippet } from "@/ui/Snippet";
import { Empty, Failure, Loading, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { useUndoable } from "@/ui/useUndoable";
import { useUrlState } from "@/ui/useUrlState";

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
  if (!source || !KINDS.some((one) => one.kind === source.kind)) {
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

function InsightEditor({ initial, saved }: { initial: InsightQuery; saved?: SavedInsight }) {
  const project = useProject();
  const queries = useQueryClient();
  const [query, setQuery, undo] = useUndoable(useUrlState<InsightQuery>("q", initial));
  const [asTable, setAsTable] = useState(false);
  const [sqlShown, setSqlShown] = useState(false);
  const [people, setPeople] = useState<{ title: string; source: object } | null>(null);
  const chart = useRef<ChartHandle>(null);
  const lacking = missing(query);
  const answer = useAnswer<unknown>(lacking ? null : query);
  // The old answer stays on screen while the new one computes, unless it is of another kind and cannot be drawn.
  const shown = useShown(query, answer.data, answer.isPlaceholderData);
  const kind = KINDS.find((one) => one.kind === query.kind)?.title ?? "Insight";
  const hasInterval =
    query.kind === "TrendsQuery" || query.kind === "LifecycleQuery" || query.kind === "StickinessQuery";

  return (
    <Page title={saved ? insightName(saved) : kind} actions={<SaveInsight query={query} saved={saved} />}>
      <Panel>
        <Tabs
          value={query.kind}
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
        <Editor key={query.kind} query={query} onChange={setQuery} />
      </Panel>
      <Panel>
        <div className={styles.toolbar}>
          {query.kind === "RetentionQuery" ? null : (
            <DateRangePicker range={query.dateRange} onChange={(dateRange) => setQuery({ ...query, dateRange })} />
          )}
          {hasInterval ? (
            <IntervalSelect value={query.interval} onChange={(interval) => setQuery({ ...query, interval })} />
          ) : null}
          {query.kind === "TrendsQuery" ? <TrendsOptions query={query} onChange={setQuery} /> : null}
          {query.kind === "FunnelsQuery" ? <FunnelOptions query={query} onChange={setQuery} /> : null}
          {query.kind === "RetentionQuery" ? <RetentionDisplay query={query} onChange={setQuery} /> : null}
          <span className={styles.spacer} />
          <ActionIcon aria-label="Undo" disabled={!undo} onClick={() => undo?.()}>
            <IconArrowBackUp size={16} />
          </ActionIcon>
          {answer.isFetching && !answer.isPending ? (
            <Button
              variant="subtle"
              color="gray"
              onClick={() => queries.cancelQueries({ queryKey: ["query", project.id, query] })}
            >
              Cancel
            </Button>
          ) : null}
          {query.kind === "ActivationMetricQuery" ? null : (
            <SegmentedControl
              size="xs"
              aria-label="Form"
              data={[
                { value: "chart", label: "Chart" },
                { value: "table", label: "Table" },
              ]}
              value={asTable ? "table" : "chart"}
              onChange={(form) => setAsTable(form === "table")}
            />
          )}
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" px={7} aria-label="More">
                <IconDotsVertical size={16} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<IconTable size={15} />}
                disabled={!shown}
                onClick={() => {
                  if (!shown) return;
                  const { columns, rows } = numbersOf(shown.query, shown.answer.results);
                  download("insight.csv", toCsv(columns, rows));
                }}
              >
                Download CSV
              </Menu.Item>
              <Menu.Item
                onClick={async () => {
                  const picture = chart.current?.picture();
                  if (!picture) return;
                  const bytes = Uint8Array.from(atob(picture.slice(picture.indexOf(",") + 1)), (c) => c.charCodeAt(0));
                  download("insight.png", new Blob([bytes], { type: "image/png" }));
                }}
              >
                Download PNG
              </Menu.Item>
              <Menu.Item onClick={() => setSqlShown(true)}>Show SQL</Menu.Item>
              <Menu.Item onClick={() => queries.invalidateQueries({ queryKey: ["query", project.id, query] })}>
                Ask again
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
        {answer.error && shown ? <Problem problem={answer.error} /> : null}
        <div className={styles.answer} data-stale={answer.isFetching && answer.isPlaceholderData ? true : undefined}>
          {lacking ? (
            <Empty title={lacking} />
          ) : shown && !(answer.error && !answer.data) ? (
            asTable ? (
              <AnswerTable query={shown.query} results={shown.answer.results} />
            ) : (
              <InsightAnswer
                query={shown.query}
                answer={shown.answer}
                height={HEIGHT}
                handle={chart}
                onPeople={(heading, source) => setPeople({ title: heading, source })}
              />
            )
          ) : answer.error ? (
            <Failure problem={answer.error} onRetry={() => answer.refetch()} />
          ) : (
            <Loading lines={10} />
          )}
        </div>
        <footer className={styles.footer}>
          <span>Time zone: {project.timezone}</span>
          {answer.data?.last_refresh ? (
            <span>
              Computed <Time at={answer.data.last_refresh} form="ago" />
            </span>
          ) : null}
        </footer>
      </Panel>
      <PeoplePanel asked={people} onClose={() => setPeople(null)} />
      <Modal
        opened={sqlShown}
        onClose={() => setSqlShown(false)}
        title="SQL"
        size="xl"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Snippet code={answer.data?.hogql ?? answer.data?.clickhouse ?? "No SQL yet."} label="SQL" />
      </Modal>
    </Page>
  );
}

interface Shown {
  query: InsightQuery;
  answer: QueryAnswer<unknown>;
}

/** The last answer together with the question it is the answer to. */
function useShown(query: InsightQuery, answer: QueryAnswer<unknown> | undefined, stale: boolean): Shown | null {
  const last = useRef<Shown | null>(null);
  if (answer !== undefined && !stale) last.current = { query, answer };
  return last.current?.query.kind === query.kind ? last.current : null;
}
