/** Actions: events under a name, by what they are and where they happened. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";
import { ask } from "@/api/query";
import { useProject } from "@/api/session";

export type Matching = "exact" | "contains" | "regex";

/** One way to match; all that is given must hold. */
export interface ActionStep {
  event?: string | null;
  selector?: string | null;
  tag_name?: string | null;
  text?: string | null;
  text_matching?: Matching | null;
  href?: string | null;
  href_matching?: Matching | null;
  url?: string | null;
  url_matching?: Matching | null;
  properties?: object[] | null;
}

export interface StoredAction {
  id: number;
  name: string;
  description?: string;
  steps: ActionStep[];
  created_at: string;
}

export interface ActionChange {
  name: string;
  description: string;
  steps: ActionStep[];
}

export function useStoredActions(search: string) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["actions", id, "stored", search],
    queryFn: ({ signal }) =>
      request<Page<StoredAction>>(`/api/projects/${id}/actions/`, { signal, params: { search, limit: 500 } }),
  });
}

export function useStoredAction(actionId: number) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["action", id, actionId],
    queryFn: ({ signal }) => request<StoredAction>(`/api/projects/${id}/actions/${actionId}/`, { signal }),
  });
}

export const createAction = (projectId: number, body: ActionChange) =>
  request<StoredAction>(`/api/projects/${projectId}/actions/`, { method: "POST", body });
export const changeAction = (projectId: number, actionId: number, body: ActionChange) =>
  request<StoredAction>(`/api/projects/${projectId}/actions/${actionId}/`, { method: "PATCH", body });
export const deleteAction = (projectId: number, actionId: number) =>
  request<unknown>(`/api/projects/${projectId}/actions/${actionId}/`, { method: "DELETE" });

export interface MatchingEvent {
  uuid: string;
  event: string;
  timestamp: string;
  distinctId: string;
  url: string;
}

const SHOWN = 20;
const ASK_EVERY = 4000; // milliseconds
const OPERATORS: Record<Matching, string> = { exact: "exact", contains: "icontains", regex: "regex" };

/** The question for the newest events of a step that is not saved yet: its conditions as filters. */
export function questionOf(step: ActionStep): object {
  const filters: object[] = [...(step.properties ?? [])];
  const element = (key: string, value: string | null | undefined, matching: Matching = "exact") => {
    if (value) filters.push({ type: "element", key, value: [value], operator: OPERATORS[matching] });
  };
  // On events other than clicks an action ignores what is said of the element.
  if (step.event === "$autocapture") {
    element("selector", step.selector);
    element("tag_name", step.tag_name);
    element("text", step.text, step.text_matching ?? "exact");
    element("href", step.href, step.href_matching ?? "exact");
  }
  if (step.url) {
    const operator = OPERATORS[step.url_matching ?? "contains"];
    filters.push({ type: "event", key: "$current_url", value: step.url, operator });
  }
  return {
    kind: "EventsQuery",
    select: ["uuid", "event", "timestamp", "distinct_id", "properties.$current_url"],
    event: step.event || null,
    properties: filters,
    after: "-30d",
    limit: SHOWN,
  };
}

/** The newest events of the last 30 days that any of the steps matches, asked for again every few seconds. */
export function useMatchingEvents(steps: ActionStep[]) {
  const { id } = useProject();
  return useQueries({
    queries: steps.map((step) => ({
      queryKey: ["matching", id, step],
      queryFn: ({ signal }: { signal: AbortSignal }) => ask<string[][]>(id, questionOf(step), signal, "force_blocking"),
      refetchInterval: ASK_EVERY,
    })),
    combine: (answers) => {
      const found = new Map<string, MatchingEvent>();
      for (const answer of answers) {
        for (const [uuid = "", event = "", timestamp = "", distinctId = "", url] of answer.data?.results ?? []) {
          found.set(uuid, { uuid, event, timestamp, distinctId, url: url ?? "" });
        }
      }
      const newest = [...found.values()].sort((a, b) => (a.timestamp < b.timestamp ? 1 : -1));
      return {
        events: newest.slice(0, SHOWN),
        pending: answers.some((answer) => answer.isPending),
        problem: answers.find((answer) => answer.error)?.error ?? null,
      };
    },
  });
}
