/** What was wrong with events that came in. */
import { useQuery } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";
import { useProject } from "@/api/session";

export interface Warning {
  type: string;
  timestamp: string;
  details: Record<string, unknown>;
}

export interface WarningKind {
  type: string;
  lastSeen: string;
  count: number;
  warnings: Warning[];
}

/** Warnings of the last days, by kind; looked for anew while the page is open. */
export function useWarnings(days = 30, everyMilliseconds = 15_000) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["ingestion_warnings", id, days],
    queryFn: ({ signal }) =>
      request<Page<WarningKind>>(`/api/projects/${id}/ingestion_warnings/`, { signal, params: { days } }),
    refetchInterval: everyMilliseconds,
  });
}
