import { expect, test } from "vitest";
import { formatAgo, formatBytes, formatDuration, formatValue, parseTime } from "@/ui/format";

test("a time without an offset is UTC, as ClickHouse writes it", () => {
  expect(parseTime("2026-01-31 12:00:00").toISOString()).toBe("2026-01-31T12:00:00.000Z");
  expect(parseTime("2026-01-31T12:00:00+02:00").toISOString()).toBe("2026-01-31T10:00:00.000Z");
});

test("durations as people say them", () => {
  expect([0.25, 42, 61, 3600, 90_061].map(formatDuration)).toEqual(["0.25 s", "42 s", "1 min 1 s", "1 h", "1 d 1 h"]);
});

test("bytes", () => {
  expect([0, 999, 1500, 48_000_000].map(formatBytes)).toEqual(["0 B", "999 B", "1.5 kB", "48 MB"]);
});

test("times ago", () => {
  const now = new Date("2026-01-31T12:00:00Z");
  expect(formatAgo("2026-01-31T11:57:00Z", now)).toBe("3 minutes ago");
  expect(formatAgo("2026-01-30T12:00:00Z", now)).toBe("yesterday");
});

test("values of any kind as text", () => {
  expect([null, true, 1.005, "x", { a: [1] }].map(formatValue)).toEqual(["", "true", "1.01", "x", '{"a":[1]}']);
});
