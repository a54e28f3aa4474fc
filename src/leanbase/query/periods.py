"""The period of an insight query: its ``dateRange`` in the time of the project, or of the zone that the query names."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leanbase.query import fields
from leanbase.query.context import QueryContext
from leanbase.query.dates import Calendar, DateRange, Period
from leanbase.query.errors import QueryError
from leanbase.query.intervals import INTERVALS, Interval
from leanbase.query.series import DateRangeField, calendar_of, earliest_event, read

_MICROSECOND = 1_000_000


def date_range(query: Mapping[str, Any]) -> DateRange:
    """The ``dateRange`` of a query. Raises :class:`QueryError`."""
    return read(DateRangeField, fields.part(query, "dateRange"), "dateRange").dates()


def calendar(ctx: QueryContext, query: Mapping[str, Any]) -> Calendar:
    """The calendar of a query. Raises :class:`QueryError`."""
    return calendar_of(ctx, fields.text(query, "timezone"))


def interval_of(query: Mapping[str, Any], default: Interval = "day") -> Interval:
    """The ``interval`` of a query. Raises :class:`QueryError` for an unknown one."""
    name = query.get("interval") or default
    if name not in INTERVALS:
        raise QueryError(f"interval is one of {', '.join(INTERVALS)}", "invalid_choice", "interval")
    return name


def period(
    ctx: QueryContext, query: Mapping[str, Any], interval: Interval, nodes: list[Mapping[str, Any]] | None = None
) -> Period:
    """The period of a query, cut into ``interval``; ``nodes`` are the series that a range of ``all`` begins with."""
    series = [dict(node) for node in nodes or [{}]]
    return calendar(ctx, query).resolve(date_range(query), interval, lambda: earliest_event(ctx, series))


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware time, exact."""
    return int(moment.replace(microsecond=0).timestamp()) * _MICROSECOND + moment.microsecond
