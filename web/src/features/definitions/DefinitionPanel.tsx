import { Button, Drawer, Select, Switch, TagsInput, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import {
  changeDefinition,
  type Definition,
  type DefinitionList,
  type PropertyDefinition,
  usePropertiesOfEvent,
  usePropertyValues,
} from "@/api/definitions";
import { useProject, useProjectPath } from "@/api/session";
import styles from "@/features/definitions/definitions.module.css";
import { VolumeTrend } from "@/features/definitions/VolumeTrend";
import { Failure, Loading, Problem } from "@/ui/states/States";

interface DefinitionPanelProps {
  list: DefinitionList;
  definition: Definition | null;
  onClose: () => void;
}

const TYPES = ["String", "Numeric", "Boolean", "DateTime", "Duration"];
const SAMPLES = 12;

const trendOf = (event: string) =>
  JSON.stringify({ kind: "TrendsQuery", series: [{ kind: "EventsNode", event, name: event }] });

/** What is known of one name, to be described. */
export function DefinitionPanel({ list, definition, onClose }: DefinitionPanelProps) {
  return (
    <Drawer
      opened={definition !== null}
      onClose={onClose}
      position="right"
      size={480}
      title={<strong className={styles.title}>{definition?.name}</strong>}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {definition ? <DefinitionForm key={definition.id} list={list} definition={definition} onDone={onClose} /> : null}
    </Drawer>
  );
}

function DefinitionForm(props: { list: DefinitionList; definition: Definition; onDone: () => void }) {
  const { list, definition, onDone } = props;
  const { id } = useProject();
  const path = useProjectPath();
  const queries = useQueryClient();
  const kind = list === "events" ? "event" : "property";
  const [description, setDescription] = useState(definition.description ?? "");
  const [verified, setVerified] = useState(definition.verified ?? false);
  const [hidden, setHidden] = useState(definition.hidden ?? false);
  const [tags, setTags] = useState(definition.tags ?? []);
  const [type, setType] = useState(definition.property_type ?? "");
  const saving = useMutation({
    mutationFn: () =>
      changeDefinition(id, kind, definition.id, {
        description: description.trim(),
        verified,
        hidden,
        tags,
        // Only a type that was chosen is sent: one that is sent is not learnt any more.
        ...(type !== (definition.property_type ?? "") ? { property_type: type || null } : {}),
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [`${kind}_definitions`, id] });
      notifications.show({ message: "Saved" });
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
        label="Description"
        autosize
        minRows={3}
        maxLength={10_000}
        data-autofocus
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <TagsInput size="sm" label="Tags" value={tags} onChange={setTags} acceptValueOnBlur maxTags={100} />
      {kind === "property" ? (
        <Select
          size="sm"
          label="Type"
          data={[{ value: "", label: "Learnt from what arrives" }, ...TYPES]}
          value={type}
          onChange={(next) => setType(next ?? "")}
        />
      ) : null}
      <Switch label="Verified" checked={verified} onChange={(event) => setVerified(event.currentTarget.checked)} />
      <Switch
        label="Hidden from lists of choices"
        checked={hidden}
        onChange={(event) => setHidden(event.currentTarget.checked)}
      />
      {saving.error ? <Problem problem={saving.error} /> : null}
      <Button type="submit" loading={saving.isPending}>
        Save
      </Button>
      <VolumeTrend list={list} name={definition.name} />
      {list === "event" || list === "person" ? <Samples owner={list} name={definition.name} /> : null}
      {list === "events" ? <PropertiesOf event={definition.name} /> : null}
      {list === "events" ? (
        <p className={styles.links}>
          <Link href={path("activity", { event: definition.name })}>Latest events</Link>
          <Link href={path("insight", { q: trendOf(definition.name) })}>As a chart</Link>
        </p>
      ) : null}
    </form>
  );
}

function Samples({ owner, name }: { owner: "event" | "person"; name: string }) {
  const values = usePropertyValues(owner, name);
  const shown = (values.data ?? []).slice(0, SAMPLES);
  return (
    <section aria-label="Values">
      <h2>Values</h2>
      {values.error ? (
        <Failure problem={values.error} onRetry={() => values.refetch()} />
      ) : values.isPending ? (
        <Loading lines={3} />
      ) : shown.length === 0 ? (
        <p className="quiet">None seen lately.</p>
      ) : (
        <ul className={styles.samples}>
          {shown.map((value) => (
            <li key={value}>{value}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What comes with an event. */
function PropertiesOf({ event }: { event: string }) {
  const asked = usePropertiesOfEvent(event);
  const own = (asked.data ?? []).filter(({ name }) => !name.startsWith("$"));
  const captured = (asked.data ?? []).filter(({ name }) => name.startsWith("$"));
  const names = (properties: PropertyDefinition[]) => (
    <ul className={styles.samples}>
      {properties.map(({ name, property_type }) => (
        <li key={name} title={property_type ?? undefined}>
          {name}
        </li>
      ))}
    </ul>
  );
  return (
    <section aria-label="Properties">
      <h2>Properties</h2>
      {asked.error ? (
        <Failure problem={asked.error} onRetry={() => asked.refetch()} />
      ) : asked.isPending ? (
        <Loading lines={2} />
      ) : own.length + captured.length === 0 ? (
        <p className="quiet">It came with none.</p>
      ) : (
        <>
          {own.length > 0 ? names(own) : null}
          {captured.length > 0 ? (
            <details>
              <summary>{captured.length} that SDKs add</summary>
              {names(captured)}
            </details>
          ) : null}
        </>
      )}
    </section>
  );
}
