import { type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode, type Ref, useRef } from "react";
import type { Place, Tile } from "@/api/dashboards";
import styles from "@/features/dashboards/dashboards.module.css";
import { inReadingOrder, type Places, placesOf } from "@/features/dashboards/layout";
import { useArranging } from "@/features/dashboards/useArranging";

/** What a tile's handles call. */
export interface Handles {
  onMove: (event: PointerEvent) => void;
  onResize: (event: PointerEvent) => void;
  onKey: (event: KeyboardEvent) => void;
}

const styleOf = (place: Place): CSSProperties =>
  ({ "--x": place.x + 1, "--y": place.y + 1, "--w": place.w, "--h": place.h }) as CSSProperties;

interface BoardGridProps {
  tiles: readonly Tile[];
  /** Where the tiles were put; without it nothing can be moved. */
  onArrange: (places: Places) => void;
  children: (tile: Tile, handles: Handles) => ReactNode;
  board?: Ref<HTMLDivElement>;
}

/** Tiles on a grid of twelve columns, moved and resized by hand. On a narrow screen they stand below each other. */
export function BoardGrid({ tiles, onArrange, children, board }: BoardGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const { places, settled, dragged, grab, press } = useArranging(tiles, grid, onArrange);
  const byId = new Map(tiles.map((tile) => [tile.id, tile]));
  const target = dragged ? places.get(dragged.id) : undefined;
  const held = dragged ? settled.get(dragged.id) : undefined;
  return (
    <div ref={board} className={styles.board}>
      <div ref={grid} className={styles.grid} data-dragging={dragged ? true : undefined}>
        {inReadingOrder(settled).map((id) => {
          const tile = byId.get(id);
          const place = places.get(id);
          if (!tile || !place) return null;
          const moving = dragged?.id === id && dragged.mode === "move";
          return (
            <div
              key={id}
              data-tile
              className={moving ? `${styles.tile} ${styles.held}` : styles.tile}
              style={
                moving && held
                  ? { ...styleOf(held), transform: `translate(${dragged.dx}px, ${dragged.dy}px)` }
                  : styleOf(place)
              }
            >
              {children(tile, {
                onMove: (event) => grab(tile, "move", event),
                onResize: (event) => grab(tile, "size", event),
                onKey: (event) => press(tile, event),
              })}
            </div>
          );
        })}
        {target ? <div className={styles.target} style={styleOf(target)} /> : null}
      </div>
    </div>
  );
}

/** The same grid for those who only look. */
export function StillGrid({ tiles, children }: { tiles: readonly Tile[]; children: (tile: Tile) => ReactNode }) {
  const places = placesOf(tiles);
  const byId = new Map(tiles.map((tile) => [tile.id, tile]));
  return (
    <div className={styles.grid}>
      {inReadingOrder(places).map((id) => {
        const [tile, place] = [byId.get(id), places.get(id)];
        return tile && place ? (
          <div key={id} className={styles.tile} style={styleOf(place)}>
            {children(tile)}
          </div>
        ) : null;
      })}
    </div>
  );
}
