import { expect, test } from "vitest";
import type { PropertyFilter } from "@/api/insights";
import { readDate, writeDate } from "@/ui/pickers/filterDate";
import { filterInWords, isUnfinished, operatorsFor, problemOf, withOperator } from "@/ui/pickers/operators";

const filter = (changes: Partial<PropertyFilter>): PropertyFilter => ({ key: "amount", type: "event", ...changes });

test("what fits the type comes first, and nothing is left out", () => {
  const groups = (type: string | null) => operatorsFor(filter({}), type).map(({ group }) => group);
  expect(groups("Numeric")[1]).toBe("Numbers");
  expect(groups("DateTime")[1]).toBe("Dates");
  expect(groups(null)[1]).toBe("Text");
  expect(groups("Numeric")).toHaveLength(5);
  const ofTags = operatorsFor(filter({ type: "element", key: "tag_name" }), null);
  expect(ofTags.flatMap(({ items }) => items.map(({ value }) => value))).toEqual(["exact", "is_not"]);
});

test("a value moves to another operator as far as it fits", () => {
  const exact = filter({ operator: "exact", value: ["5", "7"] });
  expect(withOperator(exact, "gt").value).toBe("5");
  expect(withOperator(exact, "between").value).toEqual(["5"]);
  expect(withOperator(exact, "icontains_multi").value).toEqual(["5", "7"]);
  expect("value" in withOperator(exact, "is_set")).toBe(false);
  expect(withOperator(filter({ operator: "between", value: [1, 2] }), "not_between").value).toEqual([1, 2]);
});

test.each([
  [{ operator: "between" as const, value: ["5"] }, true, null],
  [{ operator: "between" as const, value: [5, 1] }, false, "The lower number comes first."],
  [{ operator: "between" as const, value: [1, "x"] }, false, "Both ends are numbers."],
  [{ operator: "between" as const, value: [-1.5, 1] }, false, null],
  [{ operator: "semver_gte" as const, value: "1.2" }, false, null],
  [{ operator: "semver_gte" as const, value: "1.2.*" }, false, "A version is like 1.2.3."],
  [{ operator: "semver_wildcard" as const, value: "1.2.*" }, false, null],
  [{ operator: "gt" as const, value: 0 }, false, null],
  [{ operator: "exact" as const, value: [] }, true, null],
  [{ operator: "is_set" as const }, false, null],
])("%o: unfinished %s, problem %s", (changes, unfinished, problem) => {
  expect(isUnfinished(filter(changes))).toBe(unfinished);
  expect(problemOf(filter(changes))).toBe(problem);
});

test.each([
  [{ operator: "between" as const, value: [1, 5] }, "amount between 1 and 5"],
  [{ operator: "exact" as const, value: ["a", "b"] }, "amount is a or b"],
  [{ operator: "is_date_after" as const, value: "-7d" }, "amount after 7 days ago"],
  [{ operator: "is_date_before" as const, value: "-1w" }, "amount before 1 week ago"],
  [{ operator: "semver_caret" as const, value: "1.2" }, "amount version ^ (compatible) 1.2"],
  [{ operator: "min" as const, value: 3 }, "amount at least 3"],
  [{ operator: "gt" as const, value: 3, negation: true }, "not: amount greater than 3"],
  [{ type: "cohort" as const, key: "id", value: 3, cohort_name: "Payers", negation: true }, "not in cohort Payers"],
  [{ operator: "exact" as const, value: [] }, "amount is …"],
])("%o in words: %s", (changes, words) => {
  expect(filterInWords(filter(changes))).toBe(words);
});

test("dates are read into a form and a field, and back", () => {
  for (const text of ["2026-01-31", "2026-01-31T10:30", "-7d", "-3m", "yesterday"]) {
    const read = readDate(text);
    expect(writeDate(read.form, read.text)).toBe(text);
  }
  expect(readDate("7d")).toEqual({ form: "d", text: "7" });
  expect(readDate("2026-01-31 10:30:00.000")).toEqual({ form: "time", text: "2026-01-31T10:30" });
  expect(writeDate("d", "")).toBe("");
});
