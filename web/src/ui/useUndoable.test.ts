import { expect, test } from "vitest";
import { followed } from "@/ui/useUndoable";

test("a step back, a step forward, and what came from elsewhere", () => {
  const trail = { texts: ["a", "b", "c"], at: 1 };
  expect(followed(trail, "b")).toEqual(trail);
  expect(followed(trail, "a")).toEqual({ ...trail, at: 0 });
  expect(followed(trail, "c")).toEqual({ ...trail, at: 2 });
  expect(followed(trail, "x")).toEqual({ texts: ["a", "x", "c"], at: 1 });
});
