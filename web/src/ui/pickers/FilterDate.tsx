import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { type DateForm, readDate, UNITS, writeDate } from "@/ui/pickers/filterDate";
import styles from "@/ui/pickers/pickers.module.css";

interface FilterDateProps {
  label: string;
  value: string;
  /** Inside a popover, where a list in a portal would close it. */
  inside?: boolean;
  onChange: (value: string) => void;
}

const FORMS = [{ value: "day", label: "Day" }, { value: "time", label: "Day and time" }, ...UNITS];
const TYPES: Partial<Record<DateForm, string>> = { day: "date", time: "datetime-local", other: "text" };

/** A day, a moment, or a span back from now. */
export function FilterDate({ label, value, inside = false, onChange }: FilterDateProps) {
  const read = readDate(value);
  // What was chosen holds while the field is empty, when the value does not tell.
  const [chosen, setChosen] = useState<DateForm>(read.form);
  const form = value === "" ? chosen : read.form;
  const text = value === "" ? "" : read.text;
  return (
    <span className={styles.date}>
      <TextInput
        size="xs"
        className={styles.dateText}
        aria-label={label}
        type={TYPES[form] ?? "number"}
        min={form in TYPES ? undefined : 1}
        max={form in TYPES ? undefined : 99_999}
        value={text}
        onChange={(event) => onChange(writeDate(form, event.currentTarget.value))}
      />
      <Select
        className={styles.dateForm}
        aria-label={`${label}: how it is given`}
        data={form === "other" ? [...FORMS, { value: "other", label: "As text" }] : FORMS}
        value={form}
        comboboxProps={{ withinPortal: !inside }}
        onChange={(next) => {
          const wanted = (next ?? "day") as DateForm;
          setChosen(wanted);
          const spans = !(form in TYPES) && !(wanted in TYPES);
          onChange(spans ? writeDate(wanted, text) : "");
        }}
      />
    </span>
  );
}
