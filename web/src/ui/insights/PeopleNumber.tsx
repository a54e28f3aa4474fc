import { formatCount } from "@/ui/format";
import styles from "@/ui/insights/insights.module.css";

/** A number in a table that opens its people, unless there are none. */
export function PeopleNumber({ value, of, onClick }: { value: number; of: string; onClick?: () => void }) {
  if (!onClick || value === 0) return formatCount(value);
  return (
    <button
      type="button"
      className={styles.cell}
      aria-label={`${formatCount(value)}: people of ${of}`}
      onClick={onClick}
    >
      {formatCount(value)}
    </button>
  );
}
