import { useDebouncedValue } from "@mantine/hooks";
import type { CohortFilters } from "@/api/cohorts";
import { useAnswer } from "@/api/query";
import { formatCount } from "@/ui/format";
import { messageOf } from "@/ui/states/States";

const PAUSE = 400; // milliseconds without a change before the criteria are asked about

/** How many persons the criteria take in as they stand; nothing while they are not complete. */
export function CohortSize({ filters }: { filters: CohortFilters | null }) {
  const [settled] = useDebouncedValue(filters && JSON.stringify(filters), PAUSE);
  const asked = useAnswer<number>(settled ? { kind: "CohortSizeQuery", filters: JSON.parse(settled) } : null);
  const { data } = asked;
  const stale = asked.isPlaceholderData || settled !== (filters && JSON.stringify(filters));
  return (
    <span className="quiet" role="status">
      {!filters || !settled
        ? null
        : asked.error && !stale
          ? messageOf(asked.error)
          : data && !stale
            ? `${formatCount(data.results)} ${data.results === 1 ? "person" : "persons"} now`
            : "Counting…"}
    </span>
  );
}
