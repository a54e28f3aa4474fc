import { ActionIcon, Select, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { ActionStep, Matching } from "@/api/actions";
import type { PropertyFilter } from "@/api/insights";
import styles from "@/features/actions/actions.module.css";
import { EventPicker } from "@/ui/pickers/EventPicker";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import { FILTER_OWNERS } from "@/ui/pickers/usePropertyChoices";

interface StepEditorProps {
  number: number;
  step: ActionStep;
  onChange: (step: ActionStep) => void;
  onRemove?: () => void;
}

const MATCHINGS: { value: Matching; label: string }[] = [
  { value: "exact", label: "is" },
  { value: "contains", label: "contains" },
  { value: "regex", label: "matches pattern" },
];

/** One way to match: an event, on clicks the element, and the page. All that is filled in must hold. */
export function StepEditor({ number, step, onChange, onRemove }: StepEditorProps) {
  const text = (label: string, key: "selector" | "tag_name" | "text" | "href" | "url", usual?: Matching) => {
    const matching = `${key}_matching` as "text_matching" | "href_matching" | "url_matching";
    return (
      <div className={styles.condition}>
        <span>{label}</span>
        {usual ? (
          <Select
            className={styles.matching}
            aria-label={`How ${label} matches in step ${number}`}
            data={MATCHINGS}
            value={step[matching] ?? usual}
            onChange={(next) => onChange({ ...step, [matching]: next as Matching })}
          />
        ) : null}
        <TextInput
          size="xs"
          className={styles.value}
          aria-label={`${label} in step ${number}`}
          value={step[key] ?? ""}
          onChange={(event) => onChange({ ...step, [key]: event.currentTarget.value })}
        />
      </div>
    );
  };
  const name = step.event || "All events";
  return (
    <fieldset className={styles.step}>
      <legend>Step {number}</legend>
      <div className={styles.condition}>
        <EventPicker
          label={`Event of step ${number}: ${name}`}
          text={name}
          onPick={({ event }) => onChange({ ...step, event })}
        />
        <PropertyFilters
          filters={(step.properties ?? []) as PropertyFilter[]}
          owners={FILTER_OWNERS}
          onChange={(properties) => onChange({ ...step, properties })}
        />
        {onRemove ? (
          <ActionIcon aria-label={`Remove step ${number}`} onClick={onRemove}>
            <IconX size={15} />
          </ActionIcon>
        ) : null}
      </div>
      {step.event === "$autocapture" ? (
        <>
          {text("Selector", "selector")}
          {text("Tag", "tag_name")}
          {text("Text", "text", "exact")}
          {text("Link", "href", "exact")}
        </>
      ) : null}
      {text("URL", "url", "contains")}
    </fieldset>
  );
}
