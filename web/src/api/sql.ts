/** Saved SQL: insights whose question is an SQL text, and the variables that they share. */
import { useQuery } from "@tanstack/react-query";
import { useProject } from "@/api/session";
import { call, type Shape } from "@/api/typed";

export interface SavedSql {
  shortId: string;
  name: string;
  text: string;
}

const INSIGHTS = "/api/projects/{project_id}/insights/";

/** The text of an insight that is SQL, else null. */
function sqlOf(insight: Shape<"Insight">): SavedSql | null {
  const query = insight.query as { kind?: string; query?: string; source?: { kind?: string; query?: string } } | null;
  const source = query?.kind === "HogQLQuery" ? query : query?.source;
  if (source?.kind !== "HogQLQuery" || typeof source.query !== "string") return null;
  return { shortId: insight.short_id, name: insight.name || insight.derived_name || "Untitled", text: source.query };
}

/** Saved SQL, what was changed last first. */
export function useSavedSql() {
  const { id } = useProject();
  return useQuery({
    queryKey: ["insights", id, "sql"],
    queryFn: async ({ signal }) => {
      const query = { insight: "SQL", saved: true, limit: 200 };
      const found = await call("get", INSIGHTS, { path: { project_id: id }, query, signal });
      return found.results.map(sqlOf).filter((one) => one !== null);
    },
  });
}

const asQuery = (text: string) => ({ kind: "DataVisualizationNode", source: { kind: "HogQLQuery", query: text } });

export const createSql = (projectId: number, name: string, text: string) =>
  call("post", INSIGHTS, { path: { project_id: projectId }, body: { name, query: asQuery(text) } });
export const changeSql = (projectId: number, shortId: string, text: string) =>
  call("patch", `${INSIGHTS}{insight_id}/`, {
    path: { project_id: projectId, insight_id: shortId },
    body: { query: asQuery(text) },
  });
