import { ActionIcon, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Behaviour } from "@/api/cohorts";
import type { PropertyFilter } from "@/api/insights";
import { BehaviourForm } from "@/features/cohorts/BehaviourForm";
import styles from "@/features/cohorts/cohorts.module.css";
import { FORMS, type Form, formOf, inForm } from "@/features/cohorts/criteria";
import { pickedKey, useEventName } from "@/features/cohorts/eventOf";
import { EventPicker } from "@/ui/pickers/EventPicker";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import type { Owner } from "@/ui/pickers/usePropertyChoices";

interface BehaviourRowProps {
  /** Which one of its group, for people who hear it. */
  number: number;
  behaviour: Behaviour;
  onChange: (behaviour: Behaviour) => void;
  onRemove: () => void;
}

// A cohort in here would be one that nothing checks for naming itself.
const OF_THE_EVENT: Owner[] = ["event", "person", "session", "group", "element", "event_metadata", "hogql"];

const DID = [
  { value: "did", label: "did" },
  { value: "not", label: "did not do" },
];

/** What persons did, or did not do. */
export function BehaviourRow({ number, behaviour, onChange, onRemove }: BehaviourRowProps) {
  const name = useEventName()(behaviour.key, behaviour.event_type);
  const form = formOf(behaviour);
  const { event_filters, ...rest } = behaviour;
  const filters = Array.isArray(event_filters) ? (event_filters as PropertyFilter[]) : null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset with a legend would not lie in a line
    <div className={styles.criterion} role="group" aria-label={`Criterion ${number}: ${name}`}>
      <div className={styles.row}>
        <Select
          className={styles.did}
          aria-label={`Did or did not do ${name}`}
          data={DID}
          value={behaviour.negation ? "not" : "did"}
          onChange={(next) => {
            const { negation: _, ...did } = behaviour;
            onChange(next === "not" ? { ...behaviour, negation: true } : (did as Behaviour));
          }}
        />
        <EventPicker
          label={`Event ${number}: ${name}`}
          text={name}
          withAll={false}
          withActions
          onPick={(picked) => {
            const found = pickedKey(picked);
            if (found) onChange({ ...behaviour, key: found[0], event_type: found[1] });
          }}
        />
        {filters || event_filters === undefined || event_filters === null ? (
          <PropertyFilters
            filters={filters ?? []}
            owners={OF_THE_EVENT}
            add="where"
            onChange={(next) => onChange((next.length > 0 ? { ...rest, event_filters: next } : rest) as Behaviour)}
          />
        ) : (
          <span className="quiet">with filters made through the API</span>
        )}
        <ActionIcon className={styles.remove} aria-label={`Remove ${name}`} onClick={onRemove}>
          <IconX size={15} />
        </ActionIcon>
      </div>
      <div className={styles.row}>
        <Select
          className={styles.how}
          aria-label={`How ${name} was done`}
          data={FORMS.map(({ value, label }) => ({ value, label }))}
          value={form}
          placeholder={String(behaviour.value)}
          onChange={(next) => next && onChange(inForm(behaviour, next as Form))}
        />
        <BehaviourForm name={name} behaviour={behaviour} onChange={onChange} />
      </div>
    </div>
  );
}
