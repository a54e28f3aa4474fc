import { NumberInput, Select } from "@mantine/core";
import styles from "@/features/cohorts/cohorts.module.css";

interface AmountProps {
  label: string;
  value: unknown;
  most?: number;
  least?: number;
  onChange: (value: number) => void;
}

/** A whole number. */
export function Amount({ label, value, most = 1_000_000, least = 1, onChange }: AmountProps) {
  return (
    <NumberInput
      size="xs"
      className={styles.amount}
      aria-label={label}
      min={least}
      max={most}
      allowDecimal={false}
      value={Number(value ?? 1)}
      onChange={(next) => onChange(Math.min(most, Math.max(least, Number(next) || least)))}
    />
  );
}

const UNITS = [
  { value: "hour", label: "hours" },
  { value: "day", label: "days" },
  { value: "week", label: "weeks" },
  { value: "month", label: "months" },
  { value: "year", label: "years" },
];

interface SpanProps {
  label: string;
  value: unknown;
  unit: unknown;
  onChange: (value: number, unit: string) => void;
}

/** So many hours, days, weeks, months or years. */
export function Span({ label, value, unit, onChange }: SpanProps) {
  const known = String(unit ?? "day");
  return (
    <>
      <Amount label={label} value={value} most={9999} onChange={(next) => onChange(next, known)} />
      <Select
        className={styles.unit}
        aria-label={`${label}: unit`}
        data={UNITS}
        value={known}
        onChange={(next) => onChange(Number(value ?? 1), next ?? "day")}
      />
    </>
  );
}
