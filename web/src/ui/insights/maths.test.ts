import { expect, test } from "vitest";
import type { Series } from "@/api/insights";
import { lacks, mathOf, mathsOf, withMath } from "@/ui/insights/maths";

const bought: Series = { kind: "EventsNode", event: "bought", name: "bought" };

test("every way to count of trends can be chosen and is known again", () => {
  const groups = [{ index: 1, name: "teams" }];
  const choices = mathsOf("TrendsQuery", groups).flatMap(({ items }) => items.map((item) => item.value));
  expect(choices).toContain("unique_group:1");
  for (const choice of choices) expect(mathOf(withMath(bought, choice))).toBe(choice);
});

test("what only the old way needed goes", () => {
  const summed: Series = { ...withMath(bought, "sum"), math_property: "amount" };
  expect(lacks(withMath(bought, "sum"))).toMatch(/property/);
  expect(lacks(summed)).toBeNull();
  expect(withMath(summed, "p90")).toMatchObject({ math: "p90", math_property: "amount" });
  expect(withMath(summed, "total")).toEqual(bought);
  expect(lacks(withMath(bought, "hogql"))).toMatch(/SQL/);
});
