import { Select } from "@mantine/core";
import type { Series } from "@/api/insights";
import styles from "@/features/insight/InsightPage.module.css";
import { useCountables } from "@/features/insight/useCountables";
import { type Counting, mathOf, mathsOf, needsProperty, withMath } from "@/ui/insights/maths";
import { LaterText } from "@/ui/pickers/LaterText";
import { PropertyPicker } from "@/ui/pickers/PropertyPicker";

interface MathPickerProps {
  name: string;
  kind: Counting;
  series: Series;
  onChange: (series: Series) => void;
}

/** What is counted of a series, with the property or the expression that it takes. */
export function MathPicker({ name, kind, series, onChange }: MathPickerProps) {
  const groups = useCountables();
  const maths = mathsOf(kind, groups);
  if (maths.length === 0) return null;
  return (
    <>
      <Select
        className={styles.math}
        aria-label={`Calculation of ${name}`}
        data={maths}
        value={mathOf(series)}
        maxDropdownHeight={340}
        onChange={(math) => onChange(withMath(series, math ?? "total"))}
      />
      {needsProperty(series.math) ? (
        <PropertyPicker
          label={`Property of ${name} to calculate with`}
          text={series.math_property ?? "Choose a property"}
          owners={["event", "session", "person"]}
          onPick={({ owner, key }) =>
            onChange({
              ...series,
              math_property: key,
              math_property_type: owner === "event" ? undefined : `${owner}_properties`,
            })
          }
        />
      ) : null}
      {series.math === "hogql" ? (
        <LaterText
          className={styles.expression}
          label={`SQL expression of ${name}`}
          placeholder="sum(toFloat(properties.amount))"
          value={series.math_hogql ?? ""}
          onApply={(text) => onChange({ ...series, math_hogql: text || undefined })}
        />
      ) : null}
    </>
  );
}
