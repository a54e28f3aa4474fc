/** Filters as a tree: lists that must hold as a whole, or any of which must. */
import type { Filters, PropertyFilter, PropertyGroup } from "@/api/insights";

export const isGroup = (one: PropertyFilter | PropertyGroup): one is PropertyGroup => "values" in one;

/** Any form of filters as a group; a list is one in which all must hold. */
export const asGroup = (filters: Filters | undefined): PropertyGroup =>
  Array.isArray(filters) || !filters ? { type: "AND", values: filters ?? [] } : filters;

export const leavesOf = ({ values }: PropertyGroup): PropertyFilter[] =>
  values.filter((one): one is PropertyFilter => !isGroup(one));
export const groupsOf = ({ values }: PropertyGroup): PropertyGroup[] => values.filter(isGroup);

/** Groups of nothing would hold for everything: they go, and a group of one group is that one. */
function pruned(group: PropertyGroup): PropertyGroup {
  const values = group.values
    .map((one) => (isGroup(one) ? pruned(one) : one))
    .filter((one) => !isGroup(one) || one.values.length > 0);
  const [only] = values;
  return values.length === 1 && only && isGroup(only) ? only : { ...group, values };
}

/** The shortest way to say the same; what is one list again becomes one. */
export function simplest(group: PropertyGroup): Filters {
  const found = pruned(group);
  const plain = found.values.every((one) => !isGroup(one));
  return plain && (found.type === "AND" || found.values.length < 2) ? (found.values as PropertyFilter[]) : found;
}
