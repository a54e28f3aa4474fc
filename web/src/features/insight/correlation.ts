/** What goes with completing a funnel: the questions, and the people behind a row of the answer. */
import type { FunnelsQuery } from "@/api/insights";
import { formatValue } from "@/ui/format";
import type { PeopleAsked } from "@/ui/insights/people";

export type CorrelationKind = "events" | "properties";

export interface CorrelationRow {
  event: { event: string };
  success_count: number;
  failure_count: number;
  odds_ratio: number;
  correlation_type: "success" | "failure";
}

export interface Correlations {
  events: CorrelationRow[];
  /** Nearly everybody completed it, or nearly nobody: little can be said. */
  skewed: boolean;
}

const DIVIDER = "::";

export const correlationQuery = (funnel: FunnelsQuery, kind: CorrelationKind) => ({
  kind: "FunnelCorrelationQuery",
  source: { kind: "FunnelsActorsQuery", source: funnel },
  funnelCorrelationType: kind,
  ...(kind === "properties" ? { funnelCorrelationNames: ["$all"] } : {}),
});

/** "plan::pro" is a property and its value; an event is only its name. */
export function nameOf({ event: { event } }: CorrelationRow, kind: CorrelationKind): string {
  if (kind === "events") return event;
  const at = event.indexOf(DIVIDER);
  return `${event.slice(0, at)} = ${formatValue(event.slice(at + DIVIDER.length))}`;
}

/** How many times likelier, or less likely, it is that somebody with it completes the funnel. */
export function likelihood({ odds_ratio, correlation_type }: CorrelationRow): string {
  const times = correlation_type === "success" ? odds_ratio : 1 / odds_ratio;
  const text = times >= 100 ? String(Math.round(times)) : times.toFixed(1);
  return `${text}× ${correlation_type === "success" ? "as likely" : "less likely"}`;
}

/** Those with an event or a property who completed the funnel, or did not. */
export function behindCorrelation(
  funnel: FunnelsQuery,
  kind: CorrelationKind,
  row: CorrelationRow,
  completed: boolean,
): PeopleAsked {
  const name = row.event.event;
  const at = name.indexOf(DIVIDER);
  const who =
    kind === "events"
      ? { funnelCorrelationPersonEntity: { kind: "EventsNode", event: name } }
      : {
          funnelCorrelationPropertyValues: [
            { key: name.slice(0, at), type: "person", operator: "exact", value: [name.slice(at + DIVIDER.length)] },
          ],
        };
  const title = `${nameOf(row, kind)} · ${completed ? "completed" : "dropped off"}`;
  const source = {
    kind: "FunnelCorrelationActorsQuery",
    source: correlationQuery(funnel, kind),
    funnelCorrelationPersonConverted: String(completed),
    ...who,
  };
  return { title, parts: [{ label: title, source }] };
}
