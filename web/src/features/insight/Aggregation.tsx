import { Select } from "@mantine/core";
import styles from "@/features/insight/InsightPage.module.css";
import { useCountables } from "@/features/insight/useCountables";

const SESSION = "properties.$session_id";

interface AggregationProps {
  groupTypeIndex: number | undefined;
  /** An SQL expression that is counted instead; only funnels have one. */
  expression?: string;
  withSessions?: boolean;
  onChange: (groupTypeIndex: number | undefined, expression: string | undefined) => void;
}

/** What goes through an insight: users, groups of a type, or sessions. */
export function Aggregation({ groupTypeIndex, expression, withSessions = false, onChange }: AggregationProps) {
  const groups = useCountables();
  const value = expression ? `sql:${expression}` : groupTypeIndex === undefined ? "users" : `group:${groupTypeIndex}`;
  const data = [
    { value: "users", label: "Unique users" },
    ...groups.map(({ index, name }) => ({ value: `group:${index}`, label: `Unique ${name}` })),
    ...(withSessions ? [{ value: `sql:${SESSION}`, label: "Unique sessions" }] : []),
  ];
  if (!data.some((known) => known.value === value))
    data.push({ value, label: expression ?? `Group ${groupTypeIndex}` });
  if (data.length === 1) return null;
  return (
    <Select
      className={styles.math}
      aria-label="Counted"
      data={data}
      value={value}
      onChange={(next) => {
        if (next?.startsWith("group:")) onChange(Number(next.slice(6)), undefined);
        else onChange(undefined, next?.startsWith("sql:") ? next.slice(4) : undefined);
      }}
    />
  );
}
