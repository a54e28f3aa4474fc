/** Subscriptions: who wants an insight or a dashboard sent, where and how often. */
import { useQuery } from "@tanstack/react-query";
import { type Page, request } from "@/api/client";
import { useProject } from "@/api/session";

export type Target = "email" | "slack" | "webhook";
export type Frequency = "daily" | "weekly" | "monthly" | "yearly";

/** What is subscribed to. */
export type Subscribed = { insight: number } | { dashboard: number };

export interface Subscription {
  id: number;
  title: string | null;
  target_type: Target;
  target_value: string;
  frequency: Frequency;
  interval: number;
  summary: string;
  enabled: boolean;
  /** Why nothing is sent. */
  delivery: string;
}

export interface SubscriptionBody {
  insight?: number;
  dashboard?: number;
  /** Of a dashboard: the insights that are sent, at most six. */
  dashboard_export_insights?: number[];
  title?: string;
  target_type?: Target;
  target_value?: string;
  frequency?: Frequency;
  interval?: number;
  start_date?: string;
  enabled?: boolean;
  deleted?: boolean;
}

const address = (projectId: number, rest = "") => `/api/projects/${projectId}/subscriptions/${rest}`;

export function useSubscriptions(to: Subscribed) {
  const { id } = useProject();
  return useQuery({
    queryKey: ["subscriptions", id, to],
    queryFn: ({ signal }) => request<Page<Subscription>>(address(id), { signal, params: { ...to } }),
  });
}

export const subscribe = (projectId: number, body: SubscriptionBody) =>
  request<Subscription>(address(projectId), { method: "POST", body });
export const changeSubscription = (projectId: number, subscriptionId: number, body: SubscriptionBody) =>
  request<Subscription>(address(projectId, `${subscriptionId}/`), { method: "PATCH", body });
export const sendNow = (projectId: number, subscriptionId: number) =>
  request<unknown>(address(projectId, `${subscriptionId}/test-delivery/`), { method: "POST", body: {} });
