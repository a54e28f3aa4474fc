import { ActionIcon } from "@mantine/core";
import { IconArrowsHorizontal, IconChevronLeft, IconChevronRight, IconGripVertical } from "@tabler/icons-react";
import { Link } from "wouter";
import type { DateRange, InsightQuery } from "@/api/insights";
import { useAnswer } from "@/api/query";
import type { Tile } from "@/api/saved";
import { useProjectPath } from "@/api/session";
import styles from "@/features/dashboards/dashboards.module.css";
import { InsightAnswer } from "@/ui/insights/InsightAnswer";
import { Panel } from "@/ui/Page";
import { Empty, Failure, Loading } from "@/ui/states/States";

const HEIGHT = 250;

interface TileViewProps {
  tile: Tile;
  range: DateRange | null;
  dragged: boolean;
  onMove: (by: number) => void;
  onWiden: () => void;
  onDragStart: () => void;
  onDragEnd: () => void;
  onDrop: () => void;
}

/** One tile: an insight or a text. It can be dragged by its handle, or moved by the keyboard with the arrows. */
export function TileView({ tile, range, dragged, onMove, onWiden, onDragStart, onDragEnd, onDrop }: TileViewProps) {
  const path = useProjectPath();
  const saved = tile.insight?.query.source ?? null;
  const query: InsightQuery | null = saved && range ? { ...saved, dateRange: range } : saved;
  const title = tile.insight?.name || tile.insight?.derived_name || "Untitled";
  const wide = tile.layouts?.sm?.w === 12;
  const tools = (
    <span className={styles.tools}>
      <ActionIcon aria-label={`Move ${title} back`} onClick={() => onMove(-1)}>
        <IconChevronLeft size={15} />
      </ActionIcon>
      <ActionIcon aria-label={`Move ${title} on`} onClick={() => onMove(1)}>
        <IconChevronRight size={15} />
      </ActionIcon>
      <ActionIcon aria-label={wide ? `Half width of ${title}` : `Full width of ${title}`} onClick={onWiden}>
        <IconArrowsHorizontal size={15} />
      </ActionIcon>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons beside it do the same by keyboard */}
      <span draggable onDragStart={onDragStart} onDragEnd={onDragEnd} title="Drag to move">
        <IconGripVertical size={16} aria-hidden />
      </span>
    </span>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop on
    <div
      className={[styles.tile, wide ? styles.wide : "", dragged ? styles.dragged : ""].join(" ")}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDrop}
    >
      {tile.text ? (
        <Panel actions={tools}>
          <div className={styles.text}>{tile.text.body}</div>
        </Panel>
      ) : (
        <Panel
          title={query ? <Link href={path("insight", { q: JSON.stringify(query) })}>{title}</Link> : title}
          actions={tools}
        >
          <div className={styles.body}>
            {query ? <Answer query={query} /> : <Empty title="This insight cannot be shown here" />}
          </div>
        </Panel>
      )}
    </div>
  );
}

function Answer({ query }: { query: InsightQuery }) {
  const asked = useAnswer<unknown>(query);
  if (asked.error && !asked.data) return <Failure problem={asked.error} onRetry={() => asked.refetch()} />;
  if (!asked.data) return <Loading lines={7} />;
  return <InsightAnswer query={query} results={asked.data.results} height={HEIGHT} />;
}
