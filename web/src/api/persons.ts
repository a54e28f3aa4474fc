/** Persons and groups. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";
import type { PropertyFilter } from "@/api/insights";
import { useProject } from "@/api/session";

export interface Person {
  id: string;
  uuid: string;
  name?: string;
  distinct_ids: string[];
  properties: Record<string, unknown>;
  created_at: string;
  is_identified?: boolean;
}

export interface Group {
  group_type_index: number;
  group_key: string;
  group_properties: Record<string, unknown>;
  created_at: string;
}

export interface GroupType {
  group_type: string;
  group_type_index: number;
  name_singular?: string | null;
  name_plural?: string | null;
}

export interface PersonSearch {
  search?: string;
  properties?: PropertyFilter[];
  offset?: number;
  limit?: number;
}

export function usePersons({ search, properties, offset = 0, limit = 50 }: PersonSearch) {
  const { id } = useProject();
  const filters = properties?.length ? JSON.stringify(properties) : undefined;
  return useQuery({
    queryKey: ["persons", id, search, filters, offset, limit],
    queryFn: ({ signal }) =>
      request<Page<Person>>(`/api/projects/${id}/persons/`, {
        signal,
        params: { search, properties: filters, offset, limit },
      }),
    placeholderData: keepPreviousData,
  });
}

export function usePerson(uuid: string) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["person", id, uuid],
    queryFn: ({ signal }) => request<Person>(`/api/projects/${id}/persons/${encodeURIComponent(uuid)}/`, { signal }),
  });
}

/** What becomes of the events of a person that is deleted. */
export type EventsOfDeleted = "keep" | "anonymise" | "delete";

export const deletePerson = (projectId: number, uuid: string, events: EventsOfDeleted) =>
  request<unknown>(`/api/projects/${projectId}/persons/${uuid}/`, {
    method: "DELETE",
    params: { delete_events: events === "delete", anonymise_events: events === "anonymise" },
  });

/** Make another person part of this one; it can be taken back. */
export const mergePerson = (projectId: number, uuid: string, other: string) =>
  request<unknown>(`/api/projects/${projectId}/persons/${uuid}/merge/`, { method: "POST", body: { ids: [other] } });

/** Give some distinct ids of a person a person of their own; every question follows. */
export const splitPerson = (projectId: number, uuid: string, distinctIds: string[]) =>
  request<unknown>(`/api/projects/${projectId}/persons/${uuid}/split/`, {
    method: "POST",
    body: { distinct_ids_to_split: distinctIds },
  });

export function useGroupTypes(enabled = true) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["groups_types", id],
    queryFn: async ({ signal }) => {
      const answer = await request<GroupType[] | Page<GroupType>>(`/api/projects/${id}/groups_types/`, { signal });
      return Array.isArray(answer) ? answer : answer.results;
    },
    staleTime: 60_000,
    enabled,
  });
}

/** Say how people call the groups of each type. */
export const renameGroupTypes = (projectId: number, names: GroupType[]) =>
  request<GroupType[]>(`/api/projects/${projectId}/groups_types/update_metadata/`, { method: "PATCH", body: names });

export function useGroups(groupTypeIndex: number, search: string, offset: number, limit: number) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["groups", id, groupTypeIndex, search, offset, limit],
    queryFn: ({ signal }) =>
      request<Page<Group>>(`/api/projects/${id}/groups/`, {
        signal,
        params: { group_type_index: groupTypeIndex, search, offset, limit },
      }),
    placeholderData: keepPreviousData,
  });
}

/** How distinct ids came together. */
export interface Merge {
  id: number;
  kind: string;
  outcome: string;
  source_distinct_id: string | null;
  target_distinct_id: string | null;
  merged_person_uuid: string | null;
  event_uuid: string | null;
  timestamp: string;
  undone_at: string | null;
  undone_by: string | null;
}

export function useMergeLog(uuid: string) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["person", id, uuid, "merges"],
    queryFn: ({ signal }) => request<Page<Merge>>(`/api/projects/${id}/persons/${uuid}/merge_log/`, { signal }),
  });
}

/** Take a merge back: what came with it leaves again, with its past events. */
export const undoMerge = (projectId: number, uuid: string, mergeId: number) =>
  request<unknown>(`/api/projects/${projectId}/persons/${uuid}/undo_merge/`, {
    method: "POST",
    body: { merge_id: mergeId },
  });

/** Change one property by hand. A `$set` event of the person or a `$groupidentify` of the group tells it. */
export const setPersonProperty = (projectId: number, uuid: string, key: string, value: unknown) =>
  request<Person>(`/api/projects/${projectId}/persons/${uuid}/update_property/`, {
    method: "POST",
    body: { key, value },
  });
export const removePersonProperty = (projectId: number, uuid: string, key: string) =>
  request<Person>(`/api/projects/${projectId}/persons/${uuid}/delete_property/`, {
    method: "POST",
    body: { $unset: key },
  });

/** Also of a group that only events name so far. */
export const setGroupProperties = (
  projectId: number,
  index: number,
  groupKey: string,
  properties: Record<string, unknown>,
) =>
  request<Group>(`/api/projects/${projectId}/groups/`, {
    method: "POST",
    body: { group_type_index: index, group_key: groupKey, group_properties: properties },
  });
export const removeGroupProperty = (projectId: number, index: number, groupKey: string, key: string) => {
  const group = new URLSearchParams({ group_type_index: String(index), group_key: groupKey });
  return request<Group>(`/api/projects/${projectId}/groups/delete_property/?${group}`, {
    method: "POST",
    body: { $unset: key },
  });
};
