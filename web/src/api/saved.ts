/** Saved insights and dashboards. */
import { useQuery } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";
import type { InsightQuery } from "@/api/insights";
import { useProject } from "@/api/session";

export interface SavedInsight {
  id: number;
  short_id: string;
  name: string;
  derived_name?: string | null;
  query: { kind: string; source?: InsightQuery };
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
