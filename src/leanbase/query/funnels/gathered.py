"""Unordered funnels over timelines: how many of the steps everybody did within the window; as the machine says.

After every event each step has its newest time; the depth there is the number of steps whose newest time is within the
window. The times of the result are the earliest ones within the window of each step, in time order, at the event that
first made the greatest depth. Who has an exclusion or an event of several steps is intricate: the machine judges.
"""

import numpy as np

from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.funnels.timelines import NONE, Int64s, Timelines

_FAR = 1 << 62


def unordered_times(funnel: FunnelQuery, lines: Timelines) -> Int64s:
    """When everybody did their first, second… step, an array of steps × journeys; :data:`NONE` for those not done."""
    places = np.arange(len(lines.at))
    begins = lines.begins[:-1]
    depths = np.zeros(len(lines.at), np.int64)
    for step in range(1, funnel.step_count + 1):
        newest = np.full(len(lines.at), -1, np.intp)
        newest[lines.of_step(step)] = lines.of_step(step)
        np.maximum.accumulate(newest, out=newest)
        known = newest >= begins[lines.who]
        depths += known & (lines.at - lines.at[newest] <= funnel.window)
    depth = np.maximum.reduceat(depths, begins)
    best = np.flatnonzero(depths == depth[lines.who])
    until = np.empty(lines.journeys, np.intp)
    until[lines.who[best][::-1]] = best[::-1]  # of several the last one written stays: the first
    counts = (places <= until[lines.who]) & (lines.at[until][lines.who] - lines.at <= funnel.window)
    times = np.full((funnel.step_count, lines.journeys), _FAR, np.int64)
    for step in range(1, funnel.step_count + 1):
        found = lines.of_step(step)
        found = found[counts[found]][::-1]
        times[step - 1, lines.who[found]] = lines.at[found]
    times.sort(axis=0)
    times[times == _FAR] = NONE
    return times
