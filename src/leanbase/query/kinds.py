"""Every kind of query and who answers it."""

from collections.abc import Callable, Mapping
from typing import Any

from leanbase.query.activation.runner import run_activation
from leanbase.query.actors.options import run_actors_options
from leanbase.query.actors.runner import run_actors
from leanbase.query.calendar_heatmap import run_calendar_heatmap
from leanbase.query.cohorts.size import run_cohort_size
from leanbase.query.context import QueryContext
from leanbase.query.correlation.runner import run_correlation
from leanbase.query.events_query import run_events
from leanbase.query.funnels.runner import run_funnel
from leanbase.query.hogql.completion import run_autocomplete
from leanbase.query.hogql.metadata import run_metadata
from leanbase.query.hogql.runner import run_hogql
from leanbase.query.hogql.schema import run_schema
from leanbase.query.lifecycle import run_lifecycle
from leanbase.query.paths.runner import run_paths
from leanbase.query.retention.runner import run_retention
from leanbase.query.stickiness import run_stickiness
from leanbase.query.trends.runner import run_trends
from leanbase.query.usage_metrics import run_usage_metrics
from leanbase.query.web_analytics.external_clicks import run_web_external_clicks
from leanbase.query.web_analytics.goals import run_web_goals
from leanbase.query.web_analytics.live import run_web_live
from leanbase.query.web_analytics.overview import run_web_overview
from leanbase.query.web_analytics.stats_table import run_web_stats_table
from leanbase.query.web_analytics.vitals import run_vitals_by_path, run_web_vitals

Runner = Callable[[QueryContext, Mapping[str, Any]], dict[str, Any]]
"""Takes the query's JSON, answers its result; raises ``QueryError``."""

RUNNERS: Mapping[str, Runner] = {
    "TrendsQuery": run_trends,
    "FunnelsQuery": run_funnel,
    "RetentionQuery": run_retention,
    "PathsQuery": run_paths,
    "StickinessQuery": run_stickiness,
    "LifecycleQuery": run_lifecycle,
    "CalendarHeatmapQuery": run_calendar_heatmap,
    "FunnelCorrelationQuery": run_correlation,
    "ActivationMetricQuery": run_activation,
    "WebOverviewQuery": run_web_overview,
    "WebStatsTableQuery": run_web_stats_table,
    "WebGoalsQuery": run_web_goals,
    "WebExternalClicksTableQuery": run_web_external_clicks,
    "WebVitalsQuery": run_web_vitals,
    "WebVitalsPathBreakdownQuery": run_vitals_by_path,
    "WebLiveQuery": run_web_live,
    "UsageMetricsQuery": run_usage_metrics,
    "CohortSizeQuery": run_cohort_size,
    "ActorsQuery": run_actors,
    "InsightActorsQueryOptions": run_actors_options,
    "EventsQuery": run_events,
    "HogQLQuery": run_hogql,
    "HogQLMetadata": run_metadata,
    "HogQLAutocomplete": run_autocomplete,
    "DatabaseSchemaQuery": run_schema,
}

UNCACHED = frozenset(
    {
        "HogQLMetadata",
        "HogQLAutocomplete",
        "DatabaseSchemaQuery",
        "WebLiveQuery",
        "UsageMetricsQuery",
        "CohortSizeQuery",
    }
)
