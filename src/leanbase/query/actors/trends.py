"""Who is behind a point of a trend: of a series, on a day, with a breakdown value, in either period."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from leanbase.query import fields
from leanbase.query.actors.behind import Behind
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period, parse_date
from leanbase.query.errors import QueryError
from leanbase.query.intervals import ELAPSED, Interval, index_of, shift, start_of
from leanbase.query.periods import calendar
from leanbase.query.trends.lines import is_other
from leanbase.query.trends.math import effective_math
from leanbase.query.trends.runner import TrendsRun
from leanbase.query.trends.selection import Selection

_ACTIVE_DAYS = {"weekly_active": 7, "monthly_active": 30}
_FIRST = ("first_time_for_user", "first_matching_event_for_user")
_TICK = timedelta(microseconds=1)


def trends_actors(ctx: QueryContext, asked: Mapping[str, Any], source: Mapping[str, Any]) -> Behind:
    """The actors of an InsightActorsQuery over a TrendsQuery. Raises :class:`QueryError`."""
    run = TrendsRun.of(ctx, source)
    index = fields.whole(asked, "series", 0, 0, len(run.query.series) - 1) or 0
    compared = asked.get("compare") == "previous"
    if compared and len(run.periods) < 2:
        raise QueryError("this query is not compared with another period", attr="source.compare")
    period = run.periods[1] if compared else run.periods[0]
    cohort, value = _breakdown(run, asked.get("breakdown"))
    selection = run.selection(period, cohort, index)
    begin, end = _span(ctx, run, selection, period, asked.get("day"), source)
    matched = _matched(selection, begin, end)
    if value is not None and selection.breakdown:
        named = _named_values(run, period, cohort, index) if is_other(value) else None
        matched += f" AND {_has_value(run, selection, selection.breakdown, value, named)}"
    present = selection.has_actor()
    statement = (
        f"SELECT {selection.actor()} AS actor, count() AS events FROM {selection.source()}"
        f" WHERE {matched}{f' AND {present}' if present else ''} GROUP BY actor ORDER BY events DESC, actor"
    )
    rows = ctx.execute(selection.bind.sql(statement)).rows
    return Behind.of(selection.group_type_index, [row[0] for row in rows], event_count=[int(row[1]) for row in rows])


def _breakdown(run: TrendsRun, value: Any) -> tuple[Any, Any]:
    """The cohort or the value that is asked for."""
    if run.cohorts:
        if value in (None, "all", 0):
            return (None, None)
        return (fields.whole({"breakdown": value}, "breakdown", None, 0, 1 << 60, "source."), None)
    return (None, value)


def _named_values(run: TrendsRun, period: Period, cohort: Any, index: int) -> list[Any]:
    """The values that the chart shows by name; all others are its "Other"."""
    return [line.value for line in run.lines(run.selection(period, cohort, index)) if not is_other(line.value)]


def _has_value(run: TrendsRun, selection: Selection, breakdown: str, value: Any, named: list[Any] | None) -> str:
    """The condition that an event has the value, or with ``named`` none of those."""
    several = bool(run.breakdown and run.breakdown.several)
    if named is not None:
        return f"({breakdown}) NOT IN {selection.bind(named, 'Array(Array(String))' if several else 'Array(String)')}"
    wanted = [str(item) for item in value] if isinstance(value, list) else [str(value)]
    return (
        f"({breakdown}) = {selection.bind(wanted, 'Array(String)') if several else selection.bind(wanted[0], 'String')}"
    )


def _span(
    ctx: QueryContext, run: TrendsRun, selection: Selection, period: Period, day: Any, source: Mapping[str, Any]
) -> tuple[datetime, datetime]:
    """The first and last moment of the point: an interval, or everything when the chart is one number."""
    position = 0
    if day is None or run.query.total_value:
        begin, end = period.read_from, period.end
    else:
        zone = calendar(ctx, source).zone
        moment = parse_date(str(day), zone, ctx.now).moment
        position = index_of(moment.astimezone(UTC), period.starts)
        if position < 0 or not period.starts or moment >= period.read_until:
            raise QueryError(f"the day {day!r} is not in the range of this query", attr="source.day")
        begin = max(period.starts[position], period.read_from)
        end = min(shift(period.starts[position], period.interval).astimezone(UTC) - _TICK, period.read_until - _TICK)
        if run.query.cumulative:
            begin = period.read_from
    math = effective_math(selection.math.math, period.interval, run.query.total_value)
    days = _ACTIVE_DAYS.get(math)
    if days is None:
        return begin, end
    # The days that end with the first day (or hour) of the interval, or with the last one of a single number.
    unit: Interval = period.interval if period.interval in ELAPSED and not run.query.total_value else "day"
    last = end.astimezone(period.start.tzinfo) if run.query.total_value or day is None else period.starts[position]
    last = start_of(last, unit)
    until = shift(last, unit).astimezone(UTC)
    begin = until - timedelta(days=days) if unit in ELAPSED else shift(last, unit, 1 - days)
    end = min(until - _TICK, period.end.astimezone(UTC))
    return begin, end


def _matched(selection: Selection, begin: datetime, end: datetime) -> str:
    """The condition of the events of the point."""
    scope = selection.scope
    between = scope.between(begin, end)
    if selection.math.math not in _FIRST:
        return f"{between} AND {selection.matching()}"
    searched = selection.named() if selection.math.math == "first_time_for_user" else selection.matching()
    actor, timestamp = selection.actor(), selection.timestamp
    first = (
        f"SELECT {actor}, min({timestamp}) FROM {selection.source()}"
        f" WHERE {scope.between(None, selection.period.end)} AND {searched} GROUP BY 1"
    )
    return f"{between} AND {selection.matching()} AND ({actor}, {timestamp}) IN ({first})"
