/** Dashboards, their tiles, templates and secret links. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";
import type { DateRange, Filters, InsightQuery, PropertyFilter } from "@/api/insights";
import type { QueryAnswer } from "@/api/query";
import type { SavedInsight } from "@/api/saved";
import { useProject } from "@/api/session";

export interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** What a dashboard lays over its tiles: a range instead of theirs, filters besides theirs. */
export interface BoardFilters {
  date_from?: string | null;
  date_to?: string | null;
  properties?: PropertyFilter[] | null;
}

/** A saved insight with the answer that the server already had, if it had one. */
export interface TileInsight extends SavedInsight, Partial<Omit<QueryAnswer<unknown>, "results">> {
  result?: unknown;
  error?: string;
}

export interface Tile {
  id: number;
  layouts?: { sm?: Place; xs?: Place };
  insight?: TileInsight | null;
  text?: { body: string } | null;
  filters_overrides?: BoardFilters;
}

export interface Dashboard {
  id: number;
  name: string | null;
  description?: string;
  pinned?: boolean;
  is_shared?: boolean;
  tags?: string[];
  filters?: BoardFilters;
  created_at?: string;
  created_by?: { first_name?: string; email?: string } | null;
  last_viewed_at?: string | null;
  tiles?: Tile[] | null;
}

export interface DashboardChange {
  name?: string;
  description?: string;
  pinned?: boolean;
  tags?: string[];
  filters?: BoardFilters;
  deleted?: boolean;
  tiles?: { id: number; layouts?: Tile["layouts"]; deleted?: boolean }[];
}

export interface DashboardTemplate {
  id: string;
  template_name: string;
  dashboard_description: string;
  tiles: { name: string }[];
  variables: {
    id: string;
    name: string;
    description: string;
    default: { id: string | null };
    required: boolean;
  }[];
}

export interface NewDashboard {
  name?: string;
  use_dashboard?: number;
  use_template?: string;
  template_variables?: Record<string, string | null>;
}

const address = (projectId: number, rest = "") => `/api/projects/${projectId}/dashboards/${rest}`;

export function useDashboards(search = "") {
  const { id } = useProject();
  return useQuery({
    queryKey: ["dashboards", id, search],
    queryFn: ({ signal }) => request<Page<Dashboard>>(address(id), { signal, params: { search, limit: 500 } }),
  });
}

const JUST_NOW = 3_000; // milliseconds in which what was asked for ahead of the page is not asked for again

export const dashboardQuestion = (projectId: number, dashboardId: number) =>
  queryOptions({
    queryKey: ["dashboard", projectId, dashboardId],
    queryFn: ({ signal }) => request<Dashboard>(address(projectId, `${dashboardId}/`), { signal }),
    staleTime: JUST_NOW,
  });

export function useDashboard(dashboardId: number) {
  const { id } = useProject();
  return useQuery(dashboardQuestion(id, dashboardId));
}

export function useTemplates() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["dashboard_templates", id],
    queryFn: ({ signal }) => request<Page<DashboardTemplate>>(`/api/projects/${id}/dashboard_templates/`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const createDashboard = (projectId: number, body: NewDashboard) =>
  request<Dashboard>(address(projectId), { method: "POST", body });
export const changeDashboard = (projectId: number, dashboardId: number, body: DashboardChange) =>
  request<Dashboard>(address(projectId, `${dashboardId}/`), { method: "PATCH", body });
export const addTextTile = (projectId: number, dashboardId: number, body: string) =>
  request<Dashboard>(address(projectId, `${dashboardId}/create_text_tile/`), { method: "POST", body: { body } });
export const changeTextTile = (projectId: number, dashboardId: number, tileId: number, body: string) =>
  request<Dashboard>(address(projectId, `${dashboardId}/update_text_tile/`), {
    method: "POST",
    body: { tile_id: tileId, body },
  });
export const removeTile = (projectId: number, dashboardId: number, tileId: number) =>
  request<Dashboard>(address(projectId, `${dashboardId}/delete_tile/`), {
    method: "POST",
    body: { tile_id: tileId },
  });

export interface Sharing {
  enabled: boolean;
  access_token: string | null;
}

export function useSharing(dashboardId: number) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["sharing", id, dashboardId],
    queryFn: ({ signal }) => request<Sharing>(address(id, `${dashboardId}/sharing/`), { signal }),
  });
}

export const changeSharing = (projectId: number, dashboardId: number, enabled: boolean) =>
  request<Sharing>(address(projectId, `${dashboardId}/sharing/`), { method: "PATCH", body: { enabled } });

/** What a secret link shows: one dashboard or one insight, with answers. */
export interface Shared {
  timezone: string;
  dashboard?: { name: string | null; description: string; tiles: Tile[] };
  insight?: TileInsight;
}

export const useShared = (token: string) =>
  useQuery({
    queryKey: ["shared", token],
    queryFn: ({ signal }) => request<Shared>(`/api/shared/${encodeURIComponent(token)}/`, { signal }),
    refetchInterval: 300_000, // milliseconds; such pages hang on walls
  });

/** The question of a tile under the filters of its dashboard: its range replaced, its filters joined by theirs. */
export function underFilters(query: InsightQuery, filters: BoardFilters): InsightQuery {
  const { date_from, date_to, properties } = filters;
  const dateRange: DateRange | undefined = date_from || date_to ? { date_from, date_to } : query.dateRange;
  if (!properties?.length) return { ...query, dateRange };
  const own = query.properties ?? [];
  const joined: Filters = Array.isArray(own)
    ? [...own, ...properties]
    : { type: "AND", values: [own, { type: "AND", values: properties }] };
  return { ...query, dateRange, properties: joined };
}

/** Whether anything is laid over the tiles. */
export const filtersTiles = (filters: BoardFilters | undefined): boolean =>
  Boolean(filters?.date_from || filters?.date_to || filters?.properties?.length);
