/** Personal API keys of the signed-in user. */
import { useQuery } from "@tanstack/react-query";
import { call, type Shape } from "@/api/typed";

export type PersonalKey = Shape<"PersonalKey">;

export const usePersonalKeys = () =>
  useQuery({
    queryKey: ["personal_keys"],
    queryFn: ({ signal }) => call("get", "/api/personal_api_keys/", { signal }),
  });

/** What a key may be for: `object:read` or `object:write`; `*` is everything its user may. */
export const SCOPE_OBJECTS = [
  "action",
  "annotation",
  "cohort",
  "dashboard",
  "event_definition",
  "export",
  "group",
  "health",
  "ingestion_warning",
  "insight",
  "organization",
  "organization_member",
  "person",
  "project",
  "property_definition",
  "query",
  "sharing_configuration",
  "usage",
  "user",
];

export const createKey = (label: string, scopes: string[], projects: number[]) =>
  call("post", "/api/personal_api_keys/", {
    body: { label, scopes, scoped_teams: projects.length > 0 ? projects : null },
  });
export const rollKey = (id: string) => call("post", "/api/personal_api_keys/{key_id}/roll/", { path: { key_id: id } });
export const deleteKey = (id: string) => call("delete", "/api/personal_api_keys/{key_id}/", { path: { key_id: id } });
