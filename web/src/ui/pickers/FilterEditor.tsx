import { Button, Select, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Operator, PropertyFilter } from "@/api/insights";
import { FilterValue } from "@/ui/pickers/FilterValue";
import { OF_COHORTS, operatorsFor, problemOf, withOperator } from "@/ui/pickers/operators";
import styles from "@/ui/pickers/pickers.module.css";
import { usePropertyType } from "@/ui/pickers/usePropertyType";

interface EditorProps {
  filter: PropertyFilter;
  onDone: (filter: PropertyFilter) => void;
}

/** The form of one filter: its operator and what it compares with. */
export function FilterEditor(props: EditorProps) {
  if (props.filter.type === "hogql") return <ExpressionEditor {...props} />;
  if (props.filter.type === "cohort") return <CohortEditor {...props} />;
  return <ValueEditor {...props} />;
}

/** The form stands in a portal, out of which React's events would reach a form around the filters and send it. */
function sent(event: FormEvent, then: () => void) {
  event.preventDefault();
  event.stopPropagation();
  then();
}

function ExpressionEditor({ filter, onDone }: EditorProps) {
  const [text, setText] = useState(filter.key);
  return (
    <form
      className={styles.filterEditor}
      onSubmit={(event) => sent(event, () => text.trim() && onDone({ ...filter, key: text.trim() }))}
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
  const { negation: _, ...rest } = filter;
  return (
    <div className={styles.filterEditor}>
      <Select
        label={filter.cohort_name || `Cohort ${filter.value}`}
        data={OF_COHORTS}
        value={(filter.operator === "not_in") === Boolean(filter.negation) ? "in" : "not_in"}
        comboboxProps={{ withinPortal: false }}
        onChange={(operator) => onDone({ ...rest, operator: operator as Operator })}
      />
    </div>
  );
}

function ValueEditor({ filter, onDone }: EditorProps) {
  const [draft, setDraft] = useState(filter);
  const type = usePropertyType(filter);
  const problem = problemOf(draft);
  return (
    <form className={styles.filterEditor} onSubmit={(event) => sent(event, () => problem === null && onDone(draft))}>
      <Select
        label={draft.negation ? `Not: ${draft.key}` : draft.key}
        data={operatorsFor(draft, type)}
        value={draft.operator ?? "exact"}
        maxDropdownHeight={280}
        comboboxProps={{ withinPortal: false }}
        onChange={(operator) => operator && setDraft(withOperator(draft, operator as Operator))}
      />
      <FilterValue filter={draft} type={type} onChange={(value) => setDraft({ ...draft, value })} />
      {problem ? (
        <p className={styles.filterProblem} role="alert">
          {problem}
        </p>
      ) : null}
      <Button type="submit" disabled={problem !== null}>
        Apply
      </Button>
    </form>
  );
}
