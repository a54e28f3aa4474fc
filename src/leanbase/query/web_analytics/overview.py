"""WebOverviewQuery: visitors, views, sessions, their length and how many bounce; or how many convert."""

from collections.abc import Mapping
from typing import Any

from leanbase.query.context import QueryContext
from leanbase.query.web_analytics.sessions import (
    SessionRows,
    bounced,
    paired,
    per_period,
    read_web_query,
    session_field,
    web_periods,
    web_range,
)

# key, kind, aggregate of sessions with a place for the condition, whether more is worse
_TRAFFIC = (
    ("visitors", "unit", "uniqExactIf(person, {})", False),
    ("views", "unit", "sumIf(views, {})", False),
    ("sessions", "unit", "uniqExactIf(session, {})", False),
    ("session duration", "duration_s", "avgIf(duration, {})", False),
    ("bounce rate", "percentage", "avgIf(bounce, {}) * 100", True),
)
_CONVERSION = (
    ("visitors", "unit", "uniqExactIf(person, {})", False),
    ("total conversions", "unit", "sumIf(conversions, {})", False),
    ("unique conversions", "unit", "uniqExactIf(person, conversions > 0 AND {})", False),
    (
        "conversion rate",
        "percentage",
        "uniqExactIf(person, conversions > 0 AND {0}) / nullIf(uniqExactIf(person, {0}), 0) * 100",
        False,
    ),
)


def run_web_overview(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """One item per figure: ``{key, kind, value, previous, changeFromPreviousPct, isIncreaseBad}``.

    Rates are percentages, durations mean seconds; null where there is nothing to average. Raises :class:`QueryError`.
    """
    asked = read_web_query(query)
    periods = web_periods(ctx, asked)
    rows = SessionRows(ctx, asked, periods)
    if asked.conversion_goal:
        figures, fields = _CONVERSION, {}
    else:
        figures = _TRAFFIC
        fields = {
            "duration": session_field("$session_duration"),
            "bounce": bounced,
        }
    sessions = rows.select(fields)
    columns = [sql for _, _, aggregate, _ in figures for sql in per_period(aggregate, "1", len(periods))]
    found = ctx.execute(rows.binder.sql(f"SELECT {', '.join(columns)} FROM ({sessions})")).rows[0]
    items: list[dict[str, Any]] = []
    for place, (key, kind, _, increase_is_bad) in enumerate(figures):
        value, previous = paired([_known(number) for number in found[place * len(periods) :][: len(periods)]])
        item: dict[str, Any] = {"key": key, "kind": kind, "value": value, "previous": previous}
        item["changeFromPreviousPct"] = _change(value, previous)
        if increase_is_bad:
            item["isIncreaseBad"] = True
        items.append(item)
    return {"results": items, **web_range(periods)}


def _known(number: float | None) -> float | None:
    return None if number is None or number != number else number  # an average of nothing is NaN


def _change(value: float | None, previous: float | None) -> int | None:
    """The change in whole percent; None when there is nothing to compare with."""
    if value is None or not previous:
        return None
    return round((value - previous) / previous * 100)
