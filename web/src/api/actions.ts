/** Actions: events under a name, by what they are and where they happened. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
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
  tags?: string[];
  created_at: string;
}

export interface ActionChange {
  name: string;
  description: string;
  steps: ActionStep[];
  tags: string[];
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
  personId: string;
  url: string;
  /** The chain of clicked elements; empty for an event that is no click. */
  elements: string;
}

const SHOWN = 20;
const ASK_EVERY = 4000; // milliseconds
const COLUMNS = [
  "uuid",
  "event",
  "timestamp",
  "distinct_id",
  "person_id",
  "properties.$current_url",
  "elements_chain",
] as const;

const PERIOD = "-30d";

/** The question for the newest events of steps that are not saved yet. The server matches them as it will an action. */
export function questionOf(steps: ActionStep[]): object {
  return { kind: "EventsQuery", select: COLUMNS, actionSteps: steps, after: PERIOD, limit: SHOWN };
}

/** The newest events of the last 30 days that any of the steps matches, asked for again every few seconds. */
export function useMatchingEvents(steps: ActionStep[]) {
  const { id } = useProject();
  const answer = useQuery({
    queryKey: ["matching", id, steps],
    queryFn: ({ signal }) => ask<(string | null)[][]>(id, questionOf(steps), signal, "force_blocking"),
    refetchInterval: ASK_EVERY,
    placeholderData: keepPreviousData,
  });
  const events = (answer.data?.results ?? []).map(
    ([uuid, event, timestamp, distinctId, personId, url, elements]): MatchingEvent => ({
      uuid: uuid ?? "",
      event: event ?? "",
      timestamp: timestamp ?? "",
      distinctId: distinctId ?? "",
      personId: personId ?? "",
      url: url ?? "",
      elements: elements ?? "",
    }),
  );
  return {
    events,
    pending: answer.isPending || answer.isPlaceholderData,
    problem: answer.error,
    retry: () => answer.refetch(),
  };
}

/** How many events of how many persons the steps matched in the last 30 days; null until that is known. */
export function useMatchingCount(steps: ActionStep[]): { events: number; persons: number } | null {
  const { id } = useProject();
  const select = ["count()", "count(distinct person_id)"];
  const answer = useQuery({
    queryKey: ["matching_count", id, steps],
    queryFn: ({ signal }) =>
      ask<number[][]>(id, { kind: "EventsQuery", select, actionSteps: steps, after: PERIOD }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const [events, persons] = answer.data?.results[0] ?? [];
  return events === undefined ? null : { events: Number(events), persons: Number(persons) };
}
