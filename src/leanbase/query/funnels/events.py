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
def steps_of(mask: int) -> tuple[int, ...]:
    """The steps of a mask of bits, ascending from 1."""
    return tuple(number + 1 for number in range(mask.bit_length()) if mask >> number & 1)


def funnel_period(ctx: QueryContext, funnel: FunnelQuery) -> Period:
    """The range of a funnel; trends cut it into intervals."""
    interval = funnel.interval if funnel.viz == "trends" else "day"
    nodes = funnel.series + [exclusion.node for exclusion in funnel.exclusions]
    return period(ctx, funnel.source, interval, nodes)


def counts_persons(funnel: FunnelQuery) -> bool:
    """Whether an actor is a person's key; otherwise it is a text."""
    return funnel.group_type_index is None and (funnel.aggregate_by or "person_id").strip() == "person_id"


def actor_sql(scope: EventScope, funnel: FunnelQuery) -> tuple[str, str]:
    """Who is counted, and the condition under which an event has somebody to count for."""
    if funnel.group_type_index is not None:
        actor = scope.actor(funnel.group_type_index)
        return actor, f"{actor} != ''"
    if funnel.aggregate_by and not counts_persons(funnel):
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


@dataclass(frozen=True, slots=True)
class Selected:
    """The events of a funnel as a SELECT of (actor, at, steps, and where asked for spoils and value).

    ``group`` is what makes a journey, ``chosen`` its breakdown value, ``entered`` the condition that it began.
    ``valued`` says that the events' own values matter (step attribution).
    """

    text: str
    group: str
    chosen: str
    entered: str
    spoils: bool
    valued: bool


def selected_events(ctx: QueryContext, funnel: FunnelQuery, over: Period, binder: Binder) -> Selected:
    """What both ways of playing a funnel begin with. Raises :class:`QueryError`."""
    scope = EventScope(ctx, binder)
    actor, counted = actor_sql(scope, funnel)
    columns = [
        f"{actor} AS actor",
        "toUnixTimestamp64Micro(e.timestamp) AS at",
        f"{_mask(step_conditions(scope, funnel, over.read_until))} AS steps",
    ]
    spoils = bool(funnel.exclusions)
    if spoils:
        columns.append(f"{_mask(spoilt_conditions(scope, funnel), first_bit=1)} AS spoils")
    breakdown = funnel.breakdown
    if breakdown:
        columns.append(f"{value_list(scope, breakdown)} AS value")
    nodes = [*funnel.series[: funnel.step_count], *(exclusion.node for exclusion in funnel.exclusions)]
    strict = funnel.order == "strict"
    conditions = [
        scope.between(over.read_from, over.end),
        counted,
        scope.query_filters(funnel.source),
        "1" if strict else scope.event_in(nodes),
    ]
    where = " AND ".join(condition for condition in conditions if condition != "1")
    relevant = "" if strict else " WHERE steps != 0" + (" OR spoils != 0" if spoils else "")
    by_value = breakdown is not None and (funnel.attribution == "all_events" or bool(breakdown.cohorts))
    valued = breakdown is not None and not by_value and funnel.attribution == "step"
    if breakdown is None or valued:
        chosen = "CAST([], 'Array(String)')"
    else:
        chosen = "value" if by_value else _touched_value(funnel)
    events = f"SELECT {', '.join(columns)} FROM {scope.source(funnel.sampling)} WHERE {where}"
    return Selected(
        text=f"SELECT * FROM ({events}){relevant}",
        group="actor, value" if by_value else "actor",
        chosen=chosen,
        entered="1" if funnel.order == "unordered" else "bitAnd(groupBitOr(steps), 1) = 1",
        spoils=spoils,
        valued=valued,
    )


def journeys_sql(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Sql:
    """The statement behind :func:`journeys`."""
    binder = Binder()
    selected = selected_events(ctx, funnel, over, binder)
    touch = ["at", "steps", *(["spoils"] if selected.spoils else []), *(["value"] if selected.valued else [])]
    text = (
        f"SELECT actor, {selected.chosen} AS chosen, arraySort(groupArray(({', '.join(touch)}))) AS touches"
        f" FROM ({selected.text}) GROUP BY {selected.group} HAVING {selected.entered}"
    )
    return binder.sql(text)


def _touched_value(funnel: FunnelQuery) -> str:
    """The value of the first or last event of the funnel that has one, from one event; all empty when none has."""
    missing = funnel.breakdown.missing if funnel.breakdown else ("",)
    has_value = "arrayExists(x -> x != '', value)"
    pick = "argMinIf" if funnel.attribution == "first_touch" else "argMaxIf"
    empty = "[" + ", ".join(f"'{text}'" for text in missing) + "]"
    return f"if(countIf({has_value}) = 0, {empty}, {pick}(value, (at, value), {has_value}))"


def journeys(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Iterator[Journey]:
    """Everybody who did step 1 (in unordered funnels: any step) within the period, event by event.

    For funnels whose events have values, which timelines do not hold; others are faster by those.
    """
    spoils = bool(funnel.exclusions)
    valued = funnel.breakdown is not None and not funnel.breakdown.cohorts and funnel.attribution == "step"

    def touch(row: tuple[Any, ...]) -> Touch:
        spoilt = steps_of(row[2]) if spoils else ()
        return Touch(row[0], steps_of(row[1]), spoilt, tuple(row[-1]) if valued else None)

    for actor, chosen, rows in ctx.execute(journeys_sql(ctx, funnel, over)).rows:
        touches = [touch(row) for row in rows]
        for value in sorted(_values_at(touches, funnel)) if valued else [tuple(chosen)]:
            yield Journey(actor, value, touches)


def _values_at(touches: list[Touch], funnel: FunnelQuery) -> set[Any]:
    """The values of the events at the attributed step (of any step when unordered); who never did it has none."""
    step = funnel.attribution_step + 1
    unordered = funnel.order == "unordered"
    return {touch.value for touch in touches if (touch.steps if unordered else step in touch.steps)}


def starts_in_micros(over: Period) -> list[int]:
    """The beginnings of the period's intervals."""
    return [micros(start.astimezone(UTC)) for start in over.starts]
