"""A funnel over time: per interval in which somebody began, how far they came from there; over timelines.

In an ordered funnel the chain of an entry is the next event of step 2, from there the next of step 3, and so on; in an
unordered one every event is an entry and its depth the number of steps that follow within the window, itself included.
"""

from typing import NamedTuple

import numpy as np

from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.funnels.timelines import Int64s, Places, Timelines


class Entered(NamedTuple):
    """Entrances: the journey, the interval and the best depth of each, sorted by journey and interval."""

    journey: Places
    interval: Places
    depth: Int64s


def entered(funnel: FunnelQuery, lines: Timelines, starts: Int64s) -> Entered:
    """The entrances of everybody. ``starts`` are the beginnings of the intervals in microseconds; an event belongs to
    the last that is not after it.
    """
    unordered = funnel.order == "unordered"
    entries = np.arange(len(lines.at)) if unordered else lines.of_step(1)
    depths = _gathered(funnel, lines) if unordered else _chained(funnel, lines, entries)
    journey = lines.who[entries]
    interval = np.maximum(np.searchsorted(starts, lines.at[entries], "right") - 1, 0)
    if not len(entries):
        return Entered(journey, interval, depths)
    fresh = np.ones(len(entries), np.bool_)
    fresh[1:] = (journey[1:] != journey[:-1]) | (interval[1:] != interval[:-1])
    first = np.flatnonzero(fresh)
    return Entered(journey[first], interval[first], np.maximum.reduceat(depths, first))


def _chained(funnel: FunnelQuery, lines: Timelines, entries: Places) -> Int64s:
    """How far each entry comes when it goes on with the earliest fitting event of every step."""
    depths = np.ones(len(entries), np.int64)
    going = np.arange(len(entries))  # which of the entries are still on their way, and where they are
    place = entries
    for step in range(2, funnel.step_count + 1):
        going, place = _follow(funnel, lines, entries, going, place, lines.of_step(step))
        depths[going] = step
    return depths


def _follow(
    funnel: FunnelQuery, lines: Timelines, entries: Places, going: Places, place: Places, events: Places
) -> tuple[Places, Places]:
    following = np.searchsorted(events, place, "right")
    found = following < len(events)
    going, place = going[found], events[following[found]]
    entry = entries[going]
    found = (lines.who[place] == lines.who[entry]) & (lines.at[place] - lines.at[entry] <= funnel.window)
    return going[found], place[found]


def _gathered(funnel: FunnelQuery, lines: Timelines) -> Int64s:
    """How many steps follow each event within the window, itself included."""
    depths = np.zeros(len(lines.at), np.int64)
    places = np.arange(len(lines.at))
    for step in range(1, funnel.step_count + 1):
        going, _ = _follow(funnel, lines, places, places, places - 1, lines.of_step(step))
        depths[going] += 1
    return depths
