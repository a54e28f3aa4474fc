/** Names of events and properties that were seen, for pickers and completion. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";
import { useProject } from "@/api/session";

export interface EventDefinition {
  id: string;
  name: string;
  description?: string;
  last_seen_at?: string | null;
  volume?: number | null;
  volume_30_day?: number | null;
  verified?: boolean;
  hidden?: boolean;
  tags?: string[];
}

export interface PropertyDefinition {
  id: string;
  name: string;
  property_type?: string | null;
  description?: string;
  last_seen_at?: string | null;
  verified?: boolean;
  hidden?: boolean;
  tags?: string[];
}

/** What people write beside a definition. A type that is null is learnt from what arrives. */
export interface DefinitionChange {
  description?: string;
  verified?: boolean;
  hidden?: boolean;
  tags?: string[];
  property_type?: string | null;
}

export interface Action {
  id: number;
  name: string;
}

export function useEventDefinitions(search = "", enabled = true) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["event_definitions", id, search],
    queryFn: ({ signal }) =>
      request<Page<EventDefinition>>(`/api/projects/${id}/event_definitions/`, {
        signal,
        params: { search, limit: 100, exclude_hidden: true },
      }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    enabled,
  });
}

export type PropertyOwner = "event" | "person" | "group" | "session";

export function usePropertyDefinitions(owner: PropertyOwner, search = "", enabled = true, groupTypeIndex?: number) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["property_definitions", id, owner, groupTypeIndex, search],
    queryFn: ({ signal }) =>
      request<Page<PropertyDefinition>>(`/api/projects/${id}/property_definitions/`, {
        signal,
        params: { type: owner, search, limit: 100, group_type_index: groupTypeIndex, exclude_hidden: true },
      }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    enabled,
  });
}

/** Properties that came with an event. */
export function usePropertiesOfEvent(event: string) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["property_definitions", id, "of event", event],
    queryFn: async ({ signal }) =>
      (
        await request<Page<PropertyDefinition>>(`/api/projects/${id}/property_definitions/`, {
          signal,
          params: { event_names: JSON.stringify([event]), filter_by_event_names: true, limit: 500 },
        })
      ).results,
    staleTime: 60_000,
  });
}

/** Values of a property that were seen lately, most frequent first. */
export function usePropertyValues(owner: PropertyOwner, key: string, search = "", enabled = true) {
  const { id } = useProject();
  const place = owner === "person" ? "persons" : "events";
  return useQuery({
    queryKey: ["property_values", id, owner, key, search],
    queryFn: async ({ signal }) => {
      const answer = await request<{ name: unknown }[] | { results: { name: unknown }[] }>(
        `/api/projects/${id}/${place}/values/`,
        { signal, params: { key, value: search } },
      );
      const rows = Array.isArray(answer) ? answer : answer.results;
      return rows.map((row) => String(row.name));
    },
    staleTime: 60_000,
    enabled: enabled && key !== "",
    retry: false,
  });
}

export function useActions() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["actions", id],
    queryFn: ({ signal }) => request<Page<Action>>(`/api/projects/${id}/actions/`, { signal }),
    staleTime: 60_000,
    retry: false,
  });
}

/** Either kind as a list shows it. */
export type Definition = EventDefinition & PropertyDefinition;
export type DefinitionKind = "event" | "property";
/** What a list of definitions is about: events, or the properties of something; groups have a list for each type. */
export type DefinitionList = "events" | "event" | "person" | "session" | `group${number}`;

export interface DefinitionSearch {
  search: string;
  /** Only those that somebody has verified. */
  verified: boolean;
  /** Of events; properties come by name. */
  ordering?: string;
  offset: number;
  limit: number;
}

/** One page of definitions with all that is known of them; pickers have their own shorter lists. */
export function useDefinitions(list: DefinitionList, { search, verified, ordering, offset, limit }: DefinitionSearch) {
  const { id } = useProject();
  const kind: DefinitionKind = list === "events" ? "event" : "property";
  const group = list.startsWith("group") ? Number(list.slice("group".length)) : undefined;
  const type = list === "events" ? undefined : group === undefined ? list : "group";
  return useQuery({
    queryKey: [`${kind}_definitions`, id, list, "page", search, verified, ordering, offset, limit],
    queryFn: ({ signal }) =>
      request<Page<Definition>>(`/api/projects/${id}/${kind}_definitions/`, {
        signal,
        params: {
          search,
          offset,
          limit,
          ordering,
          type,
          group_type_index: group,
          verified: verified ? true : undefined,
        },
      }),
    placeholderData: keepPreviousData,
  });
}

export const changeDefinition = (
  projectId: number,
  kind: DefinitionKind,
  definitionId: string,
  changes: DefinitionChange,
) =>
  request<unknown>(`/api/projects/${projectId}/${kind}_definitions/${encodeURIComponent(definitionId)}/`, {
    method: "PATCH",
    body: changes,
  });
