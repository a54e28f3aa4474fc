"""What persons did in their first days, and whether they came back later, as SQL: one statement, one row per event.

Numbers of an event are turned into levels (how many of the wanted counts it reached, per span of days), so that
persons alike are counted together and the answer stays small however many persons there are.
"""

from datetime import timedelta

from leanbase.query.activation.query import ActivationQuery
from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.periods import micros
from leanbase.query.scope import EventScope
from leanbase.store.sql import Sql

_DAY = 86_400_000_000  # microseconds
MOST_EVENTS = 1_000  # different names that are compared; the rarest beyond are left out

EVENT, WATCHED, TOO_NEW = 0, 1, 2
"""Kinds of rows: an event, everybody who was watched long enough, and those who began too recently."""


def levels_sql(ctx: QueryContext, activation: ActivationQuery) -> Sql:
    """Rows (kind, event, [(levels, retained, persons)]). ``levels`` has a number per span of days."""
    binder = Binder()
    spans = ", ".join(f"countIf(v.candidate AND v.at < p.begins + {span * _DAY})" for span in activation.days)
    first, last = activation.retention_from * _DAY, activation.retention_to * _DAY
    done = (
        f"SELECT v.who AS who, v.name AS name, any(p.begins) AS begins, [{spans}] AS numbers,"
        f" max(v.is_return AND v.at >= p.begins + {first}) AS returned"
        f" FROM ({_events(ctx, activation, binder)}) AS v INNER JOIN ({_people(ctx, activation, binder)}) AS p"
        f" ON v.who = p.who WHERE v.at >= p.begins AND v.at < p.begins + {last} GROUP BY who, name"
    )
    old_enough = binder(micros(ctx.now - activation.horizon), "Int64")
    counts = binder(list(activation.counts), "Array(UInt64)")
    people = (
        f"SELECT who, any(begins) <= {old_enough} AS watched, max(returned) AS retained,"
        f" groupArrayIf((name, arrayMap(n -> arrayCount(c -> n >= c, {counts}), numbers)), numbers[-1] > 0) AS did"
        f" FROM ({done}) GROUP BY who"
    )
    none = f"arrayWithConstant({len(activation.days)}, toUInt32(0))"
    items = (
        f"arrayConcat([(toUInt8(if(watched, {WATCHED}, {TOO_NEW})), '', {none})],"
        f" if(watched, arrayMap(d -> (toUInt8({EVENT}), d.1, arrayMap(l -> toUInt32(l), d.2)), did), []))"
    )
    alike = (
        f"SELECT item.1 AS kind, item.2 AS name, item.3 AS levels, retained, count() AS persons"
        f" FROM (SELECT retained, arrayJoin({items}) AS item FROM ({people})) GROUP BY kind, name, levels, retained"
    )
    return binder.sql(
        "SELECT kind, name, groupArray((levels, retained, persons)) AS groups"
        f" FROM ({alike}) GROUP BY kind, name"
        f" HAVING kind != {EVENT} OR sum(persons) >= {binder(activation.minimum, 'UInt64')}"
        f" ORDER BY kind DESC, sum(persons) DESC, name LIMIT {MOST_EVENTS + 2}"
    )


def _people(ctx: QueryContext, activation: ActivationQuery, binder: Binder) -> str:
    """Everybody (who, begins) whose first start event of all time is within the range."""
    scope = EventScope(ctx, binder, "f")
    who = scope.actor(activation.group_type_index)
    node = activation.start
    conditions = [
        scope.between(None, activation.begins_to),
        scope.query_filters(activation.source),
        *([scope.event_in([node]), scope.entity(node, "activationFilter.startEntity")] if node else []),
        *([f"{who} != ''"] if activation.group_type_index is not None else []),
    ]
    return (
        f"SELECT {who} AS who, min(toUnixTimestamp64Micro(f.timestamp)) AS begins FROM {scope.source()}"
        f" WHERE {' AND '.join(conditions)} GROUP BY who"
        f" HAVING begins >= {binder(micros(activation.begins_from), 'Int64')}"
    )


def _events(ctx: QueryContext, activation: ActivationQuery, binder: Binder) -> str:
    """The events (who, at, name, candidate, is_return) that matter, those that start somebody's time among them."""
    scope = EventScope(ctx, binder)
    who = scope.actor(activation.group_type_index)
    candidate = f"NOT has({binder(list(activation.excluded), 'Array(String)')}, toString(e.event))"
    if activation.candidates:
        candidate += f" AND has({binder(list(activation.candidates), 'Array(String)')}, toString(e.event))"
    returning = scope.entity(activation.returning, "activationFilter.returningEntity")
    starts = scope.entity(activation.start, "activationFilter.startEntity") if activation.start else "1"
    conditions = [
        scope.between(activation.begins_from, activation.begins_to + activation.horizon + timedelta(days=1)),
        scope.query_filters(activation.source),
        f"({candidate} OR {returning} OR {starts})",
    ]
    return (
        f"SELECT {who} AS who, toUnixTimestamp64Micro(e.timestamp) AS at, toString(e.event) AS name,"
        f" ({candidate}) AS candidate, ({returning}) AS is_return FROM {scope.source()}"
        f" WHERE {' AND '.join(conditions)}"
    )
