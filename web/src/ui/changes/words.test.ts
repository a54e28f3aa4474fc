import { expect, test } from "vitest";
import { fieldInWords, worthTelling } from "@/ui/changes/words";

test.each([
  [{ field: "name", before: "A", after: "B" }, "name: A → B"],
  [{ field: "name", before: null, after: "B" }, "name: B"],
  [{ field: "description", before: "A", after: "" }, "description: A → nothing"],
  [{ field: "tags", before: ["a"], after: ["a", "b"] }, "tags: a → a, b"],
  [{ field: "pinned", before: false, after: true }, "pinned: no → yes"],
  [{ field: "query", before: { a: 1 }, after: { a: 2 } }, "query changed"],
  [{ field: "filters", before: null, after: { a: 2 } }, "filters set"],
  [{ field: "date_marker", before: "2026", after: "x".repeat(200) }, "date marker changed"],
])("%j is said as %s", (change, words) => {
  expect(fieldInWords(change)).toBe(words);
});

test("what was made is told without its name", () => {
  const fields = ["name", "query", "saved"].map((field) => ({ field, before: null, after: "x" }));
  const change = { id: "1", user: null, scope: "Insight", item_id: "1", created_at: "", detail: { changes: fields } };
  expect(worthTelling({ ...change, activity: "created" }).map((one) => one.field)).toEqual(["query"]);
  expect(worthTelling({ ...change, activity: "updated" }).map((one) => one.field)).toEqual(["name", "query"]);
});
