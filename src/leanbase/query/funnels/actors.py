"""Who is behind a bar of a funnel."""

from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any

from leanbase.query.breakdown_lists import ALL_USERS, ALL_USERS_NUMBER
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period, parse_date
from leanbase.query.errors import QueryError
from leanbase.query.funnels.machine import Outcome
from leanbase.query.funnels.numbers import OTHER, step_numbers
from leanbase.query.funnels.outcomes import Entrance, Reached, entrances, reached
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.intervals import index_of
from leanbase.query.periods import calendar

Condition = Callable[[Outcome], bool]


def at_step(funnel: FunnelQuery, step: int | None) -> Condition:
    """PostHog's ``funnelStep``: n reached step n; -n (from -2) did the required step before n, but not n.

    Raises :class:`QueryError` for a step that is none.
    """
    last = len(funnel.series)
    if step is None or step in (0, -1) or abs(step) > last:
        raise QueryError(
            f"funnelStep is 1 to {last}, or -2 to -{last} for those who dropped off", attr="source.funnelStep"
        )
    if step > 0:
        return lambda outcome: step in outcome.steps
    optional = funnel.rules.optional
    before = next(number for number in range(-step - 1, 0, -1) if number not in optional)
    return lambda outcome: before in outcome.steps and -step not in outcome.steps


def at_furthest(steps: list[Any]) -> Condition:
    """PostHog's ``funnelCustomSteps``: the furthest step is one of these."""
    return lambda outcome: outcome.furthest in steps


def people_at_step(
    ctx: QueryContext, funnel: FunnelQuery, over: Period, wanted: Condition, breakdown: Any = None
) -> Iterator[Reached]:
    """The people whose outcome is wanted; ``breakdown`` (PostHog's ``funnelStepBreakdown``) keeps one value."""
    value = _asked_value(funnel, breakdown)
    named = named_values(ctx, funnel, over) if value == OTHER else None
    for person in reached(ctx, funnel, over):
        has_value = value is None or (person.value == value if named is None else person.value not in named)
        if wanted(person.outcome) and has_value:
            yield person


def named_values(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> set[tuple[str, ...]] | None:
    """The breakdown values that are shown by name; None when no others are put together as :data:`OTHER`."""
    if funnel.breakdown is None or funnel.breakdown.cohorts:
        return None
    values = [value for value, _ in step_numbers(ctx, funnel, over)]
    return set(values[:-1]) if len(values) > funnel.breakdown.limit else None


def people_in_interval(
    ctx: QueryContext,
    funnel: FunnelQuery,
    over: Period,
    entered: str | None,
    dropped: bool | None,
    breakdown: Any = None,
) -> Iterator[Entrance]:
    """The people of a trend who entered in the interval of ``entered`` and converted, or did not.

    Raises :class:`QueryError`.
    """
    if entered is None or dropped is None:
        raise QueryError(
            "people of a funnel trend need funnelTrendsEntrancePeriodStart and funnelTrendsDropOff", attr="source"
        )
    moment = parse_date(entered, calendar(ctx, funnel.source).zone, ctx.now).moment
    interval = index_of(moment.astimezone(UTC), over.starts)
    if interval < 0 or moment >= over.read_until:
        raise QueryError(
            f"{entered!r} is not in the range of this funnel", attr="source.funnelTrendsEntrancePeriodStart"
        )
    value = _asked_value(funnel, breakdown)
    for entrance in entrances(ctx, funnel, over):
        if entrance.interval != interval or (value is not None and entrance.value != value):
            continue
        converted = entrance.depth > funnel.to_step
        if (entrance.depth > funnel.from_step and not converted) if dropped else converted:
            yield entrance


def _asked_value(funnel: FunnelQuery, wanted: Any) -> tuple[str, ...] | None:
    """A breakdown value as requests name it; everybody is a cohort like others."""
    value = breakdown_value(wanted)
    by_cohort = funnel.breakdown is not None and bool(funnel.breakdown.cohorts)
    return (ALL_USERS,) if by_cohort and value == (str(ALL_USERS_NUMBER),) else value


def breakdown_value(wanted: Any) -> tuple[str, ...] | None:
    """A value as requests name it: a text, a number, or a list of them."""
    if wanted is None:
        return None
    items: list[Any] = wanted if isinstance(wanted, list) else [wanted]
    return tuple(_text(item) for item in items)


def _text(item: Any) -> str:
    if isinstance(item, bool):
        return str(item).lower()
    if isinstance(item, float) and item.is_integer():
        return str(int(item))
    return "" if item is None else str(item)
