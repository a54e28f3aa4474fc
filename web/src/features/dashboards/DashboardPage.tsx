import { Button } from "@mantine/core";
import { IconRefresh, IconShare, IconTypography } from "@tabler/icons-react";
import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { Link, useParams } from "wouter";
import { type BoardFilters, type Dashboard, filtersTiles, removeTile, type Tile, useDashboard } from "@/api/dashboards";
import { useProject, useProjectPath } from "@/api/session";
import { BoardGrid } from "@/features/dashboards/BoardGrid";
import { BoardMenu } from "@/features/dashboards/BoardMenu";
import styles from "@/features/dashboards/dashboards.module.css";
import { layoutsOf, type Places } from "@/features/dashboards/layout";
import { ShareDialog } from "@/features/dashboards/ShareDialog";
import { TextDialog } from "@/features/dashboards/TextDialog";
import { questionOf, TileView } from "@/features/dashboards/TileView";
import { useBoard } from "@/features/dashboards/useBoard";
import { useUndoNote } from "@/features/dashboards/useUndoNote";
import { PeoplePanel } from "@/ui/insights/PeoplePanel";
import type { PeopleAsked } from "@/ui/insights/people";
import { Page, Panel } from "@/ui/Page";
import { DateRangePicker } from "@/ui/pickers/DateRangePicker";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { useUrlState } from "@/ui/useUrlState";

export default function DashboardPage() {
  const dashboardId = Number(useParams<{ dashboardId: string }>().dashboardId);
  const asked = useDashboard(dashboardId);
  if (asked.data) return <Board key={dashboardId} board={asked.data} />;
  return (
    <Page title="Dashboard">
      <Panel>
        {asked.error ? <Failure problem={asked.error} onRetry={() => asked.refetch()} /> : <Loading lines={12} />}
      </Panel>
    </Page>
  );
}

const NO_TILES: Tile[] = [];

function Board({ board }: { board: Dashboard }) {
  const { id } = useProject();
  const path = useProjectPath();
  const queries = useQueryClient();
  const { change } = useBoard();
  const undoNote = useUndoNote();
  const stored = board.filters ?? {};
  const [filters, setFilters] = useUrlState<BoardFilters>("filters", stored);
  const [every, setEvery] = useUrlState<number>("every", 0);
  const [dialog, setDialog] = useState<"share" | "text" | Tile | null>(null);
  const [people, setPeople] = useState<PeopleAsked | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const place = useRef<HTMLDivElement>(null);
  const computing = useIsFetching({ queryKey: ["query", id] }) > 0;
  const all = board.tiles ?? NO_TILES;
  // The same array while nothing changed, so that places settle once.
  const tiles = useMemo(() => all.filter((tile) => !hidden.has(tile.id)), [all, hidden]);
  const differs = JSON.stringify(filters) !== JSON.stringify(stored);

  const refresh = () => {
    const questions = new Set(tiles.map((tile) => JSON.stringify(questionOf(tile))));
    queries.invalidateQueries({
      predicate: ({ queryKey: [kind, , query] }) => kind === "query" && questions.has(JSON.stringify(query)),
    });
  };
  const again = useRef(refresh);
  again.current = refresh;
  useEffect(() => {
    if (every < 10) return;
    const timer = setInterval(() => document.hidden || again.current(), every * 1000);
    return () => clearInterval(timer);
  }, [every]);

  const arrange = (places: Places) => change(board, { tiles: layoutsOf(places) });
  const remove = async (tile: Tile) => {
    setHidden(new Set([...hidden, tile.id]));
    const show = () => setHidden((old) => new Set([...old].filter((one) => one !== tile.id)));
    try {
      await removeTile(id, board.id, tile.id);
    } catch {
      show();
      return;
    }
    undoNote("Taken off the dashboard", async () => {
      await change(board, { tiles: [{ id: tile.id, deleted: false }] });
      show();
    });
  };

  return (
    <Page
      title={board.name || "Untitled"}
      about={board.description || undefined}
      actions={
        <>
          <Button variant="default" leftSection={<IconTypography size={15} />} onClick={() => setDialog("text")}>
            Add text
          </Button>
          <Button variant="default" leftSection={<IconShare size={15} />} onClick={() => setDialog("share")}>
            Share
          </Button>
          <Button variant="default" leftSection={<IconRefresh size={15} />} loading={computing} onClick={refresh}>
            Refresh
          </Button>
          <BoardMenu
            board={board}
            every={every}
            onEvery={(seconds) => setEvery(seconds, { replace: true })}
            onFullScreen={() => place.current?.requestFullscreen().catch(() => undefined)}
          />
        </>
      }
    >
      {tiles.length === 0 ? null : (
        <div className={styles.filters}>
          <DateRangePicker
            range={filters.date_from || filters.date_to ? filters : undefined}
            unset="Each tile's own dates"
            onChange={({ date_from, date_to }) => setFilters({ ...filters, date_from, date_to })}
          />
          <PropertyFilters
            filters={filters.properties ?? []}
            onChange={(properties) =>
              setFilters({ ...filters, properties: properties.length ? properties : undefined })
            }
          />
          {filtersTiles(filters) ? (
            <Button variant="subtle" color="gray" onClick={() => setFilters({})}>
              Clear
            </Button>
          ) : null}
          {differs ? (
            <Button variant="default" onClick={() => change(board, { filters })}>
              Keep for everybody
            </Button>
          ) : null}
        </div>
      )}
      {tiles.length === 0 ? (
        <Panel>
          <Empty
            title="This dashboard is empty"
            action={
              <Button component={Link} href={path("insight")}>
                Make an insight
              </Button>
            }
          >
            Save an insight and choose this dashboard, or add a text.
          </Empty>
        </Panel>
      ) : (
        <BoardGrid tiles={tiles} onArrange={arrange} board={place}>
          {(tile, handles) => (
            <TileView
              tile={tile}
              dashboardId={board.id}
              filters={filters}
              stored={stored}
              handles={handles}
              onEdit={setDialog}
              onRemove={remove}
              onPeople={setPeople}
            />
          )}
        </BoardGrid>
      )}
      {dialog === "share" ? <ShareDialog dashboardId={board.id} onClose={() => setDialog(null)} /> : null}
      {dialog !== null && dialog !== "share" ? (
        <TextDialog
          dashboardId={board.id}
          tile={dialog === "text" ? undefined : dialog}
          onClose={() => setDialog(null)}
        />
      ) : null}
      <PeoplePanel
        asked={people}
        place={{ label: "This dashboard only", scope: { scope: "dashboard", dashboard_id: board.id } }}
        onClose={() => setPeople(null)}
      />
    </Page>
  );
}
