import { Button, CloseButton, Popover, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { type PropertyOwner, usePropertyValues } from "@/api/definitions";
import type { Operator, PropertyFilter } from "@/api/insights";
import { filterInWords, OF_COHORTS, OPERATORS, takesMany, takesValue } from "@/ui/pickers/operators";
import { PropertyPicker } from "@/ui/pickers/PropertyPicker";
import styles from "@/ui/pickers/pickers.module.css";
import type { Owner, PickedProperty } from "@/ui/pickers/usePropertyChoices";

interface EditorProps {
  filter: PropertyFilter;
  onDone: (filter: PropertyFilter) => void;
}

function FilterEditor(props: EditorProps) {
  if (props.filter.type === "hogql") return <ExpressionEditor {...props} />;
  if (props.filter.type === "cohort") return <CohortEditor {...props} />;
  return <ValueEditor {...props} />;
}

function ExpressionEditor({ filter, onDone }: EditorProps) {
  const [text, setText] = useState(filter.key);
  return (
    <form
      className={styles.filterEditor}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) onDone({ ...filter, key: text.trim() });
      }}
    >
      <Textarea
        size="xs"
        label="SQL expression"
        description="What is true of the events that count"
        autosize
        minRows={2}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit">Apply</Button>
    </form>
  );
}

function CohortEditor({ filter, onDone }: EditorProps) {
  return (
    <div className={styles.filterEditor}>
      <Select
        label={filter.cohort_name || `Cohort ${filter.value}`}
        data={OF_COHORTS}
        value={filter.operator ?? "in"}
        comboboxProps={{ withinPortal: false }}
        onChange={(operator) => onDone({ ...filter, operator: operator as Operator })}
      />
    </div>
  );
}

function ValueEditor({ filter, onDone }: EditorProps) {
  const [draft, setDraft] = useState(filter);
  const [search, setSearch] = useState("");
  const owner: PropertyOwner = draft.type === "person" ? "person" : "event";
  // Values of groups and of sessions are not listed by the API: they are typed.
  const listed = draft.type === "person" || draft.type === "event";
  const values = usePropertyValues(owner, draft.key, search, listed && takesValue(draft.operator));
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
  owners?: Owner[];
  /** What the button that adds one says. */
  add?: string;
  onChange: (filters: PropertyFilter[]) => void;
}

/** A filter by what was picked, as far as it is known yet. */
export function filterBy({ owner, key, type, groupTypeIndex, name }: PickedProperty): PropertyFilter {
  if (owner === "hogql") return { key, type: "hogql" };
  if (owner === "cohort") return { key: "id", type: "cohort", operator: "in", value: Number(key), cohort_name: name };
  return {
    key,
    type: owner,
    ...(groupTypeIndex === undefined ? {} : { group_type_index: groupTypeIndex }),
    operator: type === "Numeric" ? "gt" : "exact",
    value: type === "Numeric" ? "" : [],
  };
}

const isUnfinished = ({ type, operator, value }: PropertyFilter) =>
  type !== "hogql" &&
  takesValue(operator) &&
  (Array.isArray(value) ? value.length === 0 : value === undefined || value === null || value === "");

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
