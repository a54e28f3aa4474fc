import { expect, test } from "vitest";
import { kindOf, typed, valueFrom } from "@/ui/tables/propertyValue";

test.each([["5"], [5], [-1.5], [true], [null], [{ a: [1] }], [""]])("%o is typed and read back", (value) => {
  expect(valueFrom(kindOf(value), typed(value))).toEqual(value);
});

test("what is no value of its kind is none", () => {
  expect(valueFrom("number", "")).toBeUndefined();
  expect(valueFrom("number", "five")).toBeUndefined();
  expect(valueFrom("boolean", "yes")).toBeUndefined();
  expect(valueFrom("json", "{")).toBeUndefined();
});
