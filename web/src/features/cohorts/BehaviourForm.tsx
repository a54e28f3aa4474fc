import { Select } from "@mantine/core";
import type { Behaviour } from "@/api/cohorts";
import { Amount, Span } from "@/features/cohorts/Amount";
import styles from "@/features/cohorts/cohorts.module.css";
import { formOf } from "@/features/cohorts/criteria";
import { pickedKey, useEventName } from "@/features/cohorts/eventOf";
import { EventPicker } from "@/ui/pickers/EventPicker";
import { FilterDate } from "@/ui/pickers/FilterDate";

interface BehaviourFormProps {
  name: string;
  behaviour: Behaviour;
  onChange: (behaviour: Behaviour) => void;
}

const MOST_PERIODS = 100; // that the API counts

/** How often, since when, in what order: what a form of behaviour needs beside the event. */
export function BehaviourForm(props: BehaviourFormProps) {
  switch (formOf(props.behaviour)) {
    case "performed_event":
      return <Within {...props} />;
    case "performed_event_multiple":
      return (
        <>
          <Times {...props} />
          <span>times</span>
          <Within {...props} />
        </>
      );
    case "performed_event_first_time":
      return (
        <>
          <span>ever, which was</span>
          <Within {...props} />
        </>
      );
    case "performed_event_regularly":
      return <Regularly {...props} />;
    case "performed_event_sequence":
      return <Sequence {...props} />;
    case "stopped_performing_event":
      return (
        <>
          <span>did it</span>
          <Within {...props} />
          <span>but not in the last</span>
          <Lately {...props} />
        </>
      );
    case "restarted_performing_event":
      return (
        <>
          <span>in the last</span>
          <Lately {...props} />
          <span>after none since</span>
          <Pause {...props} />
        </>
      );
    default:
      return null;
  }
}

const COUNTS = [
  { value: "gte", label: "at least" },
  { value: "lte", label: "at most" },
  { value: "eq", label: "exactly" },
  { value: "gt", label: "more than" },
  { value: "lt", label: "fewer than" },
];

function Times({ name, behaviour, onChange }: BehaviourFormProps) {
  const operator = behaviour.operator ?? "gte";
  return (
    <>
      <Select
        className={styles.times}
        aria-label={`Count of ${name}`}
        data={COUNTS}
        value={operator === "exact" ? "eq" : operator}
        onChange={(next) => onChange({ ...behaviour, operator: next ?? "gte" })}
      />
      <Amount
        label={`Times of ${name}`}
        value={behaviour.operator_value}
        onChange={(value) => onChange({ ...behaviour, operator_value: value })}
      />
    </>
  );
}

const SINCE = [
  { value: "last", label: "in the last" },
  { value: "since", label: "since" },
  { value: "between", label: "between" },
];

const isDated = ({ explicit_datetime: from }: Behaviour) => from !== undefined && from !== null;

/** Where a span begins: so long ago, or at a date. */
function Begin({ name, behaviour, onChange }: BehaviourFormProps) {
  return isDated(behaviour) ? (
    <FilterDate
      label={`From when ${name}`}
      value={String(behaviour.explicit_datetime)}
      onChange={(date) => onChange({ ...behaviour, explicit_datetime: date })}
    />
  ) : (
    <Span
      label={`Time of ${name}`}
      value={behaviour.time_value ?? 30}
      unit={behaviour.time_interval}
      onChange={(value, unit) => onChange({ ...behaviour, time_value: value, time_interval: unit })}
    />
  );
}

/** The span in which it was done: back from now, or by dates. */
function Within({ name, behaviour, onChange }: BehaviourFormProps) {
  const { explicit_datetime: from, explicit_datetime_to: to, ...rest } = behaviour;
  const kind = !isDated(behaviour) ? "last" : to !== undefined && to !== null ? "between" : "since";
  return (
    <>
      <Select
        className={styles.times}
        aria-label={`When ${name} was done`}
        data={SINCE}
        value={kind}
        onChange={(next) => {
          if (next === "last") onChange({ time_value: 30, time_interval: "day", ...rest } as Behaviour);
          else {
            const dates = {
              explicit_datetime: from ?? "",
              ...(next === "between" ? { explicit_datetime_to: "" } : {}),
            };
            onChange({ ...rest, ...dates } as Behaviour);
          }
        }}
      />
      <Begin name={name} behaviour={behaviour} onChange={onChange} />
      {kind === "between" ? (
        <>
          <span>and</span>
          <FilterDate
            label={`Until when ${name}`}
            value={String(to)}
            onChange={(date) => onChange({ ...behaviour, explicit_datetime_to: date })}
          />
        </>
      ) : null}
    </>
  );
}

/** The shorter, latest span of those who stopped or started again. */
function Lately({ name, behaviour, onChange }: BehaviourFormProps) {
  return (
    <Span
      label={`Lately of ${name}`}
      value={behaviour.seq_time_value}
      unit={behaviour.seq_time_interval}
      onChange={(value, unit) => onChange({ ...behaviour, seq_time_value: value, seq_time_interval: unit })}
    />
  );
}

/** Since when it had not been done by those who then started again. */
function Pause({ name, behaviour, onChange }: BehaviourFormProps) {
  return (
    <>
      <Begin name={name} behaviour={behaviour} onChange={onChange} />
      {isDated(behaviour) ? null : <span>ago</span>}
    </>
  );
}

function Regularly({ name, behaviour, onChange }: BehaviourFormProps) {
  const total = Number(behaviour.total_periods ?? 1);
  return (
    <>
      <Times name={name} behaviour={behaviour} onChange={onChange} />
      <span>times in every</span>
      <Span
        label={`Period of ${name}`}
        value={behaviour.time_value ?? 1}
        unit={behaviour.time_interval}
        onChange={(value, unit) => onChange({ ...behaviour, time_value: value, time_interval: unit })}
      />
      <span>in at least</span>
      <Amount
        label={`Periods with ${name}`}
        value={behaviour.min_periods}
        most={total}
        onChange={(value) => onChange({ ...behaviour, min_periods: value })}
      />
      <span>of the last</span>
      <Amount
        label={`Periods of ${name} looked at`}
        value={total}
        most={MOST_PERIODS}
        onChange={(value) =>
          onChange({
            ...behaviour,
            total_periods: value,
            min_periods: Math.min(value, Number(behaviour.min_periods ?? 1)),
          })
        }
      />
      <span>such periods, until yesterday</span>
    </>
  );
}

function Sequence({ name, behaviour, onChange }: BehaviourFormProps) {
  const then = useEventName()(behaviour.seq_event, behaviour.seq_event_type);
  return (
    <>
      <EventPicker
        label={`Event after ${name}: ${then || "none yet"}`}
        text={then || "Which event"}
        ghost={!then}
        withAll={false}
        withActions
        onPick={(picked) => {
          const found = pickedKey(picked);
          if (found) onChange({ ...behaviour, seq_event: found[0], seq_event_type: found[1] });
        }}
      />
      <span>within</span>
      <Lately name={name} behaviour={behaviour} onChange={onChange} />
      <span>all of it</span>
      <Within name={name} behaviour={behaviour} onChange={onChange} />
    </>
  );
}
