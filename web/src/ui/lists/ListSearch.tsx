import { TextInput } from "@mantine/core";
import styles from "@/ui/lists/lists.module.css";

interface ListSearchProps {
  /** What the list is of, as in "Search cohorts". */
  what: string;
  placeholder?: string;
  value: string;
  onChange: (text: string) => void;
}

/** The field above a list. It keeps the spaces that are being typed; the question is asked without them. */
export function ListSearch({ what, placeholder = "Name", value, onChange }: ListSearchProps) {
  return (
    <TextInput
      size="xs"
      className={styles.search}
      aria-label={`Search ${what}`}
      placeholder={placeholder}
      defaultValue={value}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
    />
  );
}
