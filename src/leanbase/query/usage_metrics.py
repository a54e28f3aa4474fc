"""UsageMetricsQuery: what the usage metrics of a project say of one group or one person.

As in PostHog every metric is asked, whatever type of group it was made for; a metric that names no events is left out.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from leanbase.persons.group_metrics import GroupMetric
from leanbase.query import fields
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.trends.runner import run_trends

_TICK = timedelta(microseconds=1)


def run_usage_metrics(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """``results``: one object a metric, by name from the end: ``value`` of the last ``interval`` days, ``previous`` of
    as many before, and of sparklines the days (UTC) as ``timeseries``. Raises :class:`QueryError`.
    """
    whose = _whose(query)
    asked = [
        metric for metric in ctx.usage_metrics() if _nodes(metric) and (metric.math != "sum" or metric.math_property)
    ]
    found = [_measured(ctx, metric, whose) for metric in asked]
    return {"results": sorted(found, key=lambda each: each["name"], reverse=True)}


def _whose(query: Mapping[str, Any]) -> dict[str, Any]:
    """The filter of the one whose usage it is."""
    index, key = fields.whole(query, "group_type_index", None, 0, 4), query.get("group_key")
    person = query.get("person_id")
    is_group = bool(key) and index is not None
    if is_group == bool(person):
        raise QueryError("UsageMetricsQuery has either group_type_index and group_key, or person_id.", attr="query")
    name, value = (f"$group_{index}", key) if is_group else ("person_id", person)
    return {"type": "event_metadata", "key": name, "operator": "exact", "value": str(value)}


def _measured(ctx: QueryContext, metric: GroupMetric, whose: Mapping[str, Any]) -> dict[str, Any]:
    span = timedelta(days=metric.interval)
    days, current = _daily(ctx, metric, whose, ctx.now - span, ctx.now)
    _, before = _daily(ctx, metric, whose, ctx.now - 2 * span, ctx.now - span - _TICK)
    value, previous = sum(current), sum(before)
    drawn = metric.display == "sparkline"
    return {
        "id": metric.id,
        "name": metric.name,
        "format": metric.format,
        "display": metric.display,
        "interval": metric.interval,
        "value": value,
        "previous": previous,
        "change_from_previous_pct": (value - previous) / previous * 100 if previous > 0 else None,
        "timeseries": current if drawn else None,
        "timeseries_labels": days if drawn else None,
    }


def _daily(
    ctx: QueryContext, metric: GroupMetric, whose: Mapping[str, Any], start: datetime, end: datetime
) -> tuple[list[str], list[float]]:
    math = {"math": "sum", "math_property": metric.math_property} if metric.math == "sum" else {"math": "total"}
    filters = metric.filters
    answer = run_trends(
        ctx,
        {
            "kind": "TrendsQuery",
            "series": [{"kind": "GroupNode", "operator": "OR", "nodes": _nodes(metric), **math}],
            "properties": [*_objects(filters.get("properties")), whose],
            "filterTestAccounts": bool(filters.get("filter_test_accounts")),
            "dateRange": {"date_from": start.isoformat(), "date_to": end.isoformat(), "explicitDate": True},
            "timezone": "UTC",
        },
    )
    row = answer["results"][0]
    return row["days"], row["data"]


def _nodes(metric: GroupMetric) -> list[dict[str, Any]]:
    """The events and actions of a metric, of which each event counts once."""
    events, actions = (_objects(metric.filters.get(name)) for name in ("events", "actions"))
    return [
        {"kind": "EventsNode", "event": item.get("id"), "properties": item.get("properties") or []} for item in events
    ] + [{"kind": "ActionsNode", "id": item.get("id"), "properties": item.get("properties") or []} for item in actions]


def _objects(value: Any) -> Sequence[dict[str, Any]]:
    items = cast(list[Any], value) if isinstance(value, list) else []
    return [cast(dict[str, Any], item) for item in items if isinstance(item, dict)]
