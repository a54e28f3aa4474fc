import { expect, test } from "vitest";
import { drawable } from "@/features/sql/chartable";

test("a text names the points and numbers are lines", () => {
  const results = [
    ["a", 1, 10],
    ["b", null, 20],
  ];
  expect(drawable({ columns: ["event", "n", "m"], results })).toEqual({
    labels: ["a", "b"],
    lines: [
      { name: "n", values: [1, null] },
      { name: "m", values: [10, 20] },
    ],
  });
});

test("of numbers alone the first names the points", () => {
  expect(drawable({ columns: ["hour", "n"], results: [[0, 5]] })?.lines.map((line) => line.name)).toEqual(["n"]);
  expect(drawable({ columns: ["n"], results: [[5]] })?.labels).toEqual(["1"]);
});

test("texts alone cannot be drawn", () => {
  expect(drawable({ columns: ["event"], results: [["a"]] })).toBeNull();
  expect(drawable({ columns: ["n"], results: [] })).toBeNull();
});
