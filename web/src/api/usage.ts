/** What a project uses, by day and kind. */
import { useQuery } from "@tanstack/react-query";
import { request } from "@/api/client";
import { useProject } from "@/api/session";

export interface Usage {
  date_from: string;
  date_to: string;
  results: ({ date: string } & Record<string, number | string>)[];
  totals: Record<string, number>;
}

export function useUsage() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["usage", id],
    queryFn: ({ signal }) => request<Usage>(`/api/projects/${id}/usage/`, { signal }),
  });
}
