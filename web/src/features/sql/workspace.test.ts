import { expect, test } from "vitest";
import { newTab, remembered, without } from "@/features/sql/workspace";

test("closing the tab that is looked at shows the one to its left", () => {
  const tabs = ["a", "b", "c"].map((text) => newTab(text));
  const [a, b, c] = tabs.map((tab) => tab.id);
  expect(without(tabs, b ?? "", b ?? "").active).toBe(a);
  expect(without(tabs, a ?? "", a ?? "").active).toBe(b);
  expect(without(tabs, a ?? "", c ?? "").active).toBe(c);
});

test("a text that is run again moves to the front", () => {
  const run = (text: string, at: number) => ({ text, at, rows: 1, seconds: 0.1 });
  const runs = remembered([run("a", 1), run("b", 2)], run("b", 3));
  expect(runs.map((one) => [one.text, one.at])).toEqual([
    ["b", 3],
    ["a", 1],
  ]);
});
