"""A funnel over time: per interval of the first step, how far a person came who began there. Pure.

A person has one outcome per interval, the best, and may have many intervals (PostHog's rule). In an unordered funnel
any step begins an attempt. Who in some interval went on past an exclusion counts only where they converted; who merely
met one is missing in that interval alone (PostHog's rules).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import groupby

from leanbase.query.funnels.machine import OrderedRun, Rules, Touch
from leanbase.query.funnels.unordered import UnorderedRun


def depths_by_interval(
    rules: Rules, touches: Sequence[Touch], starts: Sequence[int], value: object = None
) -> dict[int, int]:
    """The depth reached per interval, by the interval's index; intervals without an entrance are left out.

    ``starts`` are the beginnings of the intervals in microseconds, ascending; an event belongs to the last that is
    not after it. ``value`` is the breakdown value of a step attribution.
    """
    if rules.order == "unordered":
        return _unordered(rules, touches, starts, value)
    if rules.order == "ordered" and rules.attributed is None and _plain(touches):
        return _greedy(rules, touches, starts)
    return _one_by_one(rules, touches, starts, value)


def _interval(starts: Sequence[int], time: int) -> int:
    return max(0, bisect_right(starts, time) - 1)


def _unordered(rules: Rules, touches: Sequence[Touch], starts: Sequence[int], value: object) -> dict[int, int]:
    depths: dict[int, int] = {}
    for time, depth in UnorderedRun(rules, value).entrances(touches):
        interval = _interval(starts, time)
        depths[interval] = max(depths.get(interval, 0), depth)
    return depths


def _one_by_one(rules: Rules, touches: Sequence[Touch], starts: Sequence[int], value: object) -> dict[int, int]:
    """Every interval by itself: attempts may begin only inside it."""
    times = [touch.time for touch in touches]
    entered = sorted({_interval(starts, touch.time) for touch in touches if 1 in touch.steps})
    depths: dict[int, int] = {}
    least = 1
    for interval in entered:
        begin = starts[interval] if interval else times[0]
        end = starts[interval + 1] if interval + 1 < len(starts) else times[-1] + 1
        first = bisect_left(times, begin)
        last = bisect_right(times, end + rules.window)
        run = OrderedRun(rules, value, begin, end)
        depths[interval] = run.run(touches[first:last]).furthest
        if run.went_on_excluded:
            least = rules.steps
    return {interval: depth for interval, depth in depths.items() if depth >= least}


def _plain(touches: Sequence[Touch]) -> bool:
    """No exclusions, and no event of several steps among different events of its time."""
    if any(touch.excludes for touch in touches):
        return False
    for _, same in groupby(touches, key=lambda touch: touch.time):
        steps = [touch.steps for touch in same]
        if len(steps) > 1 and any(len(some) > 1 for some in steps) and any(some != steps[0] for some in steps):
            return False
    return True


def _greedy(rules: Rules, touches: Sequence[Touch], starts: Sequence[int]) -> dict[int, int]:
    """Depth of an interval = the best over its entries, each going on with the earliest fitting event per step.

    Equal to the machine where an attempt cannot be spoilt: a newer attempt that overtakes an older one goes on from
    the same event, later than the older one began. Costs the number of entries times the number of steps.
    """
    in_order = sorted(range(len(touches)), key=lambda number: (touches[number].time, touches[number].steps))
    times: list[int] = []
    by_step: list[list[int]] = [[] for _ in range(rules.steps + 1)]
    for position, number in enumerate(in_order):
        times.append(touches[number].time)
        for step in touches[number].steps:
            by_step[step].append(position)
    depths: dict[int, int] = {}
    for entry in by_step[1]:
        interval = _interval(starts, times[entry])
        if depths.get(interval) == rules.steps:
            continue
        position = entry
        limit = times[entry] + rules.window
        depth = 1
        while depth < rules.steps:
            later = by_step[depth + 1]
            found = bisect_right(later, position)
            if found == len(later) or times[later[found]] > limit:
                break
            position = later[found]
            depth += 1
        if depth > depths.get(interval, 0):
            depths[interval] = depth
    return depths
