"""A name for an insight that nobody has named, made of its query."""

from typing import Any, cast

MATHS = {
    "total": "count",
    "dau": "unique users",
    "weekly_active": "weekly active users",
    "monthly_active": "monthly active users",
    "unique_session": "unique sessions",
    "unique_group": "unique groups",
    "first_time_for_user": "first time for user",
    "hogql": "SQL",
}
KINDS = {
    "FunnelsQuery": "{series} conversion",
    "RetentionQuery": "Retention",
    "PathsQuery": "Paths",
    "StickinessQuery": "Stickiness of {series}",
    "LifecycleQuery": "Lifecycle of {series}",
    "CalendarHeatmapQuery": "{series} by weekday and hour",
    "ActivationMetricQuery": "Activation metric",
    "HogQLQuery": "SQL query",
    "EventsQuery": "Events",
    "ActorsQuery": "Persons",
}
MAX_LENGTH = 400  # characters


def source_of(query: Any) -> dict[str, Any]:
    """The insight query inside the wrappers of a view; empty when there is none."""
    while isinstance(query, dict):
        node = cast("dict[str, Any]", query)
        if "source" not in node or node.get("kind") == "ActorsQuery":
            return node
        query = node["source"]
    return {}


def derived_name(query: Any) -> str | None:
    """Such as "$pageview unique users by $browser"; None for no query."""
    source = source_of(query)
    kind = source.get("kind")
    if not isinstance(kind, str):
        return None
    found = source.get("series")
    series = [item for item in cast("list[Any]", found) if isinstance(item, dict)] if isinstance(found, list) else []
    if kind == "TrendsQuery":
        text = " & ".join(f"{_event(item)} {_math(item)}" for item in series)
    else:
        arrow = " → " if kind == "FunnelsQuery" else " & "
        text = KINDS.get(kind, kind).format(series=arrow.join(map(_event, series)))
    breakdown: Any = source.get("breakdownFilter")
    by = cast("dict[str, Any]", breakdown).get("breakdown") if isinstance(breakdown, dict) else None
    if isinstance(by, str):
        text = f"{text} by {by}"
    return text[:MAX_LENGTH] or None


def _event(item: dict[str, Any]) -> str:
    name = item.get("custom_name") or item.get("name") or item.get("event")
    return str(name) if name else "All events"


def _math(item: dict[str, Any]) -> str:
    math, key = item.get("math") or "total", item.get("math_property")
    return f"{math} of {key}" if key else MATHS.get(str(math), str(math))
