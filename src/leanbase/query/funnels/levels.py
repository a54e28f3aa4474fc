"""Ordered and strict funnels over timelines, step by step for everybody at once; exactly what the machine says.

Held per step is the newest attempt that came so far, which is the last event that took the step. An event takes step k
where an attempt is held at k - 1 and the event is within its window. In a strict funnel an event of another step holds
nothing. An exclusion of the segment to k empties what is held at k - 1 until a newer attempt arrives; whoever then
comes to k from there, came furthest and was excluded. The path of the result are the events that took its attempt from
step to step. A step costs a search for each of its events, so that time is linear in the steps and their events.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.funnels.timelines import NONE, Flags, Int64s, Places, Timelines


@dataclass(frozen=True, slots=True)
class _Taken:
    """The events that took a step, in order, each the first of its attempt.

    ``start`` is when the attempt began, ``before`` the place among those who took the step before, of the event from
    which this one went on (of no meaning for step 1). ``lost`` are journeys in which somebody spoilt would have taken
    the step.
    """

    place: Places
    start: Int64s
    before: Places
    lost: Places


def ordered_times(funnel: FunnelQuery, lines: Timelines) -> Int64s:
    """When everybody did each step, an array of steps × journeys; :data:`NONE` where they did not. Who was excluded did
    not do any.
    """
    first = lines.of_step(1)
    taken = [_first_of_attempts(lines, first, lines.at[first], first, first[:0])]
    for step in range(2, funnel.step_count + 1):
        taken.append(_next_taken(funnel, lines, taken[-1], step))
    depth, end = _furthest(funnel, lines, taken)
    times = np.full((funnel.step_count, lines.journeys), NONE, np.int64)
    for step in range(funnel.step_count, 0, -1):
        here = taken[step - 1]
        did = np.flatnonzero(depth >= step)
        times[step - 1, did] = lines.at[here.place[end[did]]]
        if step > 1:
            end[did] = here.before[end[did]]
    return times


def _first_of_attempts(lines: Timelines, place: Places, start: Int64s, before: Places, lost: Places) -> _Taken:
    """An attempt, known by when it began, takes a step once."""
    who = lines.who[place]
    again = (start[1:] == start[:-1]) & (who[1:] == who[:-1])
    if not again.any():
        return _Taken(place, start, before, lost)
    fresh = np.ones(len(place), np.bool_)
    fresh[1:] = ~again
    return _Taken(place[fresh], start[fresh], before[fresh], lost)


def _next_taken(funnel: FunnelQuery, lines: Timelines, earlier: _Taken, step: int) -> _Taken:
    place = lines.of_step(step)
    held, fits = _last_of(lines, earlier.place, place, "left")
    if len(earlier.place):
        fits &= lines.at[place] - earlier.start[held] <= funnel.window
    if funnel.order == "strict":
        fits[fits] = earlier.place[held[fits]] > _last_other(lines, step - 1)[place[fits] - 1]
    place, held = place[fits], held[fits]
    if not _spoils(funnel, step):
        return _first_of_attempts(lines, place, earlier.start[held], held, place[:0])
    clean = ~_spoilt_since(lines, earlier.place[held], place, step)
    found = _first_of_attempts(lines, place[clean], earlier.start[held][clean], held[clean], place[:0])
    place, held = place[~clean], held[~clean]
    done, is_done = _last_of(lines, found.place, place, "right")
    is_done[is_done] = found.start[done[is_done]] == earlier.start[held[is_done]]
    return _Taken(found.place, found.start, found.before, lines.who[place[~is_done]])


def _last_of(lines: Timelines, among: Places, places: Places, side: Literal["left", "right"]) -> tuple[Places, Flags]:
    """For each event the last one of ``among`` before it (with ``right``: or itself), as a place in ``among``, and
    whether there is one in the same journey.
    """
    if not len(among):
        return np.zeros_like(places), np.zeros(len(places), np.bool_)
    found = np.searchsorted(among, places, side) - 1
    exists = found >= 0
    np.maximum(found, 0, out=found)
    exists &= lines.who[among[found]] == lines.who[places]
    return found, exists


def _last_other(lines: Timelines, step: int) -> Places:
    """For each event the last one until it, itself included, that is not of the step; -1 for none."""
    others = np.arange(len(lines.at))
    others[lines.of_step(step)] = -1
    return np.maximum.accumulate(others)


def _spoils(funnel: FunnelQuery, step: int) -> bool:
    """Whether anything is excluded on the way to the step."""
    return any(exclusion.from_step + 1 < step <= exclusion.to_step + 1 for exclusion in funnel.exclusions)


def _spoilt_since(lines: Timelines, begins: Places, places: Places, step: int) -> Flags:
    """Whether there is an exclusion on the way to the step between two events."""
    spoiling = lines.spoiling(step)
    return np.searchsorted(spoiling, places) > np.searchsorted(spoiling, begins)


def _furthest(funnel: FunnelQuery, lines: Timelines, taken: list[_Taken]) -> tuple[Places, Places]:
    """Per journey the furthest step, 0 for none or excluded, and the place of the first event that took it."""
    depth = np.zeros(lines.journeys, np.intp)
    end = np.full(lines.journeys, -1, np.intp)
    for step, here in enumerate(taken, start=1):
        who, first = _firsts(lines.who[here.place])
        for reached in (who, here.lost):
            depth[reached] = step
            end[reached] = -1
        if step < funnel.step_count and _spoils(funnel, step + 1):
            clean = np.flatnonzero(~_spoilt_within(funnel, lines, here, step + 1))
            who, first = _firsts(lines.who[here.place[clean]])
            first = clean[first]
        end[who] = first
    depth[end < 0] = 0
    return depth, end


def _firsts(who: Places) -> tuple[Places, Places]:
    """The journeys of a sorted list of journeys, and the place in it where each begins."""
    fresh = np.ones(len(who), np.bool_)
    np.not_equal(who[1:], who[:-1], out=fresh[1:])
    first = np.flatnonzero(fresh)
    return who[first], first


def _spoilt_within(funnel: FunnelQuery, lines: Timelines, here: _Taken, step: int) -> Flags:
    """Which attempts are followed, within their window, by an exclusion on the way to the step: it spoils those that
    came no further.
    """
    spoiling = lines.spoiling(step)
    following = np.searchsorted(spoiling, here.place)
    found = following < len(spoiling)
    spoiler = spoiling[following[found]]
    place = here.place[found]
    found[found] = (lines.who[spoiler] == lines.who[place]) & (lines.at[spoiler] - here.start[found] <= funnel.window)
    return found
