/** Every page of a project: its address, its place in the menu, and the code that is loaded for it. */
import {
  IconActivity,
  IconAlertTriangle,
  IconBookmark,
  IconBuildingCommunity,
  IconChartLine,
  IconClick,
  IconDatabase,
  IconFlag,
  IconGauge,
  IconHeartbeat,
  IconHistory,
  IconLayoutDashboard,
  IconPlugConnected,
  IconSettings,
  IconTags,
  IconUsers,
  IconUsersGroup,
  IconWorld,
} from "@tabler/icons-react";
import type { QueryClient } from "@tanstack/react-query";
import { type ComponentType, lazy } from "react";
import { matchRoute, type Parser } from "wouter";
import { dashboardQuestion } from "@/api/dashboards";
import { insightQuestion } from "@/api/saved";

type Load = () => Promise<{ default: ComponentType }>;

export interface ProjectPage {
  /** Below `/project/:id`, in wouter's form. */
  path: string;
  component: ComponentType;
  load: Load;
  /** What the page asks for first, as far as its address tells. */
  ask?: (queries: QueryClient, projectId: number, place: Record<string, string | undefined>) => void;
}

export interface MenuEntry {
  title: string;
  to: string;
  icon: typeof IconActivity;
  group: "look" | "people" | "run";
  /** Pressed after "g". */
  key: string;
}

const page = (path: string, load: Load, ask?: ProjectPage["ask"]): ProjectPage => ({
  path,
  load,
  ask,
  component: lazy(load),
});

/** The code of charts comes beside that of the page, not when the first chart is there. */
const withCharts =
  (load: Load): Load =>
  () => {
    import("@/ui/charts/engine");
    return load();
  };

export const PAGES: ProjectPage[] = [
  page("/start", () => import("@/features/first-run/FirstRunPage")),
  page(
    "/web",
    withCharts(() => import("@/features/web-analytics/WebAnalyticsPage")),
  ),
  page("/dashboards", () => import("@/features/dashboards/DashboardsPage")),
  page(
    "/dashboards/:dashboardId",
    withCharts(() => import("@/features/dashboards/DashboardPage")),
    (queries, id, place) => queries.prefetchQuery(dashboardQuestion(id, Number(place.dashboardId))),
  ),
  page(
    "/insight/:shortId?",
    withCharts(() => import("@/features/insight/InsightPage")),
  ),
  page("/insights", () => import("@/features/insights/InsightsPage")),
  page(
    "/insights/:shortId",
    withCharts(() => import("@/features/insight/InsightPage")),
    (queries, id, place) => queries.prefetchQuery(insightQuestion(id, place.shortId)),
  ),
  page("/sql", () => import("@/features/sql/SqlPage")),
  page("/activity", () => import("@/features/activity/ActivityPage")),
  page("/persons", () => import("@/features/persons/PersonsPage")),
  page("/persons/:uuid", () => import("@/features/persons/PersonPage")),
  page("/cohorts", () => import("@/features/cohorts/CohortsPage")),
  page("/cohorts/:cohortId", () => import("@/features/cohorts/CohortPage")),
  page("/groups/:index?", () => import("@/features/groups/GroupsPage")),
  page("/groups/:index/:key", () => import("@/features/groups/GroupPage")),
  page("/actions", () => import("@/features/actions/ActionsPage")),
  page("/actions/:actionId", () => import("@/features/actions/ActionPage")),
  page("/annotations", () => import("@/features/annotations/AnnotationsPage")),
  page("/changes", () => import("@/features/changes/ChangesPage")),
  page("/definitions", () => import("@/features/definitions/DefinitionsPage")),
  page("/warnings", () => import("@/features/warnings/WarningsPage")),
  page("/health", () => import("@/features/health/HealthPage")),
  page("/usage", () => import("@/features/usage/UsagePage")),
  page("/settings/:section?", () => import("@/features/settings/SettingsPage")),
];

export const MENU: MenuEntry[] = [
  { title: "Web analytics", to: "web", icon: IconWorld, group: "look", key: "w" },
  { title: "Dashboards", to: "dashboards", icon: IconLayoutDashboard, group: "look", key: "d" },
  { title: "Insight", to: "insight", icon: IconChartLine, group: "look", key: "i" },
  { title: "Saved insights", to: "insights", icon: IconBookmark, group: "look", key: "v" },
  { title: "SQL", to: "sql", icon: IconDatabase, group: "look", key: "s" },
  { title: "Activity", to: "activity", icon: IconActivity, group: "people", key: "a" },
  { title: "Persons", to: "persons", icon: IconUsers, group: "people", key: "p" },
  { title: "Cohorts", to: "cohorts", icon: IconUsersGroup, group: "people", key: "c" },
  { title: "Groups", to: "groups", icon: IconBuildingCommunity, group: "people", key: "g" },
  { title: "Actions", to: "actions", icon: IconClick, group: "run", key: "x" },
  { title: "Annotations", to: "annotations", icon: IconFlag, group: "run", key: "o" },
  { title: "Definitions", to: "definitions", icon: IconTags, group: "run", key: "f" },
  { title: "Changes", to: "changes", icon: IconHistory, group: "run", key: "l" },
  { title: "Ingestion warnings", to: "warnings", icon: IconAlertTriangle, group: "run", key: "n" },
  { title: "Health", to: "health", icon: IconHeartbeat, group: "run", key: "h" },
  { title: "Usage", to: "usage", icon: IconGauge, group: "run", key: "u" },
  { title: "Install", to: "start", icon: IconPlugConnected, group: "run", key: "t" },
  { title: "Settings", to: "settings", icon: IconSettings, group: "run", key: "e" },
];

/** Begin to load the page of an address while it is not known yet who is asking. */
export function beginPage(queries: QueryClient, parser: Parser, address: string): void {
  for (const { path, load, ask } of PAGES) {
    const [matches, place] = matchRoute(parser, `/project/:projectId${path}`, address);
    if (!matches) continue;
    load();
    ask?.(queries, Number(place.projectId), place);
    return;
  }
}
