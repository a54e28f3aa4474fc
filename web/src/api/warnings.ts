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

export function useWarnings() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["ingestion_warnings", id],
    queryFn: ({ signal }) => request<Page<WarningKind>>(`/api/projects/${id}/ingestion_warnings/`, { signal }),
    refetchInterval: 15_000,
  });
}
