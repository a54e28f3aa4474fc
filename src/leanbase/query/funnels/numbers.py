"""The numbers of a funnel's steps: people, average and median seconds, per breakdown value."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from leanbase.query.breakdown_lists import ALL_USERS
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.durations import average, median
from leanbase.query.funnels.entrance_sql import entered_sql
from leanbase.query.funnels.machine import Outcome
from leanbase.query.funnels.outcomes import Entrance, Reached, Value, played_entrances, reached
from leanbase.query.funnels.playing import numbers_sql
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.funnels.timelines import intricate_condition, is_playable

OTHER: Value = ("Other",)
_MICROSECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Numbers:
    """Per step: people, and the seconds from the step before (None on the first, and when nobody took any time)."""

    counts: list[int]
    averages: list[float | None]
    medians: list[float | None]


def step_numbers(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> list[tuple[Value, Numbers]]:
    """The numbers of every breakdown value, those with most conversions first; empty when nobody entered. Among
    cohorts of the same numbers everybody comes first.

    What is beyond the breakdown's limit is one value, :data:`OTHER`, and comes last.
    """
    found = _from_engine(ctx, funnel, over) if is_playable(funnel) else None
    if found is None:
        found = _from_people(funnel, reached(ctx, funnel, over))
    last: list[tuple[Value, Numbers]] = []
    if funnel.breakdown is not None and not funnel.breakdown.cohorts and OTHER in found and len(found) > 1:
        others = found.pop(OTHER)
        last = [(OTHER, others)]
    by_cohort = funnel.breakdown is not None and bool(funnel.breakdown.cohorts)

    def place(item: tuple[Value, Numbers]) -> Any:
        counts, value = _rank(item[1].counts, item[0])
        return counts, by_cohort and value != (ALL_USERS,), value

    return sorted(found.items(), key=place) + last


def _rank(counts: list[int], value: Value) -> tuple[list[int], Value]:
    return [-count for count in reversed(counts)], value


def _from_engine(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> dict[Value, Numbers] | None:
    """None when somebody is left to the machine: medians of parts cannot be put together."""
    rows = ctx.execute(numbers_sql(ctx, funnel, over)).rows
    if any(left_over for *_, left_over in rows):
        return None
    return {
        OTHER if beyond else tuple(value): Numbers(
            [int(count) for count in counts], [None, *map(_number, averages)], [None, *map(_number, medians)]
        )
        for value, beyond, counts, averages, medians, _ in rows
        if any(counts)
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def trend_numbers(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> dict[Value, dict[int, tuple[int, int]]]:
    """Per breakdown value and interval (its index): how many entered and how many of them converted."""
    found: defaultdict[Value, dict[int, tuple[int, int]]] = defaultdict(dict)
    people: Iterable[Entrance] = ()
    if is_playable(funnel):
        left_over = False
        for value, interval, entered, converted, intricate in ctx.execute(entered_sql(ctx, funnel, over)).rows:
            found[tuple(value)][interval] = (int(entered), int(converted))
            left_over = left_over or bool(intricate)
        if left_over:
            people = played_entrances(ctx, funnel, over, intricate_condition(ctx, funnel))
    else:
        people = played_entrances(ctx, funnel, over)
    for person in people:
        entered, converted = found[person.value].get(person.interval, (0, 0))
        found[person.value][person.interval] = (
            entered + (person.depth > funnel.from_step),
            converted + (person.depth > funnel.to_step),
        )
    return dict(found)


@dataclass
class _Tally:
    counts: list[int]
    seconds: list[list[float]] = field(default_factory=list[list[float]])

    def add(self, outcome: Outcome) -> None:
        before: int | None = None
        for step, time in zip(outcome.steps, outcome.times, strict=True):
            self.counts[step - 1] += 1
            if before is not None:
                self.seconds[step - 1].append((time - before) / _MICROSECOND)
            before = time

    def merge(self, other: "_Tally") -> None:
        for step, count in enumerate(other.counts):
            self.counts[step] += count
            self.seconds[step].extend(other.seconds[step])

    def numbers(self) -> Numbers:
        return Numbers(
            self.counts, [average(found) for found in self.seconds], [median(found) for found in self.seconds]
        )


def _from_people(funnel: FunnelQuery, people: Iterable[Reached]) -> dict[Value, Numbers]:
    steps = funnel.step_count

    def empty() -> _Tally:
        return _Tally([0] * steps, [[] for _ in range(steps)])

    found: defaultdict[Value, _Tally] = defaultdict(empty)
    for person in people:
        found[person.value].add(person.outcome)
    breakdown = funnel.breakdown
    ranked = sorted(found.items(), key=lambda item: _rank(item[1].counts, item[0]))
    if breakdown is not None and not breakdown.cohorts and len(ranked) > breakdown.limit:
        other = empty()
        for _, tally in ranked[breakdown.limit :]:
            other.merge(tally)
        ranked = [*ranked[: breakdown.limit], (OTHER, other)]
    return {value: tally.numbers() for value, tally in ranked}
