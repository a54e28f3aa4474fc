"""Retention as SQL: per person the intervals of target events and of return events, then rows and columns of them.

Up to 64 intervals are bits of one number, so that people with the same history are counted together: measured on
10 million events, half the time of arrays and a fifth of a self-join. More intervals are arrays. Without a breakdown
the value is a number, and an array only in the answer: an array among the keys doubles the time, even an empty one.
"""

from dataclasses import dataclass
from datetime import timedelta

from leanbase.query.binder import Binder
from leanbase.query.breakdown_lists import value_list
from leanbase.query.context import QueryContext
from leanbase.query.intervals import index_sql
from leanbase.query.person_mode import overridden_pk
from leanbase.query.retention.query import RetentionQuery
from leanbase.query.scope import EventScope
from leanbase.query.series import without_properties
from leanbase.store.sql import Sql

_BITS = 64
_HOUR = 3_600_000_000  # microseconds
_TICK = timedelta(microseconds=1)
_NO_VALUE = "toUInt8(0)"
_BIT = "bitShiftLeft(toUInt64(1), interval)"


@dataclass(frozen=True, slots=True)
class _Events:
    """The events of a retention as columns: actor, value, at (microseconds), interval, is_target, is_return.

    ``later_actor`` is SQL of the actor over rows ``o`` that still have the events' own ``pk``; None for groups.
    """

    text: str
    by_first_value: bool
    later_actor: str | None


def counts_sql(ctx: QueryContext, retention: RetentionQuery) -> Sql:
    """Rows (value, row, column, people); column 0 is the size of the row."""
    binder = Binder()
    events = _events(ctx, retention, binder)
    if retention.rolling_hours:
        people = _rolling(retention, events, retention.rolling_hours)
        histories = f"SELECT value, row, columns, count() AS people FROM ({people}) GROUP BY value, row, columns"
    else:
        people = _histories(retention, events)
        alike = f"SELECT value, targets, returns, count() AS people FROM ({people}) GROUP BY value, targets, returns"
        histories = _tabled(retention, alike, "people")
    return binder.sql(
        f"SELECT {_shown(retention)}, row, column, sum(people) AS people"
        f" FROM ({histories}) ARRAY JOIN columns AS column GROUP BY value, row, column"
    )


def actors_sql(ctx: QueryContext, retention: RetentionQuery, row: int, value: tuple[str, ...] | None = None) -> Sql:
    """Rows (actor, columns): the people of a row and the columns in which they count, by most columns.

    ``value`` keeps one breakdown value.
    """
    binder = Binder()
    events = _events(ctx, retention, binder)
    if retention.rolling_hours:
        people = _rolling(retention, events, retention.rolling_hours)
    else:
        people = _tabled(retention, _histories(retention, events), "actor")
    chosen = "" if value is None else f" AND value = {binder(list(value), 'Array(String)')}"
    return binder.sql(
        f"SELECT actor, arraySort(arrayDistinct(arrayFlatten(groupArray(columns)))) AS appearances FROM ({people})"
        f" WHERE row = {binder(row, 'Int64')}{chosen} GROUP BY actor ORDER BY length(appearances) DESC, actor"
    )


def amounts_sql(ctx: QueryContext, retention: RetentionQuery) -> Sql:
    """Rows (value, row, column, amount): the property summed over the return events of the people of a row.

    In column 0 count the target events when both entities are of one event or action, else the return events after
    the first target event of the interval.
    """
    binder = Binder()
    events = _events(ctx, retention, binder, with_amount=True)
    if retention.one_name:
        own = "sumIf(amount, is_target)"
    else:
        own = "arraySum(x -> if(x.1 > minIf(at, is_target), x.2, 0), groupArrayIf((at, amount), is_return))"
    first = events.by_first_value
    by_interval = (
        f"SELECT actor, {'argMinIf(value, at, is_target)' if first else 'value'} AS first_value, interval,"
        " max(is_target) AS begins, minIf(at, is_target) AS first_at,"
        f" {own} AS own, sumIf(amount, is_return) AS returned"
        f" FROM ({events.text}) GROUP BY {'actor, interval' if first else 'actor, value, interval'}"
    )
    people = (
        f"SELECT actor, {'argMinIf(first_value, first_at, begins)' if first else 'first_value'} AS value,"
        f" groupArray((interval, begins, own, returned)) AS items"
        f" FROM ({by_interval}) GROUP BY {'actor' if first else 'actor, first_value'}"
    )
    rows = (
        "SELECT value, target.1 AS row, target.3 AS own,"
        " arrayFilter(x -> x.1 > 0, arrayMap(x -> (x.1 - target.1, x.4), items)) AS later"
        f" FROM ({people}) ARRAY JOIN arrayFilter(x -> x.2, items) AS target"
    )
    column = _column_of(retention, "cell.1")
    return binder.sql(
        f"SELECT {_shown(retention)}, row, {column} AS column, sum(cell.2) AS amount"
        f" FROM ({rows}) ARRAY JOIN arrayConcat([(toInt64(0), own)], later) AS cell GROUP BY value, row, column"
    )


def _shown(retention: RetentionQuery) -> str:
    """The value as it is answered: a list of texts."""
    return "value" if retention.breakdown else "[]"


def _events(ctx: QueryContext, retention: RetentionQuery, binder: Binder, *, with_amount: bool = False) -> _Events:
    scope = EventScope(ctx, binder)
    actor = scope.actor(retention.group_type_index)
    target = scope.entity(retention.target, "retentionFilter.targetEntity")
    returning = scope.entity(retention.returning, "retentionFilter.returningEntity")
    if retention.kind != "retention_recurring":
        target = f"({target}) AND ({actor}, e.timestamp) IN ({_first(ctx, retention, binder)})"
    columns = [
        f"{actor} AS actor",
        "e.pk AS pk",
        "toUnixTimestamp64Micro(e.timestamp) AS at",
        f"toInt64({index_sql(binder, 'e.timestamp', retention.starts)}) AS interval",
        f"({target}) AS is_target",
        f"({returning}) AS is_return",
        f"{value_list(scope, retention.breakdown) if retention.breakdown else _NO_VALUE} AS value",
    ]
    if with_amount:
        text = scope.property(retention.aggregation_property_kind, retention.aggregation_property or "", typed=False)
        columns.append(f"ifNull(toFloat64OrNull({text}), 0) AS amount")
    conditions = [
        scope.between(retention.starts[0], retention.end - _TICK),
        scope.event_in([retention.target, retention.returning]),
        scope.query_filters(retention.source),
        *([f"{actor} != ''"] if retention.group_type_index is not None else []),
    ]
    where = " AND ".join(condition for condition in conditions if condition != "1")
    cohorts = retention.breakdown is not None and bool(retention.breakdown.cohorts)
    first_ever = retention.kind == "retention_first_ever_occurrence" and retention.breakdown is not None
    return _Events(
        f"SELECT * FROM (SELECT {', '.join(columns)} FROM {scope.source(retention.sampling)} WHERE {where})"
        " WHERE is_target OR is_return",
        by_first_value=first_ever and not cohorts,
        later_actor=overridden_pk("o", scope.mode) if retention.group_type_index is None else None,
    )


def _first(ctx: QueryContext, retention: RetentionQuery, binder: Binder) -> str:
    """Everybody's first target event over all time: with its filters, or for "first ever" by its name alone."""
    scope = EventScope(ctx, binder, "f")
    actor = scope.actor(retention.group_type_index)
    ever = retention.kind == "retention_first_ever_occurrence"
    node = without_properties(retention.target) if ever else retention.target
    conditions = [
        scope.between(None, retention.end - _TICK),
        scope.event_in([node]),
        scope.entity(node, "retentionFilter.targetEntity"),
        scope.query_filters(retention.source),
    ]
    where = " AND ".join(condition for condition in conditions if condition != "1")
    return f"SELECT {actor} AS actor, min(f.timestamp) AS at FROM {scope.source()} WHERE {where} GROUP BY actor"


def _histories(retention: RetentionQuery, events: _Events) -> str:
    """Per person (and value): the sets of intervals with target and with return events."""
    source, value, at, begins, returns = events.text, "value", "at", "is_target", "is_return"
    if retention.minimum_occurrences > 1:
        group = "actor, interval" if events.by_first_value else "actor, value, interval"
        chosen = "argMinIf(value, at, is_target)" if events.by_first_value else "value"
        source = (
            f"SELECT actor, {chosen} AS first_value, minIf(at, is_target) AS first_at, interval,"
            f" max(is_target) AS begins, countIf(is_return) >= {retention.minimum_occurrences} AS comes_back"
            f" FROM ({source}) GROUP BY {group}"
        )
        value, at, begins, returns = "first_value", "first_at", "begins", "comes_back"
    if _counts_each(retention) and events.later_actor:
        return _histories_of_each(retention, events, events.later_actor)
    chosen = f"argMinIf({value}, {at}, {begins})" if events.by_first_value else value
    if len(retention.starts) <= _BITS:
        sets = f"groupBitOrIf({_BIT}, {begins}) AS targets, groupBitOrIf({_BIT}, {returns}) AS returns"
        nonempty = "targets != 0"
    else:
        sets = (
            f"arraySort(groupUniqArrayIf(interval, {begins})) AS targets,"
            f" arraySort(groupUniqArrayIf(interval, {returns})) AS returns"
        )
        nonempty = "notEmpty(targets)"
    if retention.breakdown is None:
        chosen = _NO_VALUE
    group = "actor" if events.by_first_value or retention.breakdown is None else f"actor, {value}"
    people = f"SELECT actor, {chosen} AS chosen, {sets} FROM ({source}) GROUP BY {group} HAVING {nonempty}"
    return f"SELECT actor, chosen AS value, targets, returns FROM ({people})"


def _counts_each(retention: RetentionQuery) -> bool:
    """Whether nothing but the events' intervals matters: no values, no numbers of occurrences."""
    return retention.breakdown is None and retention.minimum_occurrences == 1 and len(retention.starts) <= _BITS


def _histories_of_each(retention: RetentionQuery, events: _Events, actor: str) -> str:
    """The same by the events' own persons first: looking up who they are today is then once for each, not per event."""
    if retention.one_entity and retention.kind == "retention_recurring":
        # Every event is both a target and a return.
        sets, both = f"groupBitOr({_BIT}) AS t", "groupBitOr(t) AS targets, targets AS returns"
    else:
        sets = f"groupBitOrIf({_BIT}, is_target) AS t, groupBitOrIf({_BIT}, is_return) AS r"
        both = "groupBitOr(t) AS targets, groupBitOr(r) AS returns"
    own = f"SELECT pk, {sets} FROM ({events.text}) GROUP BY pk"
    people = f"SELECT {actor} AS actor, {both} FROM ({own}) AS o GROUP BY actor HAVING targets != 0"
    return f"SELECT actor, {_NO_VALUE} AS value, targets, returns FROM ({people})"


def _tabled(retention: RetentionQuery, histories: str, carried: str) -> str:
    """Rows (value, row, columns) of histories, with the column ``carried``."""
    bits = len(retention.starts) <= _BITS
    targets = "bitPositionsToArray(targets)" if bits else "targets"
    if bits and not retention.cumulative and not retention.brackets:
        # Moved down by the row, returns are columns already; each lambda would take half a millisecond to plan.
        later = f"bitAnd(bitShiftRight(toUInt64(returns), row), {(1 << min(retention.total, _BITS)) - 1})"
        return (
            f"SELECT value, {carried}, toInt64(row) AS row, bitPositionsToArray(bitOr({later}, 1)) AS columns"
            f" FROM (SELECT value, {carried}, returns, arrayJoin({targets}) AS row FROM ({histories}))"
        )
    returns = "bitPositionsToArray(returns)" if bits else "returns"
    offsets = f"arrayFilter(k -> k > 0, arrayMap(x -> toInt64(x) - row, {returns}))"
    if retention.cumulative:
        offsets = f"range(toInt64(1), arrayMax(arrayConcat([toInt64(0)], {offsets})) + 1)"
    return (
        f"SELECT value, {carried}, toInt64(position) AS row, {_columns(retention, offsets)} AS columns"
        f" FROM (SELECT value, {carried}, returns, arrayJoin({targets}) AS position FROM ({histories}))"
    )


def _rolling(retention: RetentionQuery, events: _Events, hours: int) -> str:
    """Rows (actor, value, row, columns) where columns are windows of so many hours since the first target event."""
    if retention.breakdown is None or events.by_first_value:
        value = "argMinIf(value, at, is_target)" if events.by_first_value else _NO_VALUE
        people = (
            f"SELECT actor, {value} AS valued, minIf(at, is_target) AS anchor,"
            " argMinIf(interval, at, is_target) AS row, groupArrayIf(at, is_return) AS times"
            f" FROM ({events.text}) GROUP BY actor HAVING countIf(is_target) > 0"
        )
    else:
        # Somebody has one anchor, whatever its value; every value that their later events have is a row of its own.
        anchored = (
            "SELECT actor, minIf(at, is_target) AS anchor, argMinIf(interval, at, is_target) AS row,"
            " arrayJoin(arrayFilter(one -> one.1 >= anchor, groupArray((at, value, is_return)))) AS one"
            f" FROM ({events.text}) GROUP BY actor HAVING countIf(is_target) > 0"
        )
        people = (
            "SELECT actor, one.2 AS valued, anchor, row, groupArrayIf(one.1, one.3) AS times"
            f" FROM ({anchored}) GROUP BY actor, valued, anchor, row"
        )
    windows = (
        f"SELECT actor, valued, row, arrayMap(x -> intDiv(intDiv(x - anchor, {_HOUR}), {hours}),"
        f" arrayFilter(x -> x >= anchor, times)) AS windows FROM ({people})"
    )
    offsets = "arrayFilter(k -> k > 0, arrayDistinct(windows))"
    if retention.minimum_occurrences > 1:
        often = f"countEqual(windows, k) >= {retention.minimum_occurrences}"
        offsets = f"arrayFilter(k -> k > 0 AND {often}, arrayDistinct(windows))"
    return f"SELECT actor, valued AS value, row, {_columns(retention, offsets)} AS columns FROM ({windows})"


def _columns(retention: RetentionQuery, offsets: str) -> str:
    """The columns of a person in a row, 0 included, from the distances of the returns."""
    if retention.brackets:
        inside = f"arrayMap(k -> {_column_of(retention, 'k')}, {offsets})"
    else:
        inside = f"arrayFilter(k -> k < {retention.total}, {offsets})"
    return f"arrayDistinct(arrayConcat([toInt64(0)], arrayFilter(k -> k > 0, {inside})))"


def _column_of(retention: RetentionQuery, offset: str) -> str:
    """The column of a distance: itself, or with brackets the bracket that holds it; 0 beyond the last bracket."""
    if not retention.brackets:
        return f"toInt64({offset})"
    distances = list(range(1, sum(retention.brackets) + 1))
    columns = [column for column, width in enumerate(retention.brackets, 1) for _ in range(width)]
    return f"transform(toInt64({offset}), {distances}, CAST({columns}, 'Array(Int64)'), toInt64(0))"
