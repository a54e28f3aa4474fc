import { Button, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "@/ui/states/States";
import styles from "@/ui/tables/PropertyTable.module.css";
import { KINDS, type Kind, kindOf, typed, valueFrom } from "@/ui/tables/propertyValue";

export interface PropertyEdits {
  set: (key: string, value: unknown) => Promise<unknown>;
  remove: (key: string) => Promise<unknown>;
}

interface PropertyEditorProps {
  /** The property that is changed; without one a new one is named here. */
  property?: { key: string; value: unknown };
  edits: PropertyEdits;
  onDone: () => void;
}

const TRUTHS = ["true", "false"];

/** A property's value by hand, with the type that it is stored with. */
export function PropertyEditor({ property, edits, onDone }: PropertyEditorProps) {
  const [key, setKey] = useState(property?.key ?? "");
  const [kind, setKind] = useState<Kind>(property ? kindOf(property.value) : "text");
  const [text, setText] = useState(property ? typed(property.value) : "");
  const value = valueFrom(kind, text);
  const saving = useMutation({ mutationFn: () => edits.set(key.trim(), value), onSuccess: onDone });
  const complete = key.trim() !== "" && value !== undefined;
  const label = property ? `Value of ${property.key}` : "Value";
  return (
    <form
      className={styles.editor}
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) saving.mutate();
      }}
      onKeyDown={(event) => event.key === "Escape" && onDone()}
    >
      {property ? null : (
        <TextInput
          size="xs"
          aria-label="Name of the property"
          placeholder="Name"
          autoFocus
          maxLength={400}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
      )}
      <Select
        aria-label={property ? `Type of ${property.key}` : "Type"}
        className={styles.kind}
        data={KINDS.map(({ value, label }) => ({ value, label }))}
        value={kind}
        onChange={(next) => {
          setKind(next as Kind);
          if (next === "boolean" && !TRUTHS.includes(text)) setText("true");
        }}
      />
      {kind === "boolean" ? (
        <Select aria-label={label} data={TRUTHS} value={text} onChange={(next) => setText(next ?? "true")} />
      ) : kind === "json" ? (
        <Textarea
          size="xs"
          aria-label={label}
          className={styles.json}
          autosize
          maxRows={12}
          value={text}
          error={value === undefined && text !== "" ? "This is no JSON." : null}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          size="xs"
          aria-label={label}
          placeholder="Value"
          autoFocus={property !== undefined}
          value={text}
          error={value === undefined && text !== "" ? "This is no number." : null}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <Button type="submit" disabled={!complete} loading={saving.isPending}>
        Save
      </Button>
      <Button variant="default" onClick={onDone}>
        Cancel
      </Button>
      {saving.error ? <Problem problem={saving.error} /> : null}
    </form>
  );
}
