"""The events of a funnel, as the engine hands them out: per person (or group…) one sorted list of what matters.

An event becomes (microseconds, bits of matched steps, bits of spoilt segments, value). The engine leaves out who never
did step 1, and events that are neither step nor exclusion; a strict funnel sees every event of the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from leanbase.query.binder import Binder
from leanbase.query.breakdown_lists import value_list
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.first_time import first_time_condition
from leanbase.query.funnels.machine import Touch
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.periods import micros, period
from leanbase.query.scope import EventScope
from leanbase.store.sql import Sql

_MICROSECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Journey:
    """One person's events for one breakdown value. ``actor`` is a person's key, a group's key or a text."""

    actor: Any
    value: tuple[str, ...]
    touches: list[Touch]


@lru_cache(maxsize=4096)
def _bits(mask: int) -> tuple[int, ...]:
    return tuple(number + 1 for number in range(mask.bit_length()) if mask >> number & 1)


def funnel_period(ctx: QueryContext, funnel: FunnelQuery) -> Period:
    """The range of a funnel; trends cut it into intervals."""
    interval = funnel.interval if funnel.viz == "trends" else "day"
    nodes = funnel.series + [exclusion.node for exclusion in funnel.exclusions]
    return period(ctx, funnel.source, interval, nodes)


def actor_sql(scope: EventScope, funnel: FunnelQuery) -> tuple[str, str]:
    """Who is counted, and the condition under which an event has somebody to count for."""
    if funnel.group_type_index is not None:
        actor = scope.actor(funnel.group_type_index)
        return actor, f"{actor} != ''"
    if funnel.aggregate_by and funnel.aggregate_by.strip() != "person_id":
        actor = f"ifNull(toString({scope.hogql(funnel.aggregate_by, 'funnelsFilter.funnelAggregateByHogQL')}), '')"
        return actor, f"{actor} != ''"
    return scope.actor(), "1"


def step_conditions(scope: EventScope, funnel: FunnelQuery, until: datetime) -> list[str]:
    """One condition per step, with the step's math: only somebody's very first event, or first matching one."""
    conditions: list[str] = []
    for number, node in enumerate(funnel.series[: funnel.step_count]):
        condition = scope.entity(node, f"series.{number}")
        first = first_time_condition(scope, funnel, node, number, until)
        conditions.append(f"({condition}) AND {first}" if first else f"({condition})")
    return conditions


def spoilt_conditions(scope: EventScope, funnel: FunnelQuery) -> list[str]:
    """Per segment k-1 → k (k from 2, 1 first) the condition of the events that spoil it; '0' where none does."""
    found: list[str] = []
    for step in range(1, funnel.step_count):
        parts = [
            scope.entity(exclusion.node, f"funnelsFilter.exclusions.{number}")
            for number, exclusion in enumerate(funnel.exclusions)
            if exclusion.from_step < step <= exclusion.to_step
        ]
        found.append(f"({' OR '.join(parts)})" if parts else "0")
    return found


def _mask(conditions: list[str], first_bit: int = 0) -> str:
    bits = [
        f"toUInt64({condition}) * {1 << number + first_bit}"
        for number, condition in enumerate(conditions)
        if condition != "0"
    ]
    return " + ".join(bits) if bits else "toUInt64(0)"


def journeys_sql(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Sql:
    """The statement behind :func:`journeys`."""
    binder = Binder()
    scope = EventScope(ctx, binder)
    until = over.read_until
    actor, counted = actor_sql(scope, funnel)
    steps = _mask(step_conditions(scope, funnel, until))
    spoils = _mask(spoilt_conditions(scope, funnel), first_bit=1) if funnel.exclusions else None
    value = value_list(scope, funnel.breakdown) if funnel.breakdown else None
    by_value = value is not None and (funnel.attribution == "all_events" or bool(funnel.breakdown.cohorts))  # pyright: ignore[reportOptionalMemberAccess]
    nodes = [*funnel.series[: funnel.step_count], *(exclusion.node for exclusion in funnel.exclusions)]
    conditions = [scope.between(over.read_from, over.end), counted, scope.query_filters(funnel.source)]
    if funnel.order != "strict":
        conditions.append(scope.event_in(nodes))
    where = " AND ".join(condition for condition in conditions if condition != "1")
    columns = [
        f"{actor} AS actor",
        "toUnixTimestamp64Micro(e.timestamp) AS at",
        f"{steps} AS steps",
    ]
    if spoils:
        columns.append(f"{spoils} AS spoils")
    if value:
        columns.append(f"{value} AS value")
    touch = ["at", "steps", *(["spoils"] if spoils else [])]
    each_has_value = value is not None and not by_value and funnel.attribution == "step"
    if each_has_value:
        touch.append("value")
    relevant = "" if funnel.order == "strict" else " WHERE steps != 0" + (" OR spoils != 0" if spoils else "")
    chosen = _touched_value(funnel) if value and not by_value and not each_has_value else "value" if by_value else "[]"
    entered = "" if funnel.order == "unordered" else " HAVING bitAnd(groupBitOr(steps), 1) = 1"
    sample = funnel.sampling
    return binder.sql(
        f"SELECT actor, {chosen} AS chosen, arraySort(groupArray(({', '.join(touch)}))) AS touches"
        f" FROM (SELECT {', '.join(columns)} FROM {scope.source(sample)} WHERE {where}){relevant}"
        f" GROUP BY actor{', value' if by_value else ''}{entered}"
    )


def _touched_value(funnel: FunnelQuery) -> str:
    """The value of the first or last step event that has one, from one event; all empty when none has."""
    missing = funnel.breakdown.missing if funnel.breakdown else ("",)
    has_value = "arrayExists(x -> x != '', value) AND steps != 0"
    pick = "argMinIf" if funnel.attribution == "first_touch" else "argMaxIf"
    empty = "[" + ", ".join(f"'{text}'" for text in missing) + "]"
    return f"if(countIf({has_value}) = 0, {empty}, {pick}(value, (at, value), {has_value}))"


def journeys(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Iterator[Journey]:
    """Everybody who did step 1 (in unordered funnels: any step) within the period."""
    spoils = bool(funnel.exclusions)
    valued = funnel.breakdown is not None and not funnel.breakdown.cohorts and funnel.attribution == "step"
    for actor, chosen, rows in ctx.execute(journeys_sql(ctx, funnel, over)).rows:
        if valued:
            touches = [Touch(row[0], _bits(row[1]), _bits(row[2]) if spoils else (), tuple(row[-1])) for row in rows]
            for value in sorted(_values_at(touches, funnel)):
                yield Journey(actor, value, touches)
        elif spoils:
            yield Journey(actor, tuple(chosen), [Touch(at, _bits(steps), _bits(spoilt)) for at, steps, spoilt in rows])
        else:
            yield Journey(actor, tuple(chosen), [Touch(at, _bits(steps)) for at, steps in rows])


def _values_at(touches: list[Touch], funnel: FunnelQuery) -> set[Any]:
    """The values of the events at the attributed step (of any step when unordered), else the empty one."""
    step = funnel.attribution_step + 1
    unordered = funnel.order == "unordered"
    found = {touch.value for touch in touches if (touch.steps if unordered else step in touch.steps)}
    return found or {funnel.breakdown.missing if funnel.breakdown else ("",)}


def starts_in_micros(over: Period) -> list[int]:
    """The beginnings of the period's intervals."""
    return [micros(start.astimezone(UTC)) for start in over.starts]
