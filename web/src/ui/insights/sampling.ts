/** Answers that are estimated from a part of the people. */
import { formatPercent } from "@/ui/format";

/** The part that is asked, above 0 and below 1; null where all are. */
export function sampleOf(query: object): number | null {
  const factor = (query as { samplingFactor?: number | null }).samplingFactor;
  return factor && factor < 1 ? factor : null;
}

/** What must stand beside numbers of a sample; null where all are asked. */
export function sampleInWords(query: object): string | null {
  const part = sampleOf(query);
  return part === null ? null : `Estimated from ${formatPercent(part, 1)} of the people: counts are scaled up`;
}
