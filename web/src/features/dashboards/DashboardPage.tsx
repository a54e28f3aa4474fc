import { Button } from "@mantine/core";
import { IconMaximize, IconRefresh } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, useParams } from "wouter";
import type { DateRange } from "@/api/insights";
import { changeDashboard, type Tile, useDashboard } from "@/api/saved";
import { useProject, useProjectPath } from "@/api/session";
import { AddText } from "@/features/dashboards/AddText";
import styles from "@/features/dashboards/dashboards.module.css";
import { TileView } from "@/features/dashboards/TileView";
import { Page, Panel } from "@/ui/Page";
import { DateRangePicker } from "@/ui/pickers/DateRangePicker";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { useUrlState } from "@/ui/useUrlState";

/** Tiles in rows of two, in the order of their stored places; a tile of full width takes a row. */
const inOrder = (tiles: Tile[]) =>
  [...tiles].sort((a, b) => {
    const [p, q] = [a.layouts?.sm, b.layouts?.sm];
    return (p?.y ?? 1e6) - (q?.y ?? 1e6) || (p?.x ?? 0) - (q?.x ?? 0) || a.id - b.id;
  });

export default function DashboardPage() {
  const { dashboardId } = useParams<{ dashboardId: string }>();
  const { id } = useProject();
  const path = useProjectPath();
  const queries = useQueryClient();
  const asked = useDashboard(Number(dashboardId));
  const [range, setRange] = useUrlState<DateRange | null>("range", null);
  const [order, setOrder] = useState<Tile[]>([]);
  const [dragged, setDragged] = useState<number | null>(null);
  const board = useRef<HTMLDivElement>(null);

  useEffect(() => setOrder(inOrder(asked.data?.tiles ?? [])), [asked.data]);

  const keep = (tiles: Tile[]) => {
    setOrder(tiles);
    let [x, y] = [0, 0];
    const placed = tiles.map((tile) => {
      const w = tile.layouts?.sm?.w === 12 ? 12 : 6;
      if (x + w > 12) [x, y] = [0, y + 5];
      const layout = { sm: { x, y, w, h: 5 } };
      x += w;
      return { id: tile.id, layouts: layout };
    });
    changeDashboard(id, Number(dashboardId), { tiles: placed }).catch(() => asked.refetch());
  };
  const move = (from: number, to: number) => {
    if (to < 0 || to >= order.length || from === to) return;
    const next = [...order];
    const [tile] = next.splice(from, 1);
    if (tile) next.splice(to, 0, tile);
    keep(next);
  };
  const widen = (at: number) =>
    keep(
      order.map((tile, i) =>
        i === at
          ? {
              ...tile,
              layouts: { sm: { x: 0, y: 0, h: 5, ...tile.layouts?.sm, w: tile.layouts?.sm?.w === 12 ? 6 : 12 } },
            }
          : tile,
      ),
    );

  if (!asked.data) {
    return (
      <Page title="Dashboard">
        <Panel>
          {asked.error ? <Failure problem={asked.error} onRetry={() => asked.refetch()} /> : <Loading lines={12} />}
        </Panel>
      </Page>
    );
  }
  return (
    <Page
      title={asked.data.name || "Untitled"}
      about={asked.data.description || undefined}
      actions={
        <>
          <AddText dashboardId={Number(dashboardId)} />
          <DateRangePicker range={range ?? undefined} unset="Own ranges" onChange={setRange} />
          {range ? (
            <Button variant="subtle" color="gray" onClick={() => setRange(null)}>
              Each tile's own range
            </Button>
          ) : null}
          <Button
            variant="default"
            leftSection={<IconRefresh size={15} />}
            onClick={() => queries.invalidateQueries({ queryKey: ["query", id] })}
          >
            Refresh
          </Button>
          <Button
            variant="default"
            leftSection={<IconMaximize size={15} />}
            onClick={() => board.current?.requestFullscreen().catch(() => undefined)}
          >
            Full screen
          </Button>
        </>
      }
    >
      {order.length === 0 ? (
        <Panel>
          <Empty
            title="This dashboard is empty"
            action={
              <Button component={Link} href={path("insight")}>
                Make an insight
              </Button>
            }
          >
            Save an insight and choose this dashboard.
          </Empty>
        </Panel>
      ) : (
        <div ref={board} className={styles.grid}>
          {order.map((tile, at) => (
            <TileView
              key={tile.id}
              tile={tile}
              range={range}
              dragged={dragged === at}
              onMove={(by) => move(at, at + by)}
              onWiden={() => widen(at)}
              onDragStart={() => setDragged(at)}
              onDragEnd={() => setDragged(null)}
              onDrop={() => {
                if (dragged !== null) move(dragged, at);
                setDragged(null);
              }}
            />
          ))}
        </div>
      )}
    </Page>
  );
}
