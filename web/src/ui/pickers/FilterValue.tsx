import { NumberInput, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { usePropertyValues } from "@/api/definitions";
import type { PropertyFilter } from "@/api/insights";
import { FilterDate } from "@/ui/pickers/FilterDate";
import {
  takesDate,
  takesMany,
  takesOrdered,
  takesRange,
  takesValue,
  takesVersion,
  textsOf,
} from "@/ui/pickers/operators";
import styles from "@/ui/pickers/pickers.module.css";

interface FilterValueProps {
  filter: PropertyFilter;
  /** Of the property, as far as it is known. */
  type: string | null;
  onChange: (value: PropertyFilter["value"]) => void;
}

/** The field or fields for what a filter compares with, as its operator takes it. */
export function FilterValue({ filter, type, onChange }: FilterValueProps) {
  const { operator, key } = filter;
  const [first = "", second = ""] = textsOf(filter);
  if (!takesValue(operator)) return null;
  if (takesRange(operator)) {
    const ends = [first, second];
    return (
      <div className={styles.range}>
        {["Lowest", "Highest"].map((end, at) => (
          <NumberInput
            key={end}
            size="xs"
            aria-label={`${end} ${key}`}
            placeholder={end}
            value={ends[at] === "" ? "" : Number(ends[at])}
            onChange={(value) => onChange(ends.map((old, i) => (i === at ? String(value) : old)).map(asNumber))}
          />
        ))}
      </div>
    );
  }
  if (takesMany(operator)) return <Values filter={filter} type={type} onChange={onChange} />;
  if (takesDate(operator) || (takesOrdered(operator) && type === "DateTime"))
    return <FilterDate inside label={`Value of ${key}`} value={first} onChange={onChange} />;
  if (takesOrdered(operator) && (type === "Numeric" || type === "Duration"))
    return (
      <NumberInput
        size="xs"
        aria-label={`Value of ${key}`}
        placeholder="Number"
        value={first === "" || Number.isNaN(Number(first)) ? "" : Number(first)}
        onChange={(value) => onChange(asNumber(String(value)))}
      />
    );
  return (
    <TextInput
      size="xs"
      aria-label={`Value of ${key}`}
      placeholder={operator === "semver_wildcard" ? "1.2.*" : takesVersion(operator) ? "1.2.3" : "Value"}
      value={first}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

const asNumber = (text: string) => (text === "" ? "" : Number(text));

/** Several values, of which those that were seen lately are offered. */
function Values({ filter, type, onChange }: FilterValueProps) {
  const [search, setSearch] = useState("");
  // Values of groups and of sessions are not listed by the API: they are typed.
  const listed = filter.type === "person" || filter.type === "event";
  const values = usePropertyValues(filter.type === "person" ? "person" : "event", filter.key, search, listed);
  const list = textsOf(filter);
  const seen = type === "Boolean" ? ["true", "false"] : (values.data ?? []);
  return (
    <TagsInput
      size="xs"
      aria-label={`Values of ${filter.key}`}
      placeholder={list.length === 0 ? "Values" : undefined}
      data={[...new Set(seen)]}
      value={list}
      searchValue={search}
      onSearchChange={setSearch}
      acceptValueOnBlur
      maxDropdownHeight={200}
      comboboxProps={{ withinPortal: false }}
      onChange={onChange}
    />
  );
}
