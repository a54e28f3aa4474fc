import { Button } from "@mantine/core";
import type { PathsQuery } from "@/api/insights";
import styles from "@/features/insight/InsightPage.module.css";

interface PlaceActionsProps {
  query: PathsQuery;
  /** What was chosen: an address, an event, the name of a grouping. */
  item: string;
  onChange: (query: PathsQuery) => void;
}

/** What can be asked about a place of the paths. */
export function PlaceActions({ query, item, onChange }: PlaceActionsProps) {
  const filter = query.pathsFilter;
  const set = (changes: Partial<PathsQuery["pathsFilter"]>) =>
    onChange({ ...query, pathsFilter: { ...filter, ...changes } });
  return (
    <div className={styles.line}>
      <Button variant="default" onClick={() => set({ startPoint: item })}>
        Begin paths here
      </Button>
      <Button variant="default" onClick={() => set({ endPoint: item })}>
        End paths here
      </Button>
      <Button
        variant="default"
        onClick={() => set({ excludeEvents: [...new Set([...(filter.excludeEvents ?? []), item])] })}
      >
        Leave it out
      </Button>
    </div>
  );
}
