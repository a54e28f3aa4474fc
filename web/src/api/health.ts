/** How the server is doing. */
import { useQuery } from "@tanstack/react-query";
import { request } from "@/api/client";

export interface Health {
  accepted_events?: number;
  accepted_requests?: number;
  inserted_events?: number;
  insert_rate?: number;
  backlog_seconds?: number;
  backlog_bytes?: number;
  dropped?: Record<string, number>;
  dead_letters?: number;
  disk?: Record<string, number>;
  disk_free_bytes?: number;
  versions?: Record<string, string>;
  started_at?: string;
}

const ASK_EVERY = 3000; // milliseconds

export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => request<Health>("/api/health/", { signal }),
    refetchInterval: ASK_EVERY,
  });
}
