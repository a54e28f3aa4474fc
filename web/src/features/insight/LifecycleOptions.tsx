import { Switch } from "@mantine/core";
import type { LifecycleQuery, LifecycleStatus } from "@/api/insights";
import { Aggregation } from "@/features/insight/Aggregation";
import styles from "@/features/insight/InsightPage.module.css";
import { STATUSES } from "@/ui/insights/names";

interface LifecycleProps {
  query: LifecycleQuery;
  onChange: (query: LifecycleQuery) => void;
}

const ALL = Object.keys(STATUSES) as LifecycleStatus[];

/** Which of the four are drawn, and whether users or groups are counted. */
export function LifecycleOptions({ query, onChange }: LifecycleProps) {
  const shown = query.lifecycleFilter?.toggledLifecycles ?? ALL;
  return (
    <div className={styles.line}>
      <span className={styles.switches}>
        {ALL.map((status) => (
          <Switch
            key={status}
            size="xs"
            label={STATUSES[status]}
            checked={shown.includes(status)}
            disabled={shown.length === 1 && shown[0] === status}
            onChange={(event) => {
              const next = ALL.filter((one) => (one === status ? event.currentTarget.checked : shown.includes(one)));
              onChange({
                ...query,
                lifecycleFilter: next.length === ALL.length ? undefined : { toggledLifecycles: next },
              });
            }}
          />
        ))}
      </span>
      <Aggregation
        groupTypeIndex={query.aggregation_group_type_index}
        onChange={(index) => onChange({ ...query, aggregation_group_type_index: index })}
      />
    </div>
  );
}
