/** Saved insights and dashboards. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";
import type { InsightQuery } from "@/api/insights";
import { useProject } from "@/api/session";

export interface SavedInsight {
  id: number;
  short_id: string;
  name: string;
  derived_name?: string | null;
  query: { kind: string; source?: InsightQuery };
  favorited?: boolean;
  dashboards?: number[];
  last_modified_at?: string;
  last_modified_by?: { email?: string; first_name?: string } | null;
}

export interface Tile {
  id: number;
  layouts?: { sm?: { x: number; y: number; w: number; h: number } };
  insight?: SavedInsight | null;
  text?: { body: string } | null;
}

export interface Dashboard {
  id: number;
  name: string;
  description?: string;
  pinned?: boolean;
  created_at?: string;
  tiles?: Tile[] | null;
}

export const saveInsight = (projectId: number, name: string, query: InsightQuery, dashboards: number[]) =>
  request<SavedInsight>(`/api/projects/${projectId}/insights/`, {
    method: "POST",
    body: { name, query: { kind: "InsightVizNode", source: query }, dashboards },
  });

export function useDashboards() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["dashboards", id],
    queryFn: ({ signal }) => request<Page<Dashboard>>(`/api/projects/${id}/dashboards/`, { signal }),
  });
}

export function useDashboard(dashboardId: number) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["dashboard", id, dashboardId],
    queryFn: ({ signal }) => request<Dashboard>(`/api/projects/${id}/dashboards/${dashboardId}/`, { signal }),
  });
}

export const createDashboard = (projectId: number, name: string) =>
  request<Dashboard>(`/api/projects/${projectId}/dashboards/`, { method: "POST", body: { name } });
export const changeDashboard = (projectId: number, dashboardId: number, changes: object) =>
  request<Dashboard>(`/api/projects/${projectId}/dashboards/${dashboardId}/`, { method: "PATCH", body: changes });

export const addTextTile = (projectId: number, dashboardId: number, body: string) =>
  request<unknown>(`/api/projects/${projectId}/dashboards/${dashboardId}/create_text_tile/`, {
    method: "POST",
    body: { body },
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

/** One saved insight by its short id; none is asked for without one. */
export function useInsight(shortId: string | undefined) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["insight", id, shortId],
    queryFn: ({ signal }) =>
      request<SavedInsight>(`/api/projects/${id}/insights/${encodeURIComponent(shortId ?? "")}/`, { signal }),
    enabled: shortId !== undefined,
  });
}

export interface InsightChange {
  name?: string;
  favorited?: boolean;
  deleted?: boolean;
  query?: SavedInsight["query"];
  dashboards?: number[];
}

export const changeInsight = (projectId: number, shortId: string, changes: InsightChange) =>
  request<SavedInsight>(`/api/projects/${projectId}/insights/${encodeURIComponent(shortId)}/`, {
    method: "PATCH",
    body: changes,
  });
