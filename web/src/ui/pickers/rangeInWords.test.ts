import { expect, test } from "vitest";
import { rangeInWords } from "@/ui/pickers/DateRangePicker";

test.each([
  [undefined, "Last 7 days"],
  [{ date_from: "-24h" }, "Last 24 hours"],
  [{ date_from: "-42d" }, "Last 42 days"],
  [{ date_from: "-1m" }, "Last 1 month"],
  [{ date_from: "-15M" }, "Last 15 minutes"],
  [{ date_from: "-42d", date_to: "-7d" }, "-42d – -7d"],
  [{ date_from: "2026-01-01" }, "Since 2026-01-01"],
])("%j is said as %s", (range, words) => {
  expect(rangeInWords(range)).toBe(words);
});
