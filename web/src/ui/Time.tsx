import { useProject } from "@/api/session";
import { formatAgo, formatClock, formatTime, parseTime } from "@/ui/format";

/** A time in the project's zone; the exact one and the zone are in its title. */
export function Time({ at, form = "full" }: { at: string | null | undefined; form?: "full" | "ago" | "clock" }) {
  const { timezone } = useProject();
  if (!at) return <span className="quiet">–</span>;
  const exact = formatTime(at, timezone);
  const text = form === "ago" ? formatAgo(at) : form === "clock" ? formatClock(at, timezone) : exact;
  const time = parseTime(at);
  return (
    <time dateTime={Number.isNaN(time.getTime()) ? undefined : time.toISOString()} title={`${exact} (${timezone})`}>
      {text}
    </time>
  );
}
