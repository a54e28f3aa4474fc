"""What came of everybody's journey: played over timelines, and by the machine where those do not decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.entrances import Entered, entered
from leanbase.query.funnels.events import Journey, journeys, starts_in_micros, steps_of
from leanbase.query.funnels.gathered import unordered_times
from leanbase.query.funnels.intricate import intricate_journeys
from leanbase.query.funnels.levels import ordered_times
from leanbase.query.funnels.machine import OrderedRun, Outcome, Rules, Touch
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.funnels.timelines import NONE, Int64s, Places, Timelines, Value, timelines
from leanbase.query.funnels.trend import depths_by_interval
from leanbase.query.funnels.unordered import UnorderedRun


@dataclass(frozen=True, slots=True)
class Played:
    """Journeys and the times (microseconds) of their steps, an array of steps × journeys with :data:`NONE` where a step
    was not done. ``value`` is the place of the breakdown value in ``values``; ``actors`` is empty unless asked for.
    """

    values: Sequence[Value]
    value: Places
    actors: Sequence[Any]
    times: Int64s


@dataclass(frozen=True, slots=True)
class PlayedEntrances:
    """As :class:`Played`, for a trend: an item per journey and interval in which it began."""

    values: Sequence[Value]
    value: Places
    actors: Sequence[Any]
    interval: Places
    depth: Int64s


class Reached(NamedTuple):
    """Somebody who entered the funnel."""

    actor: Any
    value: Value
    outcome: Outcome


class Entrance(NamedTuple):
    """Somebody who began the funnel in an interval (its index), and how far they came from there."""

    actor: Any
    value: Value
    interval: int
    depth: int


def outcome_of(rules: Rules, touches: Sequence[Touch], value: object = None) -> Outcome:
    """Play one journey by the machine. ``value`` is the breakdown value of a step attribution."""
    run = UnorderedRun(rules, value) if rules.order == "unordered" else OrderedRun(rules, value)
    return run.run(touches)


def played(ctx: QueryContext, funnel: FunnelQuery, over: Period, *, people: bool = False) -> Iterator[Played]:
    """Every journey, one per breakdown value that somebody counts for. Raises :class:`QueryError`."""
    if funnel.rules.attributed is not None:
        yield _played_by_machine(funnel, list(journeys(ctx, funnel, over)))
        return
    for lines in timelines(ctx, funnel, over, people=people):
        yield Played(lines.values, lines.value, lines.actors, _times(funnel, lines))


def reached(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Iterator[Reached]:
    """Everybody who entered and was not excluded, one item per breakdown value they count for."""
    for some in played(ctx, funnel, over, people=True):
        entering = np.flatnonzero((some.times != NONE).any(axis=0))
        for place, times in zip(entering.tolist(), some.times[:, entering].T.tolist(), strict=True):
            done = [(step, time) for step, time in enumerate(times, start=1) if time != NONE]
            outcome = Outcome(tuple(step for step, _ in done), tuple(time for _, time in done))
            yield Reached(some.actors[place], some.values[some.value[place]], outcome)


def played_entrances(
    ctx: QueryContext, funnel: FunnelQuery, over: Period, *, people: bool = False
) -> Iterator[PlayedEntrances]:
    """The best depth of every journey per interval. Raises :class:`QueryError`."""
    starts = starts_in_micros(over)
    if funnel.rules.attributed is not None:
        found = list(journeys(ctx, funnel, over))
        depths = [depths_by_interval(funnel.rules, one.touches, starts, one.value) for one in found]
        values, value, actors = _whose(found)
        yield _entrances(values, value, actors, _as_entered(range(len(found)), depths))
        return
    for lines in timelines(ctx, funnel, over, people=people):
        yield _entrances(lines.values, lines.value, lines.actors, _entered(funnel, lines, starts))


def entrances(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Iterator[Entrance]:
    """The best outcome of everybody per interval."""
    for some in played_entrances(ctx, funnel, over, people=True):
        for actor, value, interval, depth in zip(some.actors, some.value, some.interval, some.depth, strict=True):
            yield Entrance(actor, some.values[value], int(interval), int(depth))


def _times(funnel: FunnelQuery, lines: Timelines) -> Int64s:
    rules = funnel.rules
    if rules.optional:
        times = np.empty((rules.steps, lines.journeys), np.int64)
        by_machine = np.arange(lines.journeys)
    else:
        times = unordered_times(funnel, lines) if rules.order == "unordered" else ordered_times(funnel, lines)
        by_machine = intricate_journeys(funnel, lines)
    for journey in by_machine.tolist():
        times[:, journey] = _by_step(outcome_of(rules, _touches(lines, journey)), rules.steps)
    return times


def _entered(funnel: FunnelQuery, lines: Timelines, starts: Sequence[int]) -> Entered:
    rules = funnel.rules
    if rules.order == "strict":
        by_machine = np.arange(lines.journeys)
        found = Entered(by_machine[:0], by_machine[:0], np.empty(0, np.int64))
    else:
        by_machine = intricate_journeys(funnel, lines)
        found = entered(funnel, lines, np.asarray(starts, np.int64))
    if not len(by_machine):
        return found
    kept = ~np.isin(found.journey, by_machine)
    depths = [depths_by_interval(rules, _touches(lines, journey), starts) for journey in by_machine.tolist()]
    others = _as_entered(by_machine.tolist(), depths)
    return Entered(*(np.concatenate([fast[kept], slow]) for fast, slow in zip(found, others, strict=True)))


def _as_entered(places: Sequence[int], depths: Sequence[dict[int, int]]) -> Entered:
    journey = np.repeat(np.asarray(places, np.intp), [len(one) for one in depths])
    interval = np.asarray([interval for one in depths for interval in one], np.intp)
    return Entered(journey, interval, np.asarray([depth for one in depths for depth in one.values()], np.int64))


def _entrances(values: Sequence[Value], value: Places, actors: Sequence[Any], found: Entered) -> PlayedEntrances:
    journeys = found.journey
    named = [actors[journey] for journey in journeys] if actors else []
    return PlayedEntrances(values, value[journeys], named, found.interval, found.depth)


def _touches(lines: Timelines, journey: int) -> list[Touch]:
    events = slice(int(lines.begins[journey]), int(lines.begins[journey + 1]))
    columns = (lines.at[events].tolist(), lines.did[events].tolist(), lines.spoilt[events].tolist())
    return [Touch(at, steps_of(did), steps_of(spoilt)) for at, did, spoilt in zip(*columns, strict=True)]


def _played_by_machine(funnel: FunnelQuery, found: Sequence[Journey]) -> Played:
    rules = funnel.rules
    times = [_by_step(outcome_of(rules, one.touches, one.value), rules.steps) for one in found]
    return Played(*_whose(found), np.asarray(times, np.int64).reshape(len(found), rules.steps).T)


def _whose(found: Sequence[Journey]) -> tuple[Sequence[Value], Places, Sequence[Any]]:
    numbers: dict[Value, int] = {}
    value = np.asarray([numbers.setdefault(one.value, len(numbers)) for one in found], np.intp)
    return list(numbers), value, [one.actor for one in found]


def _by_step(outcome: Outcome, steps: int) -> list[int]:
    times = [NONE] * steps
    for step, time in zip(outcome.steps, outcome.times, strict=True):
        times[step - 1] = time
    return times
