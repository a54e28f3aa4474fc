/** What the editor completes: tables, columns and functions of the server, and the names seen in this project. */
import type { Completion } from "@codemirror/autocomplete";
import type { SQLNamespace } from "@codemirror/lang-sql";
import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/query";
import { useProject } from "@/api/session";

export interface DatabaseSchema {
  tables: Record<string, { fields: Record<string, unknown> }>;
  functions: string[];
}

/** The tables that SQL can read, with their columns, and the functions it may call. */
export function useDatabaseSchema() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["database_schema", id],
    queryFn: async ({ signal }) =>
      (await ask<unknown>(id, { kind: "DatabaseSchemaQuery" }, signal)) as unknown as DatabaseSchema,
    staleTime: 300_000,
  });
}

/** Dots and spaces end a name in SQL; such names are written in backquotes. */
export const quoted = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `\`${name.replaceAll("`", "\\`")}\``);

/** A text as SQL writes it. */
export const textOf = (name: string) => `'${name.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

const columns = (names: string[]) =>
  names.map((label) => ({ label: quoted(label), displayLabel: label, apply: quoted(label), type: "property" }));

interface Names {
  events: string[];
  eventProperties: string[];
  personProperties: string[];
}

/** What follows a dot: the columns of tables and the keys of properties. */
export function schemaOf(database: DatabaseSchema | undefined, names: Names): SQLNamespace {
  const properties = columns(names.eventProperties);
  const person = { properties: columns(names.personProperties), id: [], created_at: [], is_identified: [] };
  const tables = Object.fromEntries(
    Object.entries(database?.tables ?? { events: { fields: {} } }).map(([table, { fields }]) => [
      table,
      Object.fromEntries(Object.keys(fields).map((name) => [name, []])),
    ]),
  );
  return {
    ...tables,
    events: { ...tables.events, properties, person },
    persons: { ...tables.persons, properties: columns(names.personProperties) },
    properties,
    person,
  };
}

/** What may stand anywhere: functions, and names of events as texts. */
export function wordsOf(database: DatabaseSchema | undefined, names: Names): Completion[] {
  return [
    ...(database?.functions ?? []).map((label) => ({ label, apply: `${label}(`, type: "function" })),
    ...names.events.map((label) => ({ label, apply: textOf(label), detail: "event", type: "text" })),
  ];
}
