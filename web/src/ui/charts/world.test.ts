import { expect, test } from "vitest";
import { blend } from "@/ui/charts/palette";
import { project, unproject } from "@/ui/charts/projection";
import { codeOf, countries, unwrapped } from "@/ui/charts/world";

test("countries are known by their two letters", () => {
  expect(codeOf("840", "United States of America")).toBe("US");
  expect(codeOf("004", "Afghanistan")).toBe("AF");
  expect(codeOf(undefined, "Kosovo")).toBe("XK");
  expect(codeOf(undefined, "N. Cyprus")).toBe("");
  const codes = countries().map((country) => country.properties.name);
  expect(codes.length).toBeGreaterThan(170);
  expect(codes.filter((code) => code !== "").length).toBe(new Set(codes.filter((code) => code !== "")).size);
  for (const code of ["DE", "BR", "IN", "NG", "AU", "JP", "RU"]) expect(codes).toContain(code);
  expect(codes).not.toContain("AQ");
});

test("the projection goes there and back", () => {
  for (const place of [
    [0, 0],
    [13.4, 52.5],
    [-58.4, -34.6],
    [179, 71],
  ]) {
    const back = unproject(project(place));
    expect(back[0]).toBeCloseTo(place[0] ?? 0, 5);
    expect(back[1]).toBeCloseTo(place[1] ?? 0, 5);
  }
  expect(project([0, 80])[1]).toBeLessThan(0);
});

test("borders over the 180th meridian go on beyond it", () => {
  expect(
    unwrapped([
      [
        [178, 1],
        [-179, 1],
        [-179, 2],
        [178, 1],
      ],
    ]),
  ).toEqual([
    [
      [178, 1],
      [181, 1],
      [181, 2],
      [178, 1],
    ],
  ]);
  const plain = [
    [
      [-10, 1],
      [10, 1],
      [10, 2],
      [-10, 1],
    ],
  ];
  expect(unwrapped(plain)).toEqual(plain);
});

test("colours are blended in both hex forms", () => {
  expect(blend("#fff", "#000000", 0.5)).toBe("rgb(128, 128, 128)");
  expect(blend("#1d6b57", "#ffffff", 0)).toBe("rgb(29, 107, 87)");
});
