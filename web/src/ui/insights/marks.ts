/** Annotations on a chart over time: which of its intervals each falls into. */
import type { Annotation } from "@/api/annotations";
import type { TrendResult } from "@/api/insights";

export interface Mark {
  /** The index of the interval. */
  at: number;
  texts: string[];
}

const two = (value: string | undefined) => (value ?? "").padStart(2, "0");

/** The wall clock of a time zone as `2026-01-31 09:05:00`, which sorts as time does. */
export function wallClock(moment: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).formatToParts(moment);
  const of = (type: string) => two(parts.find((part) => part.type === type)?.value);
  return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}:${of("second")}`;
}

/** The moment at which a time zone's clock shows a text like `2026-01-31` or `2026-01-31 09:00:00`. */
export function momentOf(clock: string, timezone: string): Date {
  const wanted = asUtc(clock);
  // The offset is that of nearly the same moment; a second look settles the hours around a change of the clocks.
  let moment = wanted;
  for (let look = 0; look < 2; look += 1) moment = wanted - (asUtc(wallClock(new Date(moment), timezone)) - moment);
  return new Date(moment);
}

const asUtc = (clock: string) => Date.parse(`${clock.slice(0, 10)}T${clock.slice(11) || "00:00:00"}Z`);

/** The annotations that lie in the chart's range, by interval. A line's days are the wall clock of the project. */
export function marksOf(days: TrendResult["days"], annotations: Annotation[], timezone: string): Mark[] {
  const starts = days.map((day) => asUtc(String(day)));
  if (starts.length === 0 || starts.some(Number.isNaN)) return [];
  const last = starts.length - 1;
  const width = last > 0 ? (starts[last] as number) - (starts[last - 1] as number) : 86_400_000;
  const found = new Map<number, string[]>();
  for (const { content, date_marker: marker } of annotations) {
    const moment = new Date(marker ?? Number.NaN);
    if (!content || Number.isNaN(moment.getTime())) continue;
    const time = asUtc(wallClock(moment, timezone));
    if (time >= (starts[last] as number) + width) continue;
    const at = starts.findLastIndex((start) => start <= time);
    if (at >= 0) found.set(at, [...(found.get(at) ?? []), content]);
  }
  return [...found].map(([at, texts]) => ({ at, texts })).sort((a, b) => a.at - b.at);
}
