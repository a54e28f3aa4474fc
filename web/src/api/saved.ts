/** Saved insights. */
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";
import type { InsightQuery } from "@/api/insights";
import { useProject } from "@/api/session";

export interface SavedInsight {
  id: number;
  short_id: string;
  name: string;
  derived_name?: string | null;
  description?: string;
  query: { kind: string; source?: InsightQuery };
  favorited?: boolean;
  tags?: string[];
  dashboards?: number[];
  last_modified_at?: string;
  last_modified_by?: { email?: string; first_name?: string } | null;
}

export const saveInsight = (projectId: number, name: string, query: InsightQuery, dashboards: number[]) =>
  request<SavedInsight>(`/api/projects/${projectId}/insights/`, {
    method: "POST",
    body: { name, query: { kind: "InsightVizNode", source: query }, dashboards },
  });

export interface InsightSearch {
  search?: string;
  favorited?: boolean;
  offset?: number;
  limit?: number;
}

/** Saved insights, those changed last first. */
export function useInsights({ search, favorited, offset = 0, limit = 50 }: InsightSearch, enabled = true) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["insights", id, search, favorited, offset, limit],
    queryFn: ({ signal }) =>
      request<Page<SavedInsight>>(`/api/projects/${id}/insights/`, {
        signal,
        params: { search, favorited: favorited || undefined, saved: true, offset, limit },
      }),
    placeholderData: keepPreviousData,
    enabled,
  });
}

const JUST_NOW = 3_000; // milliseconds in which what was asked for ahead of the page is not asked for again

export const insightQuestion = (projectId: number, shortId: string | undefined) =>
  queryOptions({
    queryKey: ["insight", projectId, shortId],
    queryFn: ({ signal }) =>
      request<SavedInsight>(`/api/projects/${projectId}/insights/${encodeURIComponent(shortId ?? "")}/`, { signal }),
    enabled: shortId !== undefined,
    staleTime: JUST_NOW,
  });

/** One saved insight by its short id; none is asked for without one. */
export function useInsight(shortId: string | undefined) {
  const { id } = useProject();
  return useQuery(insightQuestion(id, shortId));
}

export interface InsightChange {
  name?: string;
  favorited?: boolean;
  deleted?: boolean;
  query?: SavedInsight["query"];
  description?: string;
  tags?: string[];
  dashboards?: number[];
}

export const changeInsight = (projectId: number, shortId: string, changes: InsightChange) =>
  request<SavedInsight>(`/api/projects/${projectId}/insights/${encodeURIComponent(shortId)}/`, {
    method: "PATCH",
    body: changes,
  });
