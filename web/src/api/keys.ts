/** Personal API keys of the signed-in user. */
import { useQuery } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";

export interface PersonalKey {
  id: string;
  label: string;
  value?: string | null;
  mask_value?: string | null;
  created_at?: string | null;
  last_used_at?: string | null;
  scopes?: string[];
}

export const usePersonalKeys = () =>
  useQuery({
    queryKey: ["personal_keys"],
    queryFn: async ({ signal }) => {
      const answer = await request<PersonalKey[] | Page<PersonalKey>>("/api/personal_api_keys/", { signal });
      return Array.isArray(answer) ? answer : answer.results;
    },
  });

export const createKey = (label: string) =>
  request<PersonalKey>("/api/personal_api_keys/", { method: "POST", body: { label, scopes: ["*"] } });
export const deleteKey = (id: string) => request<void>(`/api/personal_api_keys/${id}/`, { method: "DELETE" });
