/** Asking questions: one request each, cancelled on the server when the page no longer wants the answer. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { request } from "@/api/client";
import type { PathDropoff } from "@/api/insights";
import { useProject } from "@/api/session";

export interface QueryAnswer<R> {
  results: R;
  columns?: string[];
  types?: [string, string][] | string[];
  hasMore?: boolean;
  limit?: number;
  hogql?: string;
  clickhouse?: string;
  timezone?: string;
  is_cached?: boolean;
  last_refresh?: string;
  timings?: { k: string; t: number }[];
  statistics?: { seconds?: number; rows_read?: number; bytes_read?: number };
  cache_target_age?: string | null;
  resolved_date_range?: { date_from: string; date_to: string };
  warnings?: string[];
  summary?: Record<string, number | null>;
  /** Of paths. */
  dropoffs?: PathDropoff[];
}

export interface SqlQuery {
  kind: "HogQLQuery";
  query: string;
  values?: Record<string, unknown>;
}

export interface EventsQuery {
  kind: "EventsQuery";
  select: string[];
  where?: string[];
  event?: string | null;
  personId?: string;
  after?: string;
  before?: string;
  properties?: unknown[];
  orderBy?: string[];
  limit?: number;
  offset?: number;
}

/** Ask one question. When `signal` aborts, the server is told to stop. */
export async function ask<R>(
  projectId: number,
  query: object,
  signal?: AbortSignal,
  refresh?: "force_blocking",
  filters?: object,
): Promise<QueryAnswer<R>> {
  const id = crypto.randomUUID();
  const path = `/api/projects/${projectId}/query/`;
  const stop = () => {
    request(`${path}${id}/`, { method: "DELETE" }).catch(() => undefined);
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const body = {
      query,
      client_query_id: id,
      ...(refresh ? { refresh } : {}),
      ...(filters ? { filters_override: filters } : {}),
    };
    return await request<QueryAnswer<R>>(path, { method: "POST", body, signal });
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

// An answer from the server's cache is shown at once, and asked for anew when it is older than this.
const FRESH_SECONDS = 60;

interface AnswerOptions<R> {
  refetchInterval?: number | false;
  staleTime?: number;
  /** An answer that came with something else; it is shown at once, and asked for anew only when it is too old. */
  first?: QueryAnswer<R>;
  /** The server's word on how long an answer is good is enough, as on dashboards of many tiles. */
  lasting?: boolean;
  /** A dashboard's filters, which the server lays over the question. */
  filters?: object;
}

const isFresh = (answer: QueryAnswer<unknown>) =>
  !answer.cache_target_age || new Date(answer.cache_target_age).getTime() > Date.now();

/**
 * The answer to a question, kept on screen while the next one computes. Invalidate its key to have it computed anew.
 * SQL is never answered from the cache.
 */
export function useAnswer<R>(query: object | null, options: AnswerOptions<R> = {}) {
  const { id } = useProject();
  const queries = useQueryClient();
  const { filters } = options;
  const queryKey = filters ? ["query", id, query, filters] : ["query", id, query];
  const asked = useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      const anew =
        (!options.lasting && (query as { kind?: string } | null)?.kind === "HogQLQuery") ||
        queries.getQueryState(queryKey)?.isInvalidated;
      return ask<R>(id, query as object, signal, anew ? "force_blocking" : undefined, filters);
    },
    enabled: query !== null,
    placeholderData: keepPreviousData,
    initialData: options.first,
    initialDataUpdatedAt: options.first ? (isFresh(options.first) ? Date.now() : 0) : undefined,
    staleTime: options.staleTime ?? 30_000,
    refetchInterval: options.refetchInterval ?? false,
  });
  const { data, isPlaceholderData } = asked;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is made anew by every render
  useEffect(() => {
    if (options.lasting || !data?.is_cached || !data.last_refresh || isPlaceholderData) return;
    const age = (Date.now() - new Date(data.last_refresh).getTime()) / 1000;
    if (age > FRESH_SECONDS) queries.invalidateQueries({ queryKey });
  }, [data, isPlaceholderData]);
  return asked;
}

/** Rows of an SQL question as objects by column name. */
export function rowsAsObjects(answer: QueryAnswer<unknown[][]> | undefined): Record<string, unknown>[] {
  if (!answer) return [];
  const columns = answer.columns ?? [];
  return answer.results.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
}
