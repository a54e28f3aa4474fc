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
  IconLayoutDashboard,
  IconPlugConnected,
  IconSettings,
  IconTags,
  IconUsers,
  IconUsersGroup,
  IconWorld,
} from "@tabler/icons-react";
import { type ComponentType, lazy } from "react";

export interface ProjectPage {
  /** Below `/project/:id`, in wouter's form. */
  path: string;
  component: ComponentType;
}

export interface MenuEntry {
  title: string;
  to: string;
  icon: typeof IconActivity;
  group: "look" | "people" | "run";
  /** Pressed after "g". */
  key: string;
}

export const PAGES: ProjectPage[] = [
  { path: "/start", component: lazy(() => import("@/features/first-run/FirstRunPage")) },
  { path: "/web", component: lazy(() => import("@/features/web-analytics/WebAnalyticsPage")) },
  { path: "/dashboards", component: lazy(() => import("@/features/dashboards/DashboardsPage")) },
  { path: "/dashboards/:dashboardId", component: lazy(() => import("@/features/dashboards/DashboardPage")) },
  { path: "/insight/:shortId?", component: lazy(() => import("@/features/insight/InsightPage")) },
  { path: "/insights", component: lazy(() => import("@/features/insights/InsightsPage")) },
  { path: "/insights/:shortId", component: lazy(() => import("@/features/insight/InsightPage")) },
  { path: "/sql", component: lazy(() => import("@/features/sql/SqlPage")) },
  { path: "/activity", component: lazy(() => import("@/features/activity/ActivityPage")) },
  { path: "/persons", component: lazy(() => import("@/features/persons/PersonsPage")) },
  { path: "/persons/:uuid", component: lazy(() => import("@/features/persons/PersonPage")) },
  { path: "/cohorts", component: lazy(() => import("@/features/cohorts/CohortsPage")) },
  { path: "/cohorts/:cohortId", component: lazy(() => import("@/features/cohorts/CohortPage")) },
  { path: "/groups/:index?", component: lazy(() => import("@/features/groups/GroupsPage")) },
  { path: "/groups/:index/:key", component: lazy(() => import("@/features/groups/GroupPage")) },
  { path: "/actions", component: lazy(() => import("@/features/actions/ActionsPage")) },
  { path: "/actions/:actionId", component: lazy(() => import("@/features/actions/ActionPage")) },
  { path: "/annotations", component: lazy(() => import("@/features/annotations/AnnotationsPage")) },
  { path: "/definitions", component: lazy(() => import("@/features/definitions/DefinitionsPage")) },
  { path: "/warnings", component: lazy(() => import("@/features/warnings/WarningsPage")) },
  { path: "/health", component: lazy(() => import("@/features/health/HealthPage")) },
  { path: "/usage", component: lazy(() => import("@/features/usage/UsagePage")) },
  { path: "/settings/:section?", component: lazy(() => import("@/features/settings/SettingsPage")) },
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
  { title: "Ingestion warnings", to: "warnings", icon: IconAlertTriangle, group: "run", key: "n" },
  { title: "Health", to: "health", icon: IconHeartbeat, group: "run", key: "h" },
  { title: "Usage", to: "usage", icon: IconGauge, group: "run", key: "u" },
  { title: "Install", to: "start", icon: IconPlugConnected, group: "run", key: "t" },
  { title: "Settings", to: "settings", icon: IconSettings, group: "run", key: "e" },
];
