import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { Place, Tile } from "@/api/dashboards";
import { COLUMNS, leastOf, type Places, placesOf, put } from "@/features/dashboards/layout";

/** Pixels; the style sheet has the same numbers. */
const ROW = 60;
const GAP = 14;
const EDGE = 70; // this near to the window's edge the page scrolls along
const FARTHEST = 60; // rows

export interface Dragged {
  id: number;
  mode: "move" | "size";
  /** How far the pointer went, in pixels. */
  dx: number;
  dy: number;
}

export interface Arranging {
  /** Where tiles are, and while one is dragged where they would be. */
  places: Places;
  /** Where they were before. */
  settled: Places;
  dragged: Dragged | null;
  grab: (tile: Tile, mode: Dragged["mode"], event: PointerEvent) => void;
  /** Arrows move a tile, with Shift they resize it. */
  press: (tile: Tile, event: KeyboardEvent) => void;
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const same = (a: Places, b: Places) =>
  [...a].every(([id, place]) => {
    const other = b.get(id);
    return other && place.x === other.x && place.y === other.y && place.w === other.w && place.h === other.h;
  });

/** Moving and resizing tiles with a pointer or the arrow keys. `onDone` gets the new places, once per change. */
export function useArranging(
  tiles: readonly Tile[],
  grid: RefObject<HTMLElement | null>,
  onDone: (places: Places) => void,
): Arranging {
  const [settled, setSettled] = useState<Places>(() => placesOf(tiles));
  const [live, setLive] = useState<Places | null>(null);
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const stop = useRef<(() => void) | null>(null);

  useEffect(() => setSettled(placesOf(tiles)), [tiles]);
  useEffect(() => () => stop.current?.(), []);

  const settle = (places: Places) => {
    if (same(places, settled)) return;
    setSettled(places);
    onDone(places);
  };

  const grab = (tile: Tile, mode: Dragged["mode"], event: PointerEvent) => {
    const from = settled.get(tile.id);
    const width = grid.current?.getBoundingClientRect().width;
    // On a narrow screen tiles stand below each other, and a finger on one scrolls.
    const arranged = grid.current && getComputedStyle(grid.current).display === "grid";
    if (!from || !width || !arranged || event.button !== 0) return;
    event.preventDefault();
    const column = (width + GAP) / COLUMNS;
    const begin = { x: event.clientX, y: event.clientY + window.scrollY };
    let latest: Places = settled;
    const follow = (moved: globalThis.PointerEvent) => {
      if (moved.clientY < EDGE) window.scrollBy(0, -12);
      else if (moved.clientY > window.innerHeight - EDGE) window.scrollBy(0, 12);
      const dx = moved.clientX - begin.x;
      const dy = moved.clientY + window.scrollY - begin.y;
      const [columns, rows] = [Math.round(dx / column), Math.round(dy / (ROW + GAP))];
      const wanted: Place =
        mode === "move"
          ? { ...from, x: from.x + columns, y: from.y + rows }
          : { ...from, w: Math.min(from.w + columns, COLUMNS - from.x), h: from.h + rows };
      latest = put(settled, tile.id, wanted, leastOf(tile));
      setLive(latest);
      setDragged({ id: tile.id, mode, dx, dy });
    };
    const end = (keep: boolean) => {
      window.removeEventListener("pointermove", follow);
      window.removeEventListener("pointerup", drop);
      window.removeEventListener("pointercancel", cancel);
      window.removeEventListener("keydown", giveUp);
      stop.current = null;
      setLive(null);
      setDragged(null);
      if (keep) settle(latest);
    };
    const drop = () => end(true);
    const cancel = () => end(false);
    const giveUp = (pressed: globalThis.KeyboardEvent) => pressed.key === "Escape" && end(false);
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerup", drop);
    window.addEventListener("pointercancel", cancel);
    window.addEventListener("keydown", giveUp);
    stop.current = cancel;
  };

  const press = (tile: Tile, event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    const from = settled.get(tile.id);
    if (!arrow || !from) return;
    event.preventDefault();
    const [right, down] = arrow;
    if (event.shiftKey) {
      settle(put(settled, tile.id, { ...from, w: from.w + right, h: from.h + down }, leastOf(tile)));
      return;
    }
    // A step down that only leads under itself is undone by the tiles going up again, so go on until one makes way.
    for (let step = 1; step <= (down === 0 ? 1 : FARTHEST); step += 1) {
      const next = put(settled, tile.id, { ...from, x: from.x + right * step, y: from.y + down * step }, leastOf(tile));
      if (!same(next, settled)) {
        settle(next);
        return;
      }
    }
  };

  return { places: live ?? settled, settled, dragged, grab, press };
}
