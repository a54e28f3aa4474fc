/** The log of who changed what. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";
import { useProject } from "@/api/session";

/** What the log knows, in PostHog's words, and how people call it. */
export const SCOPES: Record<string, string> = {
  Insight: "insight",
  Dashboard: "dashboard",
  Annotation: "annotation",
  Action: "action",
  Cohort: "cohort",
  EventDefinition: "event",
  PropertyDefinition: "property",
  Subscription: "subscription",
};

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

export interface Change {
  id: string;
  user: { first_name?: string; email?: string } | null;
  activity: string;
  scope: string;
  item_id: string;
  detail: { name?: string | null; short_id?: string | null; changes?: FieldChange[] | null };
  created_at: string;
}

/** What is looked at: everything, one kind of thing, or one thing. */
export interface ChangesOf {
  scope?: string;
  itemId?: number;
}

export function useChanges({ scope, itemId }: ChangesOf, page: number, size: number) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["changes", id, scope, itemId, page, size],
    queryFn: ({ signal }) =>
      request<Page<Change>>(`/api/projects/${id}/activity_log/`, {
        signal,
        params: { scope, item_id: itemId, page, page_size: size },
      }),
    placeholderData: keepPreviousData,
  });
}
