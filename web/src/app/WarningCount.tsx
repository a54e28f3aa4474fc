import { useWarnings } from "@/api/warnings";
import styles from "@/app/Shell.module.css";

/** How many kinds of warnings came within a day: seen in the menu, before somebody thinks of looking. */
export function WarningCount() {
  const { data } = useWarnings(1, 60_000);
  const kinds = data?.results.length ?? 0;
  if (kinds === 0) return null;
  return (
    <span className={styles.count}>
      {kinds}
      <span className="visually-hidden"> kinds of warnings since yesterday</span>
    </span>
  );
}
