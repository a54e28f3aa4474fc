"""Web vitals: how fast pages are, over time and by path, from the ``$web_vitals`` events of posthog-js."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.filter_operators import cleaned_path
from leanbase.query.scope import EventScope
from leanbase.query.series import read
from leanbase.query.trends.runner import run_trends
from leanbase.query.web_analytics.sessions import WebQuery, web_periods, web_range

_PATHS_A_BAND = 20  # PostHog's limit
_PERCENTILES = {"p75": 0.75, "p90": 0.9, "p99": 0.99}
# Google's bounds between good and in need of improvement, and between that and poor (milliseconds; CLS is a ratio).
_BOUNDS = {"LCP": (2500.0, 4000.0), "INP": (200.0, 500.0), "CLS": (0.1, 0.25), "FCP": (1800.0, 3000.0)}
_BANDS = ("good", "needs_improvements", "poor")


class VitalsByPath(WebQuery, rename="camel", kw_only=True):
    """A WebVitalsPathBreakdownQuery."""

    metric: Literal["INP", "LCP", "CLS", "FCP"]
    percentile: Literal["p75", "p90", "p99"] = "p75"
    thresholds: tuple[float, float] | None = None


class Vitals(msgspec.Struct):
    """A WebVitalsQuery: its ``source`` is the TrendsQuery that PostHog's app asks, a series for each metric."""

    source: dict[str, Any]


def run_web_vitals(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """``results``: the lines of the source. Raises :class:`QueryError`."""
    source = read(Vitals, query).source
    if source.get("kind") != "TrendsQuery":
        raise QueryError("The source of a WebVitalsQuery is a TrendsQuery.", "invalid_choice", "source.kind")
    return run_trends(ctx, source)


def run_vitals_by_path(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """``results``: one object, for each band the up to 20 paths with the lowest value: ``{path, value}``.

    Raises :class:`QueryError`.
    """
    asked = read(VitalsByPath, query)
    good, poor = asked.thresholds or _BOUNDS[asked.metric]
    periods = web_periods(ctx, asked)
    scope = EventScope(ctx, Binder())
    bind = scope.binder
    path = scope.property("event", "$pathname", typed=False)
    if asked.do_path_cleaning:
        path = cleaned_path(path, ctx, bind)
    number = f"toFloat64OrNull({scope.property('event', f'$web_vitals_{asked.metric}_value', typed=False)})"
    conditions = (
        scope.between(periods[0].start, periods[0].end),
        f"{scope.column('event')} = '$web_vitals'",
        f"isNotNull({number})",
        scope.query_filters({"properties": asked.properties, "filterTestAccounts": bool(asked.filter_test_accounts)}),
    )
    by_path = (
        f"SELECT {path} AS path, quantile({_PERCENTILES[asked.percentile]})(assumeNotNull({number})) AS value"
        f" FROM {scope.source()} WHERE {' AND '.join(f'({part})' for part in conditions)}"
        " GROUP BY path HAVING isNotNull(path) AND value >= 0"
    )
    band = f"multiIf(value <= {bind(good, 'Float64')}, 0, value <= {bind(poor, 'Float64')}, 1, 2)"
    rows = ctx.execute(
        bind.sql(
            f"SELECT {band} AS band, path, value FROM ({by_path}) ORDER BY value, path LIMIT {_PATHS_A_BAND} BY band"
        )
    ).rows
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in _BANDS}
    for place, name, value in rows:
        found[_BANDS[place]].append({"path": name, "value": value})
    return {"results": [found], **web_range(periods)}
