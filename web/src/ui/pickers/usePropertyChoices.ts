import { useQueries } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";
import { useCohorts } from "@/api/cohorts";
import { type PropertyDefinition, type PropertyOwner, usePropertyDefinitions } from "@/api/definitions";
import { useGroupTypes } from "@/api/persons";
import { useProject } from "@/api/session";
import { ELEMENT_FIELDS, EVENT_FIELDS } from "@/ui/pickers/eventFields";
import type { Choice } from "@/ui/pickers/Picker";
import { SESSION_FIELDS } from "@/ui/pickers/sessionFields";

/** Where a value comes from: a property of something, a column of events, a cohort's members, or an SQL expression. */
export type Owner = PropertyOwner | "element" | "event_metadata" | "cohort" | "hogql";

/** Everything that questions about events can go by. */
export const ALL_OWNERS: Owner[] = ["event", "person", "session", "group", "cohort", "hogql"];

/** Everything that events can be filtered by. */
export const FILTER_OWNERS: Owner[] = [
  "event",
  "person",
  "session",
  "group",
  "element",
  "event_metadata",
  "cohort",
  "hogql",
];

export interface PickedProperty {
  owner: Owner;
  /** The name of the property, the number of the cohort, or the expression. */
  key: string;
  type: string | null;
  groupTypeIndex?: number;
  /** How people know it, where that is not the key. */
  name?: string;
}

interface Known extends Choice {
  picked: PickedProperty;
}

/** Properties of each group type, as far as they match. */
function useGroupProperties(search: string, indexes: number[]) {
  const { id } = useProject();
  return useQueries({
    queries: indexes.map((index) => ({
      queryKey: ["property_definitions", id, "group", index, search],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        request<Page<PropertyDefinition>>(`/api/projects/${id}/property_definitions/`, {
          signal,
          params: { type: "group", search, limit: 50, group_type_index: index, exclude_hidden: true },
        }),
      staleTime: 30_000,
    })),
  });
}

/** What a list of properties offers for a search, and whether it is still asking. */
export function usePropertyChoices(search: string, owners: Owner[]): { choices: Known[]; loading: boolean } {
  const has = (owner: Owner) => owners.includes(owner);
  const event = usePropertyDefinitions("event", search, has("event"));
  const person = usePropertyDefinitions("person", search, has("person"));
  const types = useGroupTypes(has("group"));
  const groupTypes = (has("group") && types.data) || [];
  const groups = useGroupProperties(
    search,
    groupTypes.map((type) => type.group_type_index),
  );
  const cohorts = useCohorts(search, 0, 50, has("cohort"));
  const wanted = search.toLowerCase();

  const found: Record<Owner, () => Known[]> = {
    event: () => (event.data?.results ?? []).map((one) => property("event", "Event properties", one)),
    person: () => (person.data?.results ?? []).map((one) => property("person", "Person properties", one)),
    session: () => fields("session", "Sessions", SESSION_FIELDS, wanted),
    element: () => fields("element", "Clicked elements", ELEMENT_FIELDS, wanted),
    event_metadata: () => fields("event_metadata", "Of the event itself", EVENT_FIELDS, wanted),
    group: () =>
      groupTypes.flatMap((type, at) =>
        (groups[at]?.data?.results ?? []).map((one) =>
          property("group", `Properties of ${type.name_plural || type.group_type}`, one, type.group_type_index),
        ),
      ),
    cohort: () =>
      (cohorts.data?.results ?? []).map((one) => ({
        value: `cohort:${one.id}`,
        label: one.name || `Cohort ${one.id}`,
        group: "Cohorts",
        picked: { owner: "cohort", key: String(one.id), type: null, name: one.name },
      })),
    hogql: () =>
      search.trim() === ""
        ? []
        : [
            {
              value: `hogql:${search}`,
              label: search,
              meta: "as an SQL expression",
              group: "SQL",
              picked: { owner: "hogql", key: search.trim(), type: null },
            },
          ],
  };
  const choices = owners.flatMap((owner) => found[owner]());
  // A property that was never seen can still be asked for: it may arrive tomorrow.
  const first = owners[0];
  if (
    search !== "" &&
    first !== undefined &&
    !choices.some((one) => one.label === search && one.picked.owner === first)
  )
    choices.push({
      value: `new:${search}`,
      label: search,
      meta: "not seen yet",
      picked: { owner: first, key: search, type: null },
    });
  return { choices, loading: event.isFetching || person.isFetching };
}

const fields = (owner: Owner, group: string, known: { name: string; type: string }[], wanted: string): Known[] =>
  known
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .map(({ name, type }) => property(owner, group, { name, property_type: type }));

function property(
  owner: Owner,
  group: string,
  one: Pick<PropertyDefinition, "name" | "property_type">,
  groupTypeIndex?: number,
): Known {
  const type = one.property_type ?? null;
  return {
    value: `${owner}:${groupTypeIndex ?? ""}:${one.name}`,
    label: one.name,
    meta: type ?? undefined,
    group,
    picked: { owner, key: one.name, type, groupTypeIndex },
  };
}
