"""What web analytics counts: sessions with at least one page or screen that begin inside the period."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

import msgspec

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.errors import QueryError
from leanbase.query.scope import EventScope
from leanbase.query.series import CompareFilter, DateRangeField, calendar_of, earliest_event, read
from leanbase.query.trends.compare import periods_of, resolved

PAGES = ("$pageview", "$screen")


class ConversionGoal(msgspec.Struct, rename="camel"):
    """An action by id or an event by name."""

    action_id: int | None = None
    custom_event_name: str | None = None

    def node(self) -> dict[str, Any]:
        """The goal as a series node. Raises :class:`QueryError`."""
        if self.action_id is not None:
            return {"kind": "ActionsNode", "id": self.action_id}
        if self.custom_event_name:
            return {"kind": "EventsNode", "event": self.custom_event_name}
        raise QueryError("A conversionGoal has an actionId or a customEventName.", attr="conversionGoal")


class WebQuery(msgspec.Struct, rename="camel"):
    """The fields all web analytics queries share."""

    date_range: DateRangeField | None = None
    properties: Any = None
    filter_test_accounts: bool | None = False
    compare_filter: CompareFilter | None = None
    conversion_goal: ConversionGoal | None = None
    include_bounce_rate: bool | None = False
    include_host: bool | None = False
    include_scroll_depth: bool | None = False
    do_path_cleaning: bool | None = False
    breakdown_by: str | None = None
    order_by: list[str] | None = None
    limit: int | None = None
    offset: int | None = None


def read_web_query(query: Mapping[str, Any]) -> WebQuery:
    """Check a query's JSON. Raises :class:`QueryError` naming the first wrong value."""
    return read(WebQuery, query)


def web_periods(ctx: QueryContext, query: WebQuery) -> list[Period]:
    """The period, and the one it is compared with if any."""
    calendar = calendar_of(ctx)
    dates = query.date_range.dates() if query.date_range else DateRangeField().dates()
    nodes: list[dict[str, Any]] = [{"kind": "EventsNode", "event": name} for name in PAGES]
    current = calendar.resolve(dates, "day", lambda: earliest_event(ctx, nodes), exact=dates.explicit)
    return periods_of(calendar, current, dates, query.compare_filter)


Expression = Callable[[EventScope], str]
"""SQL over the events of a scope."""


@dataclass(frozen=True)
class SessionRows:
    """One SELECT of the sessions of all periods, for an outer SELECT to sum up.

    Columns: ``p`` (0 is the current period), ``session``, ``person``, ``views``, with a goal ``conversions``, and what
    was asked for. With ``b`` a session has a row for each value.
    """

    ctx: QueryContext
    query: WebQuery
    periods: Sequence[Period]
    binder: Binder = field(default_factory=Binder)

    def select(
        self, fields: Mapping[str, Expression] | None = None, breakdown: Expression | None = None, known: bool = False
    ) -> str:
        """``fields`` are further columns, constant within a session. ``known`` leaves out rows without a value."""
        parts = [
            self._one(number, period, fields or {}, breakdown, known) for number, period in enumerate(self.periods)
        ]
        return " UNION ALL ".join(parts)

    def _one(
        self, number: int, period: Period, fields: Mapping[str, Expression], breakdown: Expression | None, known: bool
    ) -> str:
        scope = EventScope(self.ctx, self.binder)
        pages = f"{scope.column('event')} IN {self.binder(list(PAGES), 'Array(String)')}"
        begin = f"any({scope.property('session', '$start_timestamp')})"
        columns = {
            "p": str(number),
            "session": scope.column("session_id"),
            "person": f"any({scope.actor()})",
            "views": f"countIf({pages})",
            **{name: f"any({expression(scope)})" for name, expression in fields.items()},
        }
        counted = pages
        if self.query.conversion_goal:
            goal = scope.entity(self.query.conversion_goal.node(), "conversionGoal")
            columns["conversions"] = f"countIf({goal})"
            counted = f"({pages} OR {goal})"
        keys = ["session"]
        if breakdown:
            columns["b"] = f"nullIf(toString({breakdown(scope)}), '')"
            keys.append("b")
        conditions = [
            scope.between(period.start, period.end),
            counted,
            f"{scope.column('session_id')} != ''",
            scope.query_filters({"properties": self.query.properties, "filterTestAccounts": self._test_accounts}),
        ]
        having = began_inside(scope, period, begin)
        if self.query.conversion_goal and breakdown:
            # The page view may have another value than the conversion: ask the whole session.
            seen = (f"ifNull({scope.property('session', name)}, 0)" for name in ("$pageview_count", "$screen_count"))
            conditions.append(f"{' + '.join(seen)} > 0")
        else:
            having += " AND views > 0"
        if known:
            having += " AND b IS NOT NULL"
        selected = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
        where = " AND ".join(f"({condition})" for condition in conditions)
        return f"SELECT {selected} FROM {scope.source()} WHERE {where} GROUP BY {', '.join(keys)} HAVING {having}"

    @property
    def _test_accounts(self) -> bool:
        return bool(self.query.filter_test_accounts)


def began_inside(scope: EventScope, period: Period, begin: str) -> str:
    """The condition that a session's begin (SQL) is in the period."""
    from_, until = (
        scope.binder(bound.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"), "DateTime64(6, 'UTC')")
        for bound in (period.start, period.end)
    )
    return f"ifNull({begin} >= {from_} AND {begin} <= {until}, 0)"


def session_field(name: str) -> Expression:
    """A field of the event's session."""
    return lambda scope: scope.property("session", name)


def bounced(scope: EventScope) -> str:
    """1 for a session that bounced, 0 for one that did not."""
    return f"toFloat64({scope.property('session', '$is_bounce')})"


def event_property(key: str) -> Expression:
    """A property of the event, as text."""
    return lambda scope: scope.property("event", key, typed=False)


def per_period(aggregate: str, condition: str, periods: int) -> list[str]:
    """An ``…If`` aggregate for each period; ``condition`` is ANDed. ``aggregate`` has a place for the condition."""
    return [aggregate.format(f"p = {number} AND {condition}") for number in range(periods)]


def paired(values: Sequence[Any]) -> list[Any]:
    """A value with the one of the period before, None without comparison: how PostHog's tables show them."""
    return [values[0], values[1] if len(values) > 1 else None]


def web_range(periods: Sequence[Period]) -> dict[str, Any]:
    """What every answer says about its range and sampling."""
    return {
        "dateFrom": periods[0].start.isoformat(),
        "dateTo": periods[0].end.isoformat(),
        **resolved(periods),
        "samplingRate": {"numerator": 1, "denominator": 1},
    }
