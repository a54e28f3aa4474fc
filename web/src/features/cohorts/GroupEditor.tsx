import { ActionIcon, NumberInput, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Behaviour } from "@/api/cohorts";
import styles from "@/features/cohorts/cohorts.module.css";
import { didEvent, type Group } from "@/features/cohorts/criteria";
import { EventPicker } from "@/ui/pickers/EventPicker";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";

interface GroupEditorProps {
  number: number;
  group: Group;
  onChange: (group: Group) => void;
  onRemove?: () => void;
}

const TIMES = [
  { value: "gte", label: "at least" },
  { value: "lte", label: "at most" },
  { value: "eq", label: "exactly" },
];

/** Criteria that must all hold: properties of the person, and what they did how often. */
export function GroupEditor({ number, group, onChange, onRemove }: GroupEditorProps) {
  const change = (at: number, changed: Partial<Behaviour>) =>
    onChange({ ...group, events: group.events.map((old, i) => (i === at ? { ...old, ...changed } : old)) });
  return (
    <fieldset className={styles.group}>
      <legend>Group {number}: all of these hold</legend>
      <PropertyFilters
        filters={group.persons}
        owners={["person"]}
        onChange={(persons) => onChange({ ...group, persons })}
      />
      {group.events.map((event, at) => (
        <div key={at} className={styles.row}>
          <Select
            className={styles.did}
            aria-label={`Did or did not do ${event.key}`}
            data={[
              { value: "did", label: "did" },
              { value: "not", label: "did not do" },
            ]}
            value={event.negation ? "not" : "did"}
            onChange={(next) => change(at, { negation: next === "not" })}
          />
          <EventPicker
            label={`Event ${at + 1}: ${event.key}`}
            text={String(event.key)}
            withAll={false}
            onPick={({ event: key }) => key && change(at, { key })}
          />
          <Select
            className={styles.times}
            aria-label={`Count of ${event.key}`}
            data={TIMES}
            value={event.operator === "exact" ? "eq" : (event.operator ?? "gte")}
            onChange={(operator) => change(at, { operator: operator ?? "gte" })}
          />
          <NumberInput
            size="xs"
            className={styles.amount}
            aria-label={`Times of ${event.key}`}
            min={1}
            max={1_000_000}
            allowDecimal={false}
            value={event.operator_value ?? 1}
            onChange={(value) => change(at, { operator_value: Math.max(1, Number(value) || 1) })}
          />
          <span>times in the last</span>
          <NumberInput
            size="xs"
            className={styles.amount}
            aria-label={`Days of ${event.key}`}
            min={1}
            max={3650}
            allowDecimal={false}
            value={Number(event.time_value ?? 30)}
            onChange={(value) => change(at, { time_value: Math.max(1, Number(value) || 1) })}
          />
          <span>days</span>
          <ActionIcon
            aria-label={`Remove ${event.key}`}
            onClick={() => onChange({ ...group, events: group.events.filter((_, i) => i !== at) })}
          >
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      <div className={styles.row}>
        <EventPicker
          label="Add an event"
          ghost
          text="Did an event"
          withAll={false}
          onPick={({ event }) => event && onChange({ ...group, events: [...group.events, didEvent(event)] })}
        />
        {onRemove ? (
          <ActionIcon aria-label={`Remove group ${number}`} onClick={onRemove}>
            <IconX size={15} />
          </ActionIcon>
        ) : null}
      </div>
    </fieldset>
  );
}
