/** How much of a definition arrived on each of the last thirty days. */
import type { DefinitionList } from "@/api/definitions";
import type { PropertyFilter, TrendResult } from "@/api/insights";
import { type QueryAnswer, useAnswer } from "@/api/query";
import { formatCount } from "@/ui/format";

const LAST_30_DAYS = { interval: "day", dateRange: { date_from: "-29d" } };
const MINUTES = 60_000; // milliseconds

export interface Volume {
  days: string[];
  counts: number[];
}

const volumeOf = (row: TrendResult | undefined): Volume => ({
  days: (row?.days ?? []).map(String),
  counts: row?.data ?? [],
});

/** What the days of one definition are counted in, for people. */
export function countedIn(list: DefinitionList): string {
  if (list === "person") return "Active persons who have it";
  return list.startsWith("group") ? "Active groups that have it" : list === "events" ? "Events" : "Events that have it";
}

/** The question about one definition: its events, those that carry the property, or who has it and was active. */
export function volumeQuestion(list: DefinitionList, name: string): object {
  const group = list.startsWith("group") ? Number(list.slice("group".length)) : undefined;
  const type = list === "person" ? "person" : group === undefined ? "event" : "group";
  const counted =
    list === "person"
      ? { math: "dau" }
      : group === undefined
        ? {}
        : { math: "unique_group", math_group_type_index: group };
  const has: PropertyFilter = {
    key: name,
    type,
    operator: "is_set",
    ...(type === "group" ? { group_type_index: group } : {}),
  };
  return {
    kind: "TrendsQuery",
    ...LAST_30_DAYS,
    series: [{ kind: "EventsNode", event: list === "events" ? name : null, name, ...counted }],
    ...(list === "events" ? {} : { properties: [has] }),
  };
}

/** The question about all events of a page at once. */
export function volumesQuestion(names: string[]): object | null {
  if (names.length === 0) return null;
  return {
    kind: "TrendsQuery",
    ...LAST_30_DAYS,
    series: [{ kind: "EventsNode", event: null, name: "All events" }],
    properties: [{ type: "event_metadata", key: "event", operator: "exact", value: names }],
    breakdownFilter: { breakdown: "event", breakdown_type: "event_metadata", breakdown_limit: names.length },
  };
}

/** By name; an event that did not arrive in the last thirty days has no row. */
export function volumesOf(answer: QueryAnswer<TrendResult[]> | undefined): Map<string, Volume> {
  return new Map((answer?.results ?? []).map((row) => [String(row.breakdown_value), volumeOf(row)]));
}

export function useVolume(list: DefinitionList, name: string) {
  const asked = useAnswer<TrendResult[]>(volumeQuestion(list, name), { staleTime: 5 * MINUTES, lasting: true });
  return { ...asked, volume: asked.data ? volumeOf(asked.data.results[0]) : null };
}

export const useVolumes = (names: string[]) =>
  useAnswer<TrendResult[]>(volumesQuestion(names), { staleTime: 5 * MINUTES, lasting: true });

/** Days of events can be added up; a person or group may be active on several. */
export const addsUp = (list: DefinitionList): boolean => list === "events" || list === "event";

export function volumeInWords({ counts }: Volume, list: DefinitionList = "events"): string {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const days = `${formatCount(Math.max(0, ...counts))} on the busiest day, ${formatCount(counts.at(-1) ?? 0)} today`;
  return addsUp(list) ? `${formatCount(total)} in 30 days, ${days}` : days;
}
