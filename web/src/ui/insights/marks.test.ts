import { expect, test } from "vitest";
import type { Annotation } from "@/api/annotations";
import { marksOf, momentOf, wallClock } from "@/ui/insights/marks";

const note = (content: string, marker: string) => ({ content, date_marker: marker }) as Annotation;

test("annotations lie in the day of the project's zone", () => {
  const notes = [
    note("late", "2026-03-07T23:30:00Z"), // the 8th in Berlin
    note("same day", "2026-03-08T10:00:00Z"),
    note("last day", "2026-03-09T22:59:00Z"),
    note("before", "2026-03-06T10:00:00Z"),
    note("after", "2026-03-09T23:00:00Z"),
  ];
  expect(marksOf(["2026-03-07", "2026-03-08", "2026-03-09"], notes, "Europe/Berlin")).toEqual([
    { at: 1, texts: ["late", "same day"] },
    { at: 2, texts: ["last day"] },
  ]);
});

test("what has no days has no marks", () => {
  expect(marksOf([1, 2, 3], [note("a", "2026-03-07T00:00:00Z")], "UTC")).toEqual([]);
  expect(marksOf([], [note("a", "2026-03-07T00:00:00Z")], "UTC")).toEqual([]);
});

test.each(["Europe/Berlin", "Asia/Kathmandu", "UTC", "America/New_York"])(
  "a clock of %s is a moment and back",
  (zone) => {
    for (const clock of ["2026-03-29 01:30:00", "2026-03-29 04:00:00", "2026-10-25 12:00:00", "2026-01-31 00:00:00"]) {
      expect(wallClock(momentOf(clock, zone), zone)).toBe(clock);
    }
    expect(wallClock(momentOf("2026-07-01", zone), zone)).toBe("2026-07-01 00:00:00");
  },
);
