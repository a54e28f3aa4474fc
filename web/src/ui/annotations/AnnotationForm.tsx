import { Button, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Annotation, changeAnnotation, createAnnotation } from "@/api/annotations";
import { useProject } from "@/api/session";
import styles from "@/ui/annotations/annotations.module.css";
import { fromLocal, toLocal } from "@/ui/annotations/localTime";
import { Problem } from "@/ui/states/States";

/** What an annotation can belong to besides the project. */
export interface AnnotationPlace {
  label: string;
  scope: { scope: "dashboard_item"; dashboard_item: number } | { scope: "dashboard"; dashboard_id: number };
}

interface AnnotationFormProps {
  annotation?: Annotation;
  /** When a new one is proposed to be; otherwise now. */
  at?: Date;
  place?: AnnotationPlace;
  onDone: () => void;
}

/** Writes a new annotation, or changes one. */
export function AnnotationForm({ annotation, at: proposed, place, onDone }: AnnotationFormProps) {
  const { id } = useProject();
  const queries = useQueryClient();
  const [content, setContent] = useState(annotation?.content ?? "");
  const [at, setAt] = useState(
    toLocal(annotation?.date_marker ? new Date(annotation.date_marker) : (proposed ?? new Date())),
  );
  const [ofPlace, setOfPlace] = useState(false);
  const moment = fromLocal(at);
  const saving = useMutation({
    mutationFn: () =>
      annotation
        ? changeAnnotation(id, annotation.id, { content: content.trim(), date_marker: moment })
        : createAnnotation(id, content.trim(), moment ?? "", ofPlace ? place?.scope : undefined),
    onSuccess: () => {
      queries.invalidateQueries({ queryKey: ["annotations", id] });
      onDone();
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <Textarea
        label="What happened"
        placeholder="Released version 2, the campaign began, …"
        data-autofocus
        required
        autosize
        minRows={2}
        maxLength={8192}
        value={content}
        onChange={(event) => setContent(event.currentTarget.value)}
      />
      <TextInput
        label="When"
        description={`In your time zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}`}
        type="datetime-local"
        required
        value={at}
        onChange={(event) => setAt(event.currentTarget.value)}
      />
      {place && !annotation ? (
        <Select
          size="sm"
          label="Belongs to"
          data={[
            { value: "project", label: "The project: every chart shows it" },
            { value: "place", label: place.label },
          ]}
          value={ofPlace ? "place" : "project"}
          onChange={(chosen) => setOfPlace(chosen === "place")}
        />
      ) : null}
      {saving.error ? <Problem problem={saving.error} /> : null}
      <div>
        <Button type="submit" loading={saving.isPending} disabled={!content.trim() || moment === null}>
          Save
        </Button>
      </div>
    </form>
  );
}
