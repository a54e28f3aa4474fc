"""What trends, stickiness and lifecycle have in common: the query's fields, its series, and how a series is named."""

from collections.abc import Mapping
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Calendar, DateRange
from leanbase.query.errors import QueryError
from leanbase.query.intervals import Interval
from leanbase.query.scope import EventScope

_MAX_SERIES = 26  # formulas name them by letter


class DateRangeField(msgspec.Struct):
    """``dateRange``."""

    date_from: str | None = None
    date_to: str | None = None
    explicit: bool | None = msgspec.field(default=None, name="explicitDate")
    complete: bool | None = msgspec.field(default=None, name="excludeIncompletePeriods")

    def dates(self) -> DateRange:
        return DateRange(self.date_from, self.date_to, bool(self.explicit), bool(self.complete))


class CompareFilter(msgspec.Struct):
    """``compareFilter``."""

    compare: bool | None = False
    compare_to: str | None = None


class InsightQuery(msgspec.Struct, rename="camel"):
    """The common fields. Property filters and the nodes of ``series`` stay JSON: the scope reads them."""

    series: list[dict[str, Any]]
    interval: Interval | None = "day"
    date_range: DateRangeField | None = None
    properties: Any = None
    filter_test_accounts: bool | None = False
    sampling_factor: float | None = None
    aggregation_group_type_index: int | None = msgspec.field(default=None, name="aggregation_group_type_index")
    compare_filter: CompareFilter | None = None
    timezone: str | None = None  # in place of the project's

    def dates(self) -> DateRange:
        return self.date_range.dates() if self.date_range else DateRange()

    def filters(self) -> dict[str, Any]:
        """What :meth:`EventScope.query_filters` reads."""
        return {"properties": self.properties, "filterTestAccounts": self.filter_test_accounts}

    @property
    def comparing(self) -> bool:
        return bool(self.compare_filter and self.compare_filter.compare)

    @property
    def compare_to(self) -> str | None:
        return self.compare_filter.compare_to if self.compare_filter else None


class Math(msgspec.Struct):
    """What a node of ``series`` counts."""

    math: str | None = None
    math_property: str | None = None
    math_property_type: str | None = None
    math_hogql: str | None = None
    math_group_type_index: int | None = None
    math_multiplier: float | None = None


Query = TypeVar("Query", bound=InsightQuery)
Shape = TypeVar("Shape")


def read_named_query(ctx: QueryContext, kind: type[Query], query: Mapping[str, Any]) -> Query:
    """A query whose answer names its series: as :func:`read_query`, actions with the name they have today."""
    found = read_query(kind, query)
    found.series = named_series(ctx, found.series)
    return found


def read_query(kind: type[Query], query: Mapping[str, Any]) -> Query:
    """Check a query's JSON. Raises :class:`QueryError` naming the first wrong value and its place."""
    found = read(kind, query)
    if not 1 <= len(found.series) <= _MAX_SERIES:
        raise QueryError(f"A query has 1 to {_MAX_SERIES} series, not {len(found.series)}.", attr="series")
    if found.sampling_factor is not None and not 0 < found.sampling_factor <= 1:
        raise QueryError("samplingFactor is a share above 0, up to 1.", attr="samplingFactor")
    return found


def read_math(node: Mapping[str, Any], index: int) -> Math:
    """What a node counts. Raises :class:`QueryError`."""
    return read(Math, node, f"series.{index}")


def read(shape: type[Shape], value: Mapping[str, Any], place: str = "") -> Shape:
    """JSON as a struct; numbers may be written as text. Raises :class:`QueryError` with the place in ``attr``."""
    try:
        return msgspec.convert(value, shape, strict=False)
    except msgspec.ValidationError as problem:
        what, _, where = str(problem).partition(" - at `$")
        path = ".".join(part for part in (place, where.rstrip("`").lstrip(".")) if part)
        raise QueryError(f"{path or 'query'}: {what}.", attr=path or None) from None


def calendar_of(ctx: QueryContext, timezone: str | None = None) -> Calendar:
    """The calendar of a query: its own zone, UTC when it asks not to convert to project time, else the project's.

    Raises :class:`QueryError` for an unknown zone.
    """
    converts = ctx.modifiers.get("convertToProjectTimezone", True) is not False
    name = timezone or (ctx.project.timezone if converts else "UTC")
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise QueryError(f"{name!r} is not a time zone; use a name such as Europe/Berlin.", attr="timezone") from None
    return Calendar(zone, ctx.now, ctx.project.week_start_day)


def earliest_event(ctx: QueryContext, series: list[dict[str, Any]]) -> Any:
    """The time of the first event that any series can count, or None; for a range of ``all``."""
    binder = Binder()
    scope = EventScope(ctx, binder)
    nodes: list[Mapping[str, Any]] = list(series)
    where = f"{scope.project()} AND {scope.event_in(nodes)}"
    rows = ctx.execute(
        binder.sql(f"SELECT minOrNull({scope.column('timestamp')}) FROM {scope.source()} WHERE {where}")
    ).rows
    return rows[0][0] if rows else None


def named_series(ctx: QueryContext, series: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The nodes of a query, actions with the name they have today."""
    if not any(node.get("kind") == "ActionsNode" for node in series):
        return series
    names = {str(number): name for number, name in ctx.actions.names().items()}
    return [
        {**node, "name": names.get(str(node.get("id")), node.get("name"))}
        if node.get("kind") == "ActionsNode"
        else node
        for node in series
    ]


def without_properties(node: Mapping[str, Any]) -> dict[str, Any]:
    """The node alone: its event or action without its filters."""
    return {key: value for key, value in node.items() if key not in {"properties", "fixedProperties"}}


def series_name(node: Mapping[str, Any]) -> str | None:
    """The event of a node, or an action's name; None for every event."""
    if node.get("kind") == "ActionsNode":
        return str(node.get("name") or f"Action {node.get('id')}")
    if node.get("kind") == "GroupNode":
        names = [series_name(item) or "All events" for item in node.get("nodes") or []]
        return str(node.get("name") or ", ".join(names))
    event = node.get("event")
    return str(event) if event else None


def series_label(node: Mapping[str, Any]) -> str:
    return series_name(node) or "All events"


def action_of(node: Mapping[str, Any], order: int, days: list[str], math: str | None = None) -> dict[str, Any]:
    """The ``action`` object of a result: what the series was."""
    is_action = node.get("kind") == "ActionsNode"
    return {
        "id": node.get("id") if is_action else series_name(node),
        "type": "actions" if is_action else "events",
        "name": series_label(node),
        "custom_name": node.get("custom_name"),
        "order": order,
        "days": days,
        "math": math or node.get("math"),
        "math_property": node.get("math_property"),
        "math_hogql": node.get("math_hogql"),
        "math_group_type_index": node.get("math_group_type_index"),
        "properties": node.get("properties") or {},
    }
