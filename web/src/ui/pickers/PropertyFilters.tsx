import { CloseButton, Popover } from "@mantine/core";
import { useState } from "react";
import { useCohort } from "@/api/cohorts";
import type { PropertyFilter } from "@/api/insights";
import { FilterEditor } from "@/ui/pickers/FilterEditor";
import { filterInWords, isUnfinished } from "@/ui/pickers/operators";
import { PropertyPicker } from "@/ui/pickers/PropertyPicker";
import styles from "@/ui/pickers/pickers.module.css";
import type { Owner, PickedProperty } from "@/ui/pickers/usePropertyChoices";

interface FilterProps {
  filter: PropertyFilter;
  fresh: boolean;
  onChange: (filter: PropertyFilter) => void;
  onRemove: () => void;
}

function Filter({ filter, fresh, onChange, onRemove }: FilterProps) {
  const [opened, setOpened] = useState(fresh);
  // A cohort that the API was told of by its number alone.
  const cohort = useCohort(Number(filter.value), filter.type === "cohort" && !filter.cohort_name);
  const words = filterInWords(cohort.data ? { ...filter, cohort_name: cohort.data.name } : filter);
  return (
    <span className={styles.filter}>
      <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <button type="button" className={styles.filterText} title={words} onClick={() => setOpened(!opened)}>
            {words}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <FilterEditor
            filter={filter}
            onDone={(done) => {
              setOpened(false);
              onChange(done);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      <CloseButton size="sm" aria-label={`Remove filter ${words}`} onClick={onRemove} />
    </span>
  );
}

interface PropertyFiltersProps {
  filters: PropertyFilter[];
  owners?: Owner[];
  /** What the button that adds one says. */
  add?: string;
  onChange: (filters: PropertyFilter[]) => void;
}

/** What is asked first of a property of this type. */
const FIRST: Record<string, Pick<PropertyFilter, "operator" | "value">> = {
  Numeric: { operator: "gt", value: "" },
  DateTime: { operator: "is_date_after", value: "" },
  "": { operator: "exact", value: [] },
};

/** A filter by what was picked, as far as it is known yet. */
export function filterBy({ owner, key, type, groupTypeIndex, name }: PickedProperty): PropertyFilter {
  if (owner === "hogql") return { key, type: "hogql" };
  if (owner === "cohort") return { key: "id", type: "cohort", operator: "in", value: Number(key), cohort_name: name };
  return {
    key,
    type: owner,
    ...(groupTypeIndex === undefined ? {} : { group_type_index: groupTypeIndex }),
    ...(FIRST[type ?? ""] ?? FIRST[""]),
  };
}

/** Filters that must all hold. One without a value yet is kept on screen and not sent. */
export function PropertyFilters({ filters, owners, add = "Filter", onChange }: PropertyFiltersProps) {
  const [draft, setDraft] = useState<PropertyFilter | null>(null);
  return (
    <div className={styles.filters}>
      {filters.map((filter, at) => (
        <Filter
          key={`${at}-${filterInWords(filter)}`}
          filter={filter}
          fresh={false}
          onChange={(changed) => onChange(filters.map((old, i) => (i === at ? changed : old)))}
          onRemove={() => onChange(filters.filter((_, i) => i !== at))}
        />
      ))}
      {draft ? (
        <Filter
          filter={draft}
          fresh
          onChange={(done) => {
            setDraft(null);
            if (!isUnfinished(done)) onChange([...filters, done]);
          }}
          onRemove={() => setDraft(null)}
        />
      ) : null}
      <PropertyPicker
        label="Add a filter"
        ghost
        text={add}
        owners={owners}
        onPick={(picked) => {
          const filter = filterBy(picked);
          // A cohort or an expression is whole when it is picked.
          if (isUnfinished(filter)) setDraft(filter);
          else onChange([...filters, filter]);
        }}
      />
    </div>
  );
}
