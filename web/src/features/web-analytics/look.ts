/** What the page looks at, and how that is asked. */
import type { DateRange, Interval, PropertyFilter } from "@/api/insights";

/** What visitors are to do: an action, or an event. */
export interface Goal {
  name: string;
  event?: string;
  actionId?: number;
}

export interface Look {
  range: DateRange;
  filters: PropertyFilter[];
  goal?: Goal;
  compare?: boolean;
  /** Paths that the project's rules make the same are one. */
  clean?: boolean;
  /** How far down pages were scrolled. */
  depth?: boolean;
}

/** A question of web analytics about what is looked at. */
export function webQuery(kind: string, look: Look, rest: object = {}): object {
  const { goal } = look;
  return {
    kind,
    dateRange: look.range,
    properties: look.filters,
    ...(look.clean ? { doPathCleaning: true } : {}),
    ...(goal
      ? { conversionGoal: goal.actionId === undefined ? { customEventName: goal.event } : { actionId: goal.actionId } }
      : {}),
    ...rest,
  };
}

/** Points that a chart of this range can show without becoming a brush. */
export function intervalOf({ date_from, date_to }: DateRange): Interval {
  const from = date_from ?? "-7d";
  if (/^(-\d+h|dStart|-1dStart|-1d)$/.test(from)) return "hour";
  if (from === "all" || from === "yStart" || /^-(\d+y|1[0-9]m)$/.test(from)) return "week";
  const back = /^-(\d+)d$/.exec(from)?.[1];
  if (back) return Number(back) > 120 ? "week" : "day";
  if (/^\d{4}-/.test(from)) {
    const days = (Date.parse(date_to ?? new Date().toISOString()) - Date.parse(from)) / 86_400_000;
    return days <= 1 ? "hour" : days > 120 ? "week" : "day";
  }
  return "day";
}
