/** Where tiles are on the grid of a dashboard, and what moves when one of them is moved or resized. */
import type { Place, Tile } from "@/api/dashboards";

export const COLUMNS = 12;
/** The least that still shows a chart; a text may be flatter. */
export const LEAST = { w: 3, h: 3 };
export const LEAST_TEXT = { w: 2, h: 1 };
const USUAL: Place = { x: 0, y: 0, w: 6, h: 5 };
const USUAL_TEXT: Place = { x: 0, y: 0, w: 12, h: 2 };

export type Places = ReadonlyMap<number, Place>;

const meet = (a: Place, b: Place) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const within = (place: Place, least: { w: number; h: number }): Place => {
  const w = Math.min(COLUMNS, Math.max(least.w, Math.round(place.w)));
  return {
    w,
    h: Math.min(40, Math.max(least.h, Math.round(place.h))),
    x: Math.min(COLUMNS - w, Math.max(0, Math.round(place.x))),
    y: Math.max(0, Math.round(place.y)),
  };
};

export const leastOf = (tile: Tile) => (tile.text ? LEAST_TEXT : LEAST);

/** The stored places, with tiles that have none put after the others, two in a row. */
export function placesOf(tiles: readonly Tile[]): Places {
  const places = new Map<number, Place>();
  for (const tile of tiles) {
    const stored = tile.layouts?.sm;
    if (stored && [stored.x, stored.y, stored.w, stored.h].every(Number.isFinite)) {
      places.set(tile.id, within(stored, leastOf(tile)));
    }
  }
  let end = Math.max(0, ...[...places.values()].map((place) => place.y + place.h));
  let x = 0;
  for (const tile of tiles) {
    if (places.has(tile.id)) continue;
    const usual = tile.text ? USUAL_TEXT : USUAL;
    if (x + usual.w > COLUMNS) {
      x = 0;
      end += USUAL.h;
    }
    places.set(tile.id, { ...usual, x, y: end });
    x += usual.w;
  }
  return compacted(places);
}

/** Tiles from top to bottom and from left to right, as they are read and as a phone shows them. */
export function inReadingOrder(places: Places): number[] {
  return [...places].sort(([, a], [, b]) => a.y - b.y || a.x - b.x).map(([id]) => id);
}

/**
 * No tile lies on another and none floats: each goes up as far as it can. Of those at the same height the one that was
 * `moved` is the first when it came up, and the last when it came down.
 */
export function compacted(places: Places, moved?: number, down = false): Places {
  const rank = (id: number) => (id !== moved ? 0 : down ? 1 : -1);
  const order = [...places].sort(([p, a], [q, b]) => a.y - b.y || rank(p) - rank(q) || a.x - b.x || p - q);
  const done: [number, Place][] = [];
  for (const [id, place] of order) {
    const next = { ...place };
    const blocked = () => done.some(([, other]) => meet(next, other));
    while (next.y > 0) {
      next.y -= 1;
      if (blocked()) {
        next.y += 1;
        break;
      }
    }
    while (blocked()) next.y += 1;
    done.push([id, next]);
  }
  return new Map(done);
}

/** The grid after a tile was put to another place or size; the others make way. */
export function put(places: Places, id: number, wanted: Place, least = LEAST): Places {
  const next = new Map(places);
  const placed = within(wanted, least);
  next.set(id, placed);
  return compacted(next, id, placed.y > (places.get(id)?.y ?? 0));
}

/** What to store of a tile: its place on a wide screen and in the single column of a narrow one. */
export function layoutsOf(places: Places): { id: number; layouts: { sm: Place; xs: Place } }[] {
  let y = 0;
  return inReadingOrder(places).map((id) => {
    const sm = places.get(id) ?? USUAL;
    const xs = { x: 0, y, w: 1, h: sm.h };
    y += sm.h;
    return { id, layouts: { sm, xs } };
  });
}
