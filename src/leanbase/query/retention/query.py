"""A RetentionQuery, read and checked. The defaults are PostHog's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from leanbase.query import fields
from leanbase.query.breakdown_lists import Breakdown, read_breakdown
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.intervals import Interval, TooManyIntervals, shift, start_of, starts_between
from leanbase.query.periods import calendar, date_range, period
from leanbase.query.series import without_properties

RetentionType = Literal["retention_recurring", "retention_first_time", "retention_first_ever_occurrence"]

MAX_COLUMNS = 400  # thirteen months of days; a table of this width is beyond what a page shows
MAX_ROWS = 2_000
EVERYBODY = "0"  # how retention names the cohort of all users, where trends say "all" (PostHog's quirk)
_DEFAULT_COLUMNS = 7
_DEFAULT_EVENT = "$pageview"
_HOURS = {"hour": 1, "day": 24, "week": 7 * 24, "month": 30 * 24}
_ATTR = "retentionFilter."

Node = Mapping[str, Any]


@dataclass(frozen=True)
class RetentionQuery:
    """What is asked. ``starts`` are the beginnings of the rows' intervals, ``end`` the end of the last (exclusive)."""

    source: Node
    target: Node
    returning: Node
    kind: RetentionType
    interval: Interval
    total: int
    starts: list[datetime]
    end: datetime
    brackets: tuple[int, ...] = ()
    cumulative: bool = False
    minimum_occurrences: int = 1
    rolling_hours: int | None = None
    aggregation: Literal["count", "sum", "avg"] = "count"
    aggregation_property: str | None = None
    aggregation_property_kind: str = "event"
    breakdown: Breakdown | None = None
    group_type_index: int | None = None
    sampling: float | None = None

    @property
    def columns(self) -> int:
        return len(self.brackets) + 1 if self.brackets else self.total

    @property
    def labels(self) -> list[str]:
        """``Day 0``, ``Day 1``… or, with brackets of 1, 3 and 2, ``Day 0``, ``Day 1``, ``Day 2-4``, ``Day 5-6``."""
        name = self.interval.capitalize()
        if not self.brackets:
            return [f"{name} {number}" for number in range(self.total)]
        labels, first = [f"{name} 0"], 1
        for width in self.brackets:
            last = first + width - 1
            labels.append(f"{name} {first}" if width == 1 else f"{name} {first}-{last}")
            first = last + 1
        return labels

    @property
    def one_entity(self) -> bool:
        """Whether target and return are the same question."""
        return self.target == self.returning

    @property
    def one_name(self) -> bool:
        """Whether target and return are of the same event or action, be their filters what they are."""
        return without_properties(self.target) == without_properties(self.returning)


def read_retention(ctx: QueryContext, query: Node) -> RetentionQuery:
    """Read a RetentionQuery. Raises :class:`QueryError` with the place of what is wrong."""
    options = fields.part(query, "retentionFilter")
    interval = cast(Interval, fields.choice(options, "period", ("Hour", "Day", "Week", "Month"), "Day", _ATTR).lower())
    total = fields.whole(options, "totalIntervals", _DEFAULT_COLUMNS, 1, MAX_COLUMNS, _ATTR) or _DEFAULT_COLUMNS
    rolling = fields.choice(
        options, "timeWindowMode", ("strict_calendar_dates", "24_hour_windows"), "strict_calendar_dates", _ATTR
    )
    cumulative = fields.flag(options, "cumulative")
    if rolling == "24_hour_windows" and cumulative:
        raise QueryError(
            "Cumulative retention is not supported for 24 hour windows.", attr="retentionFilter.cumulative"
        )
    target = _node(options, "targetEntity")
    returning = _node(options, "returningEntity")
    starts, end = _intervals(ctx, query, interval, total, [target, returning])
    kinds = ("retention_recurring", "retention_first_time", "retention_first_ever_occurrence")
    aggregation = fields.choice(options, "aggregationType", ("count", "sum", "avg"), "count", _ATTR)
    about = fields.text(options, "aggregationProperty", _ATTR)
    sampling = query.get("samplingFactor")
    return RetentionQuery(
        source=query,
        target=target,
        returning=returning,
        kind=cast(RetentionType, fields.choice(options, "retentionType", kinds, kinds[0], _ATTR)),
        interval=interval,
        total=total,
        starts=starts,
        end=end,
        brackets=_brackets(options),
        cumulative=cumulative,
        minimum_occurrences=fields.whole(options, "minimumOccurrences", 1, 1, 1_000_000, _ATTR) or 1,
        rolling_hours=_HOURS[interval] if rolling == "24_hour_windows" else None,
        aggregation=cast(Literal["count", "sum", "avg"], aggregation if about else "count"),
        aggregation_property=about,
        aggregation_property_kind=fields.choice(
            options, "aggregationPropertyType", ("event", "person"), "event", _ATTR
        ),
        breakdown=read_breakdown(query),
        group_type_index=fields.whole(query, "aggregation_group_type_index", None, 0, 4),
        sampling=float(sampling) if isinstance(sampling, int | float) and 0 < sampling < 1 else None,
    )


def _node(options: Node, name: str) -> Node:
    """An entity of retention as a node of a series."""
    entity = fields.part(options, name, _ATTR) or {"id": _DEFAULT_EVENT, "type": "events"}
    identity = entity.get("id", _DEFAULT_EVENT if "type" not in entity else None)
    properties = {"properties": entity.get("properties")}
    if entity.get("type") == "actions" or entity.get("kind") == "ActionsNode":
        return {"kind": "ActionsNode", "id": identity} | properties
    return {"kind": "EventsNode", "event": identity} | properties


def _brackets(options: Node) -> tuple[int, ...]:
    value = options.get("retentionCustomBrackets")
    if not value:
        return ()
    listed = cast(list[Any], value) if isinstance(value, list) else [value]
    widths = [int(item) for item in listed if isinstance(item, int | float) and item >= 1]
    if len(widths) != len(listed) or sum(widths) > MAX_COLUMNS:
        raise QueryError(
            f"retentionCustomBrackets are whole numbers from 1, up to {MAX_COLUMNS} together",
            attr="retentionFilter.retentionCustomBrackets",
        )
    return tuple(widths)


def _intervals(
    ctx: QueryContext, query: Node, interval: Interval, total: int, nodes: list[Node]
) -> tuple[list[datetime], datetime]:
    """The rows: from date_from's interval, or so many that the table is square, to the interval of date_to."""
    week_start = calendar(ctx, query).week_start
    over = period(ctx, query, interval, nodes)
    last = start_of(over.end, interval, week_start)
    end = shift(last, interval)
    dated = bool(date_range(query).date_from)
    first = start_of(over.start, interval, week_start) if dated else shift(end, interval, -total)
    try:
        starts = starts_between(first, last, interval, week_start) if first <= last else []
    except TooManyIntervals:
        starts = []
    if not 1 <= len(starts) <= MAX_ROWS:
        raise QueryError(f"retention has a row per {interval}, 1 to {MAX_ROWS}; change the range", attr="dateRange")
    return starts, end
