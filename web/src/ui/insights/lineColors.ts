/** Which colour of the palette a line has, the same in chart, legend and table. */
import type { LifecycleStatus, TrendResult } from "@/api/insights";

const OF_STATUS: Record<LifecycleStatus, number> = { new: 2, returning: 0, resurrecting: 5, dormant: 1 };

/** The place in the palette of line `at`: the previous period has the colour of what it is compared with. */
export function colorOf(lines: TrendResult[], at: number): number {
  const line = lines[at];
  if (line?.status) return OF_STATUS[line.status];
  if (line?.compare_label !== "previous") return at;
  const value = JSON.stringify(line.breakdown_value);
  const partner = lines.findIndex(
    (other) =>
      other.compare_label !== "previous" &&
      (other.action?.order ?? other.label) === (line.action?.order ?? line.label) &&
      JSON.stringify(other.breakdown_value) === value,
  );
  return partner < 0 ? at : partner;
}
