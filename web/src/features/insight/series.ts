/** Series as the editor changes them. */
import type { RetentionEntity, Series } from "@/api/insights";
import type { PickedEvent } from "@/ui/pickers/EventPicker";

export const asSeries = (picked: PickedEvent): Series =>
  picked.kind === "action"
    ? { kind: "ActionsNode", id: picked.actionId, name: picked.name }
    : { kind: "EventsNode", event: picked.event, name: picked.name };

/** What of a series stays when another event is chosen for it. */
export function withEvent(old: Series, picked: PickedEvent): Series {
  const { math, math_property, math_property_type, math_hogql, math_group_type_index, properties, optionalInFunnel } =
    old;
  const kept = { math, math_property, math_property_type, math_hogql, math_group_type_index };
  return { ...asSeries(picked), ...defined({ ...kept, properties, optionalInFunnel }) };
}

/** Events of which any counts, as one: the filters stay those of all together. */
export function orEvent(old: Series, picked: PickedEvent): Series {
  const { event: _, id: __, name: ___, nodes = [], ...kept } = old;
  const first: Series[] = old.kind === "GroupNode" ? nodes : [bare(old)];
  return { ...kept, kind: "GroupNode", operator: "OR", nodes: [...first, asSeries(picked)] };
}

/** A group without one of its events; a group of one is that event. */
export function withoutEvent(old: Series, at: number): Series {
  const nodes = (old.nodes ?? []).filter((_, i) => i !== at);
  const [only] = nodes;
  if (nodes.length > 1 || !only) return { ...old, nodes };
  const { nodes: _, operator: __, kind: ___, ...kept } = old;
  return { ...kept, ...only };
}

const bare = ({ kind, event, id, name }: Series): Series =>
  kind === "ActionsNode" ? { kind, id, name } : { kind, event, name };

const defined = (given: Partial<Series>): Partial<Series> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

/** What was picked as an end of retention; its filters stay. */
export const asEntity = (picked: PickedEvent, old?: RetentionEntity): RetentionEntity => ({
  ...(picked.kind === "action"
    ? { id: picked.actionId, name: picked.name, type: "actions" as const }
    : { id: picked.event, name: picked.name, type: "events" as const }),
  ...(old?.properties?.length ? { properties: old.properties } : {}),
});
