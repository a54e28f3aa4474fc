/** How a project's data is doing. */
import { useQuery } from "@tanstack/react-query";
import { request } from "@/api/client";
import { useProject } from "@/api/session";

export interface Drop {
  reason: string;
  count: number;
  samples: { received_at: string; event: string | null; distinct_id: string | null; detail: string | null }[];
}

export interface Health {
  status: "ok" | "degraded";
  problems: string[];
  accepted: { total: number | null; last_day: number | null; last_hour: number | null; newest: string | null };
  dropped: Drop[];
  dead_letters: number;
  backlog: { bytes: number; seconds: number };
  insert_rate: number;
  disk: { kinds: Record<string, number>; free: number; total: number };
  definitions: { events: number; properties: number };
  versions: Record<string, string>;
}

const ASK_EVERY = 3000; // milliseconds

export function useHealth() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["health", id],
    queryFn: ({ signal }) => request<Health>(`/api/projects/${id}/health/`, { signal }),
    refetchInterval: ASK_EVERY,
  });
}
