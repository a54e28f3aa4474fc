/** What the editor completes: the tables, their columns, and the names that were seen in this project. */
import type { SQLNamespace } from "@codemirror/lang-sql";

const EVENTS = [
  "uuid",
  "event",
  "timestamp",
  "distinct_id",
  "person_id",
  "event_person_id",
  "person_mode",
  "properties",
  "elements_chain",
  "inserted_at",
  "$session_id",
  "$group_0",
  "$group_1",
  "$group_2",
  "$group_3",
  "$group_4",
];

/** Dots and spaces end a name in SQL; such names are written in backquotes. */
export const quoted = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `\`${name.replaceAll("`", "\\`")}\``);

const columns = (names: string[]) =>
  names.map((label) => ({ label: quoted(label), displayLabel: label, apply: quoted(label), type: "property" }));

export function schemaOf(eventProperties: string[], personProperties: string[]): SQLNamespace {
  const properties = columns(eventProperties);
  const person = { properties: columns(personProperties), id: [], created_at: [], is_identified: [] };
  return {
    events: {
      ...Object.fromEntries(EVENTS.filter((name) => name !== "properties").map((name) => [name, []])),
      properties,
      person,
    },
    persons: { id: [], created_at: [], is_identified: [], properties: columns(personProperties) },
    properties,
    person,
  };
}
