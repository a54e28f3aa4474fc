import { expect, test } from "vitest";
import { fromLocal, toLocal } from "@/ui/annotations/localTime";

test("a minute goes to the field and back", () => {
  const moment = new Date(2026, 2, 7, 9, 5);
  expect(toLocal(moment)).toBe("2026-03-07T09:05");
  expect(fromLocal(toLocal(moment))).toBe(moment.toISOString());
});

test("what is no time is null", () => {
  expect(fromLocal("")).toBeNull();
  expect(fromLocal("soon")).toBeNull();
});
