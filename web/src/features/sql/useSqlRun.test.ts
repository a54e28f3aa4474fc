import { expect, test } from "vitest";
import { ApiError } from "@/api/client";
import { placeholdersOf, positionOf } from "@/features/sql/useSqlRun";

test("finds where an error is", () => {
  expect(positionOf(new ApiError(400, "there is no column 'evnt' (line 2, column 8)"))).toEqual({ line: 2, column: 8 });
});

test("an error without a place has none", () => {
  expect(positionOf(new ApiError(400, "The query took too long."))).toBeNull();
  expect(positionOf(null)).toBeNull();
});

test("finds placeholders outside of texts and comments", () => {
  const text = "SELECT '{no}' -- {no}\nFROM events WHERE {filters} AND event = {name} AND plan = { plan } OR {name}";
  expect(placeholdersOf(text)).toEqual(["name", "plan"]);
});
