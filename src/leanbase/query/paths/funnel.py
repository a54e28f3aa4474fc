"""Paths before, between or after the steps of a funnel: whose events count, and from when to when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.funnels.actors import at_step, people_at_step
from leanbase.query.funnels.events import funnel_period
from leanbase.query.funnels.query import FunnelQuery, read_funnel
from leanbase.query.paths.query import PathsQuery

_EVER = 1 << 62  # microseconds; beyond every event


@dataclass(frozen=True, slots=True)
class FunnelTimes:
    """What a funnel counts, with the span of time (microseconds, inclusive) in which its events count.

    ``units`` are people, or the groups or values that the funnel counts; paths are those of people all the same.
    ``window`` parts paths.
    """

    funnel: FunnelQuery
    units: list[Any]
    begins: list[int]
    ends: list[int]
    window: int
    by_person: bool


def funnel_times(ctx: QueryContext, paths: PathsQuery, source: Mapping[str, Any]) -> FunnelTimes:
    """The people at ``funnelStep`` of the funnel, and their spans. Raises :class:`QueryError`."""
    funnel = read_funnel(source)
    step = paths.funnel_step
    if paths.funnel_part == "funnel_path_between_steps" and step < 2:
        raise QueryError("paths between steps end at step 2 or later", attr="funnelPathsFilter.funnelStep")
    units: list[Any] = []
    begins: list[int] = []
    ends: list[int] = []
    for person in people_at_step(ctx, funnel, funnel_period(ctx, funnel), at_step(funnel, step)):
        times = dict(zip(person.outcome.steps, person.outcome.times, strict=True))
        reached = times[step] if step > 0 else person.outcome.times[-1]
        units.append(person.actor)
        match paths.funnel_part:
            case "funnel_path_before_step":
                # Somebody has dropped off when the window is over, so what they did until then counts.
                begins.append(-_EVER)
                ends.append(reached if step > 0 else reached + funnel.window)
            case "funnel_path_between_steps":
                begins.append(max(time for done, time in times.items() if done < step))
                ends.append(reached)
            case _:
                begins.append(reached)
                ends.append(_EVER)
    by_person = funnel.group_type_index is None and (funnel.aggregate_by or "person_id").strip() == "person_id"
    return FunnelTimes(funnel, units, begins, ends, funnel.window, by_person)
