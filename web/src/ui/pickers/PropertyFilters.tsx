import { Button, CloseButton, Popover, Select, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { type PropertyOwner, usePropertyValues } from "@/api/definitions";
import type { Operator, PropertyFilter } from "@/api/insights";
import { filterInWords, OPERATORS, takesMany, takesValue } from "@/ui/pickers/operators";
import { PropertyPicker } from "@/ui/pickers/PropertyPicker";
import styles from "@/ui/pickers/pickers.module.css";

interface EditorProps {
  filter: PropertyFilter;
  onDone: (filter: PropertyFilter) => void;
}

function FilterEditor({ filter, onDone }: EditorProps) {
  const [draft, setDraft] = useState(filter);
  const [search, setSearch] = useState("");
  const owner: PropertyOwner = draft.type === "person" ? "person" : "event";
  const values = usePropertyValues(owner, draft.key, search, takesValue(draft.operator));
  const list = Array.isArray(draft.value) ? draft.value.map(String) : draft.value ? [String(draft.value)] : [];
  const setOperator = (operator: Operator) => {
    const value = !takesValue(operator) ? undefined : takesMany(operator) ? list : (list[0] ?? "");
    setDraft({ ...draft, operator, value });
  };
  return (
    <form
      className={styles.filterEditor}
      onSubmit={(event) => {
        event.preventDefault();
        onDone(draft);
      }}
    >
      <Select
        label={draft.key}
        data={OPERATORS}
        value={draft.operator ?? "exact"}
        maxDropdownHeight={280}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) => value && setOperator(value as Operator)}
      />
      {takesValue(draft.operator) && takesMany(draft.operator) ? (
        <TagsInput
          size="xs"
          aria-label={`Values of ${draft.key}`}
          placeholder={list.length === 0 ? "Values" : undefined}
          data={[...new Set(values.data ?? [])]}
          value={list}
          searchValue={search}
          onSearchChange={setSearch}
          acceptValueOnBlur
          maxDropdownHeight={200}
          comboboxProps={{ withinPortal: false }}
          onChange={(value) => setDraft({ ...draft, value })}
        />
      ) : null}
      {takesValue(draft.operator) && !takesMany(draft.operator) ? (
        <TextInput
          size="xs"
          aria-label={`Value of ${draft.key}`}
          placeholder={draft.operator?.startsWith("is_date") ? "2026-01-31 or -7d" : "Value"}
          value={list[0] ?? ""}
          onChange={(event) => setDraft({ ...draft, value: event.currentTarget.value })}
        />
      ) : null}
      <Button type="submit">Apply</Button>
    </form>
  );
}

interface FilterProps {
  filter: PropertyFilter;
  fresh: boolean;
  onChange: (filter: PropertyFilter) => void;
  onRemove: () => void;
}

function Filter({ filter, fresh, onChange, onRemove }: FilterProps) {
  const [opened, setOpened] = useState(fresh);
  const words = filterInWords(filter);
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
  owners?: PropertyOwner[];
  onChange: (filters: PropertyFilter[]) => void;
}

/** Filters that must all hold. One without a value yet is kept on screen and not sent. */
export function PropertyFilters({ filters, owners, onChange }: PropertyFiltersProps) {
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
            const unfinished =
              takesValue(done.operator) && (Array.isArray(done.value) ? done.value.length === 0 : !done.value);
            if (!unfinished) onChange([...filters, done]);
          }}
          onRemove={() => setDraft(null)}
        />
      ) : null}
      <PropertyPicker
        label="Add a filter"
        ghost
        text="Filter"
        owners={owners}
        onPick={({ owner, key, type }) =>
          setDraft({
            key,
            type: owner === "person" ? "person" : "event",
            operator: type === "Numeric" ? "gt" : "exact",
            value: type === "Numeric" ? "" : [],
          })
        }
      />
    </div>
  );
}
