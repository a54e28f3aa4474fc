import { expect, test } from "vitest";
import type { Place, Tile } from "@/api/dashboards";
import {
  COLUMNS,
  compacted,
  inReadingOrder,
  layoutsOf,
  type Places,
  placesOf,
  put,
} from "@/features/dashboards/layout";

const grid = (...places: [number, Place][]): Places => new Map(places);
const at = (x: number, y: number, w = 6, h = 4): Place => ({ x, y, w, h });
const tile = (id: number, sm?: Place, text?: string): Tile => ({
  id,
  layouts: sm ? { sm } : {},
  text: text ? { body: text } : null,
});

const overlaps = (places: Places) => {
  const all = [...places.values()];
  return all.some((a, i) =>
    all.some((b, j) => i < j && a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h),
  );
};

test("tiles without a place follow the others, two in a row", () => {
  const places = placesOf([tile(1, at(0, 0, 12, 4)), tile(2), tile(3), tile(4)]);
  expect(places.get(2)).toEqual({ x: 0, y: 4, w: 6, h: 5 });
  expect(places.get(3)).toEqual({ x: 6, y: 4, w: 6, h: 5 });
  expect(places.get(4)).toEqual({ x: 0, y: 9, w: 6, h: 5 });
});

test("stored places that cannot be are brought into the grid", () => {
  const places = placesOf([tile(1, { x: 30, y: -4, w: 99, h: 0 }), tile(2, { x: Number.NaN, y: 0, w: 1, h: 1 })]);
  expect(places.get(1)).toEqual({ x: 0, y: 0, w: COLUMNS, h: 3 });
  expect(places.get(2)).toMatchObject({ x: 0, y: 3 });
});

test("a text may be flatter than a chart", () => {
  expect(placesOf([tile(1, at(0, 0, 12, 1), "Read me")]).get(1)).toEqual(at(0, 0, 12, 1));
  expect(placesOf([tile(1, at(0, 0, 12, 1))]).get(1)).toEqual(at(0, 0, 12, 3));
});

test("a tile that is moved onto another takes its place, and the other goes below", () => {
  const places = put(grid([1, at(0, 0)], [2, at(0, 4)]), 2, at(0, 0));
  expect(places.get(2)).toEqual(at(0, 0));
  expect(places.get(1)).toEqual(at(0, 4));
});

test("a tile that is moved down lets the one below go up", () => {
  const places = put(grid([1, at(0, 0)], [2, at(0, 4)]), 1, at(0, 4));
  expect(places.get(1)).toEqual(at(0, 4));
  expect(places.get(2)).toEqual(at(0, 0));
});

test("a tile that grows pushes its neighbour down, and gives the place back", () => {
  const before = grid([1, at(0, 0)], [2, at(6, 0)], [3, at(0, 4)]);
  const wide = put(before, 1, at(0, 0, 12, 4));
  expect(wide.get(2)).toEqual(at(6, 4));
  expect(wide.get(3)).toEqual(at(0, 4));
  expect(put(before, 1, at(0, 0))).toEqual(before);
});

test("nothing floats and nothing overlaps, whatever is moved where", () => {
  let places = grid(...Array.from({ length: 12 }, (_, i): [number, Place] => [i, at((i % 2) * 6, i * 2)]));
  places = compacted(places);
  let seed = 7;
  const random = (most: number) => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed % most;
  };
  for (let step = 0; step < 300; step += 1) {
    places = put(places, random(12), { x: random(14) - 1, y: random(30), w: random(14), h: random(9) });
    expect(overlaps(places)).toBe(false);
    expect(compacted(places)).toEqual(compacted(compacted(places)));
    expect(Math.min(...[...places.values()].map((place) => place.y))).toBe(0);
    for (const place of places.values()) expect(place.x >= 0 && place.x + place.w <= COLUMNS).toBe(true);
  }
});

test("a phone reads the tiles from top to bottom", () => {
  const places = grid([1, at(6, 0)], [2, at(0, 0)], [3, at(0, 4)]);
  expect(inReadingOrder(places)).toEqual([2, 1, 3]);
  expect(layoutsOf(places).map((one) => one.layouts.xs.y)).toEqual([0, 4, 8]);
});
