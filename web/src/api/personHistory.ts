/** What became of a person: changed properties, what users did by hand, the groups it belongs to. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useProject } from "@/api/session";
import { call, type Shape } from "@/api/typed";

export type PropertyChange = Shape<"PropertyChange">;
export type PersonActivity = Shape<"Activity">;

/** Changes of one property or of all, the newest first. */
export function usePropertyHistory(uuid: string, key: string, offset: number, limit: number) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["person", id, uuid, "property history", key, offset, limit],
    queryFn: ({ signal }) =>
      call("get", "/api/projects/{project_id}/persons/{name}/property_history/", {
        signal,
        path: { project_id: id, name: uuid },
        query: { key, offset, limit },
      }),
    placeholderData: keepPreviousData,
  });
}

export function usePersonActivity(uuid: string) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["person", id, uuid, "activity"],
    queryFn: ({ signal }) =>
      call("get", "/api/projects/{project_id}/persons/{name}/activity/", {
        signal,
        path: { project_id: id, name: uuid },
        query: { limit: 100 },
      }),
  });
}

/** A group as events name it. */
export interface RelatedGroup {
  type: "group";
  group_type_index: number;
  group_key: string;
  group_properties: Record<string, unknown>;
  events: number;
  last_seen: string;
}

/** A person whose events name a group. */
export interface RelatedPerson {
  type: "person";
  uuid: string;
  name: string;
  distinct_ids: string[];
  properties: Record<string, unknown>;
  created_at: string;
}

/** The groups of a person (no index), or the persons and other groups of a group, by events of the last 90 days. */
export function useRelated(name: string, groupTypeIndex?: number) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["person", id, name, "related", groupTypeIndex],
    queryFn: async ({ signal }) =>
      (await call("get", "/api/projects/{project_id}/groups/related/", {
        signal,
        path: { project_id: id },
        query: { id: name, group_type_index: groupTypeIndex },
      })) as unknown as (RelatedGroup | RelatedPerson)[],
  });
}
