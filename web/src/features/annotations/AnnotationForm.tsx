import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Annotation, changeAnnotation, createAnnotation } from "@/api/annotations";
import { useProject } from "@/api/session";
import styles from "@/features/annotations/annotations.module.css";
import { fromLocal, toLocal } from "@/features/annotations/localTime";
import { Problem } from "@/ui/states/States";

/** Writes a new annotation, or changes one. */
export function AnnotationForm({ annotation, onDone }: { annotation?: Annotation; onDone: () => void }) {
  const { id } = useProject();
  const queries = useQueryClient();
  const [content, setContent] = useState(annotation?.content ?? "");
  const [at, setAt] = useState(toLocal(annotation?.date_marker ? new Date(annotation.date_marker) : new Date()));
  const moment = fromLocal(at);
  const saving = useMutation({
    mutationFn: () =>
      annotation
        ? changeAnnotation(id, annotation.id, { content: content.trim(), date_marker: moment })
        : createAnnotation(id, content.trim(), moment ?? ""),
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
      {saving.error ? <Problem problem={saving.error} /> : null}
      <div>
        <Button type="submit" loading={saving.isPending} disabled={!content.trim() || moment === null}>
          Save
        </Button>
      </div>
    </form>
  );
}
