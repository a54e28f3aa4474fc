"""What came of everybody's journey."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.entrance_sql import entrances_sql
from leanbase.query.funnels.events import Journey, journeys, starts_in_micros
from leanbase.query.funnels.machine import OrderedRun, Outcome, Rules
from leanbase.query.funnels.playing import outcomes_sql
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.funnels.timelines import intricate_condition, is_playable
from leanbase.query.funnels.trend import depths_by_interval
from leanbase.query.funnels.unordered import UnorderedRun

Value = tuple[str, ...]
_MICROSECOND = 1_000_000


class Reached(NamedTuple):
    """Somebody who entered the funnel."""

    actor: Any
    value: Value
    outcome: Outcome


def outcome_of(rules: Rules, journey: Journey) -> Outcome:
    """Play one journey."""
    if rules.order == "unordered":
        return UnorderedRun(rules, journey.value).run(journey.touches)
    return OrderedRun(rules, journey.value).run(journey.touches)


def reached(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Iterator[Reached]:
    """Everybody who entered and was not excluded, one item per breakdown value they count for."""
    if not is_playable(funnel):
        yield from played(ctx, funnel, over)
        return
    left_over = False
    for actor, value, depth, times, intricate in ctx.execute(outcomes_sql(ctx, funnel, over)).rows:
        if intricate:
            left_over = True
        else:
            yield Reached(actor, tuple(value), Outcome(tuple(range(1, depth + 1)), tuple(times[:depth])))
    if left_over:
        yield from played(ctx, funnel, over, intricate_condition(ctx, funnel))


def played(ctx: QueryContext, funnel: FunnelQuery, over: Period, only: str = "") -> Iterator[Reached]:
    """What the machine says of everybody, or of those whose journey fulfils ``only``."""
    rules = funnel.rules
    for journey in journeys(ctx, funnel, over, only):
        outcome = outcome_of(rules, journey)
        if outcome.steps:
            yield Reached(journey.actor, journey.value, outcome)


def seconds_between(people: Iterable[Reached], from_step: int, to_step: int) -> list[float]:
    """The time from one step to a later one (0 first) of those who did both."""
    found: list[float] = []
    for person in people:
        times = dict(zip(person.outcome.steps, person.outcome.times, strict=True))
        if from_step + 1 in times and to_step + 1 in times:
            found.append((times[to_step + 1] - times[from_step + 1]) / _MICROSECOND)
    return found


class Entrance(NamedTuple):
    """Somebody who began the funnel in an interval (its index), and how far they came from there."""

    actor: Any
    value: Value
    interval: int
    depth: int


def entrances(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Iterator[Entrance]:
    """The best outcome of everybody per interval."""
    if not is_playable(funnel):
        yield from played_entrances(ctx, funnel, over)
        return
    left_over = False
    for actor, value, interval, depth, intricate in ctx.execute(entrances_sql(ctx, funnel, over)).rows:
        if intricate:
            left_over = True
        else:
            yield Entrance(actor, tuple(value), interval, depth)
    if left_over:
        yield from played_entrances(ctx, funnel, over, intricate_condition(ctx, funnel))


def played_entrances(ctx: QueryContext, funnel: FunnelQuery, over: Period, only: str = "") -> Iterator[Entrance]:
    """What the machine says of everybody, or of those whose journey fulfils ``only``."""
    rules = funnel.rules
    starts = starts_in_micros(over)
    for journey in journeys(ctx, funnel, over, only):
        for interval, depth in depths_by_interval(rules, journey.touches, starts, journey.value).items():
            yield Entrance(journey.actor, journey.value, interval, depth)
