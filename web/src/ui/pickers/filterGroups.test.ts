import { expect, test } from "vitest";
import type { PropertyFilter, PropertyGroup } from "@/api/insights";
import { asGroup, simplest } from "@/ui/pickers/filterGroups";

const plan: PropertyFilter = { key: "plan", type: "person", operator: "exact", value: ["pro"] };
const country: PropertyFilter = { key: "country", type: "event", operator: "exact", value: ["DE"] };

test("a list is a group in which all must hold, and becomes a list again", () => {
  expect(asGroup([plan, country])).toEqual({ type: "AND", values: [plan, country] });
  expect(simplest(asGroup([plan, country]))).toEqual([plan, country]);
  expect(simplest(asGroup(undefined))).toEqual([]);
});

test("of any of several a list cannot tell", () => {
  const either: PropertyGroup = { type: "OR", values: [plan, country] };
  expect(simplest(either)).toEqual(either);
  expect(simplest({ type: "OR", values: [plan] })).toEqual([plan]);
});

test("groups of nothing go, and groups of one group", () => {
  const either: PropertyGroup = { type: "OR", values: [plan, country] };
  expect(simplest({ type: "AND", values: [{ type: "OR", values: [] }, either] })).toEqual(either);
  expect(simplest({ type: "AND", values: [plan, either] })).toEqual({ type: "AND", values: [plan, either] });
});
