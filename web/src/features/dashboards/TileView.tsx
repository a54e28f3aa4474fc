import { ActionIcon, Menu } from "@mantine/core";
import { IconArrowsMove, IconDots } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { type BoardFilters, filtersTiles, type Tile, underFilters } from "@/api/dashboards";
import type { InsightQuery } from "@/api/insights";
import { type QueryAnswer, useAnswer } from "@/api/query";
import { useProject, useProjectPath } from "@/api/session";
import type { Handles } from "@/features/dashboards/BoardGrid";
import styles from "@/features/dashboards/dashboards.module.css";
import { downloadCsv, downloadPng } from "@/ui/insights/downloads";
import { type DrawnQuery, InsightAnswer, type OnPeople } from "@/ui/insights/InsightAnswer";
import { insightName } from "@/ui/insights/names";
import { sampleInWords } from "@/ui/insights/sampling";
import { useMarked } from "@/ui/insights/useMarked";
import { Markdown } from "@/ui/Markdown";
import { Empty, Failure, Loading, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";

interface TileViewProps {
  tile: Tile;
  dashboardId: number;
  /** What is laid over the tile now, and what was when its stored answer was made. */
  filters: BoardFilters;
  stored: BoardFilters;
  handles: Handles;
  onEdit: (tile: Tile) => void;
  onRemove: (tile: Tile) => void;
  onPeople: OnPeople;
}

/** The question inside what was saved. */
export const questionOf = (tile: Tile): DrawnQuery | null => {
  const { query } = tile.insight ?? {};
  return (query?.source ?? query ?? null) as DrawnQuery | null;
};

/** The answer that came with the dashboard, if it is one to the question that is asked now. */
const storedAnswer = ({ insight }: Tile): QueryAnswer<unknown> | undefined =>
  insight?.result === null || insight?.result === undefined
    ? undefined
    : ({ ...insight, results: insight.result } as unknown as QueryAnswer<unknown>);

/** One tile. Its head is its handle; the button in it takes the arrow keys. */
export function TileView(props: TileViewProps) {
  const { tile, filters, stored, handles, onEdit, onRemove } = props;
  const path = useProjectPath();
  const { id } = useProject();
  const queries = useQueryClient();
  const [answer, setAnswer] = useState<QueryAnswer<unknown> | undefined>();
  const body = useRef<HTMLDivElement>(null);
  const { insight } = tile;
  const query = questionOf(tile);
  const laid = { ...filters, ...tile.filters_overrides };
  const title = insight ? insightName(insight) : "Text";
  const opened =
    insight && query
      ? path(
          `insights/${insight.short_id}`,
          filtersTiles(laid) && query.kind !== "HogQLQuery"
            ? { q: JSON.stringify(underFilters(query as InsightQuery, laid)) }
            : undefined,
        )
      : null;

  const sampled = query && sampleInWords(query);
  const tools = (
    <span className={styles.tools}>
      <ActionIcon
        size="sm"
        aria-label={`Move ${title}: arrow keys move it, with Shift they resize it`}
        onKeyDown={handles.onKey}
        onPointerDown={handles.onMove}
        className={styles.mover}
      >
        <IconArrowsMove size={14} />
      </ActionIcon>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size="sm" aria-label={`More of ${title}`}>
            <IconDots size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {opened ? (
            <>
              <Menu.Item component={Link} href={opened}>
                Open
              </Menu.Item>
              <Menu.Item onClick={() => queries.invalidateQueries({ queryKey: ["query", id, query] })}>
                Compute now
              </Menu.Item>
            </>
          ) : null}
          {query && answer ? (
            <>
              <Menu.Item onClick={() => downloadCsv(title, query, answer)}>Download CSV</Menu.Item>
              <Menu.Item onClick={() => downloadPng(title, body.current)}>Download PNG</Menu.Item>
            </>
          ) : null}
          {tile.text ? <Menu.Item onClick={() => onEdit(tile)}>Edit</Menu.Item> : null}
          <Menu.Item onClick={() => onRemove(tile)}>Take off this dashboard</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </span>
  );
  const corner = (
    <button
      type="button"
      className={styles.corner}
      aria-label={`Resize ${title}`}
      tabIndex={-1}
      onPointerDown={handles.onResize}
    />
  );
  if (tile.text) {
    return (
      <section className={styles.card} aria-label="Text">
        <div className={`${styles.body} ${styles.flat}`}>
          <Markdown text={tile.text.body} />
        </div>
        <span className={styles.textTools}>{tools}</span>
        {corner}
      </section>
    );
  }
  return (
    <section className={styles.card} aria-label={title}>
      <header
        className={styles.head}
        data-handle
        onPointerDown={(event) => {
          if (!(event.target as Element).closest("a, button")) handles.onMove(event);
        }}
      >
        <h2 title={insight?.description || title}>{opened ? <Link href={opened}>{title}</Link> : title}</h2>
        {sampled ? <small title={sampled}>sampled</small> : null}
        {answer?.last_refresh ? (
          <small>
            <Time at={answer.last_refresh} form="ago" />
          </small>
        ) : null}
        {tools}
      </header>
      {query ? (
        <Answer
          query={query}
          insightId={insight?.id}
          dashboardId={props.dashboardId}
          filters={filtersTiles(laid) ? laid : undefined}
          first={JSON.stringify(filters) === JSON.stringify(stored) ? storedAnswer(tile) : undefined}
          place={body}
          onAnswer={setAnswer}
          onPeople={props.onPeople}
        />
      ) : (
        <Empty title="This insight cannot be shown here" />
      )}
      {corner}
    </section>
  );
}

interface AnswerProps {
  query: DrawnQuery;
  insightId: number | undefined;
  dashboardId: number;
  filters: BoardFilters | undefined;
  first: QueryAnswer<unknown> | undefined;
  place: RefObject<HTMLDivElement | null>;
  onAnswer: (answer: QueryAnswer<unknown> | undefined) => void;
  onPeople: OnPeople;
}

function Answer({ query, insightId, dashboardId, filters, first, place, onAnswer, onPeople }: AnswerProps) {
  const annotations = useMarked(insightId, dashboardId);
  const asked = useAnswer<unknown>(query, { filters, first, lasting: true, staleTime: 300_000 });
  const { data } = asked;
  useEffect(() => onAnswer(data), [data, onAnswer]);
  if (asked.error && !asked.data) {
    return (
      <div className={styles.body}>
        <Failure problem={asked.error} onRetry={() => asked.refetch()} />
      </div>
    );
  }
  if (!asked.data) {
    return (
      <div className={styles.body}>
        <Loading lines={7} />
      </div>
    );
  }
  const shown = query.kind === "HogQLQuery" || !filters ? query : underFilters(query, filters);
  return (
    <div ref={place} className={styles.body} data-stale={asked.isPlaceholderData || undefined}>
      {asked.error ? <Problem problem={asked.error} /> : null}
      <InsightAnswer query={shown} answer={asked.data} annotations={annotations} height="fill" onPeople={onPeople} />
    </div>
  );
}
