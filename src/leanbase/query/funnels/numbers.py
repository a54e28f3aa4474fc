"""The numbers of a funnel's steps: people, average and median seconds, per breakdown value."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from leanbase.query.breakdown_lists import ALL_USERS
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.outcomes import played, played_entrances
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.funnels.timelines import NONE, Int64s, Places, Value

OTHER: Value = ("Other",)
_MICROSECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Numbers:
    """Per step: people, and the seconds from the step before (None on the first, and when nobody took any time)."""

    counts: list[int]
    averages: list[float | None]
    medians: list[float | None]


@dataclass(frozen=True, slots=True)
class _Durations:
    """Who took how long (microseconds, above 0) to a step from the one that they did before it."""

    value: Places
    micros: Int64s


def step_numbers(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> list[tuple[Value, Numbers]]:
    """The numbers of every breakdown value, those with most conversions first; empty when nobody entered. Among
    cohorts of the same numbers everybody comes first.

    What is beyond the breakdown's limit is one value, :data:`OTHER`, and comes last.
    """
    places: dict[Value, int] = {}
    counts = np.zeros((0, funnel.step_count), np.int64)
    durations: list[list[_Durations]] = [[] for _ in range(funnel.step_count)]
    for some in played(ctx, funnel, over):
        value = np.asarray([places.setdefault(one, len(places)) for one in some.values], np.intp)[some.value]
        found = [np.bincount(value[times != NONE], minlength=len(places)) for times in some.times]
        counts = np.pad(counts, ((0, len(places) - len(counts)), (0, 0))) + np.stack(found, axis=1)
        for step, took in enumerate(_durations(some.times, value)):
            durations[step].append(took)
    shown, line = _lines(funnel, list(places), counts)
    lines = np.zeros((len(shown), funnel.step_count), np.int64)
    np.add.at(lines, line[line >= 0], counts[line >= 0])
    speeds = [_speeds(found, line, len(shown)) for found in durations]
    numbers = [
        Numbers(lines[number].tolist(), [found[number][0] for found in speeds], [found[number][1] for found in speeds])
        for number in range(len(shown))
    ]
    breakdown = funnel.breakdown
    by_cohort = breakdown is not None and bool(breakdown.cohorts)

    def place(item: tuple[Value, Numbers]) -> Any:
        value, found = item
        is_other = breakdown is not None and not by_cohort and value == OTHER
        return is_other, _most_first(found.counts), by_cohort and value != (ALL_USERS,), value

    return sorted(zip(shown, numbers, strict=True), key=place)


def _most_first(counts: list[int]) -> list[int]:
    """Sorts by the most who came furthest."""
    return [-count for count in reversed(counts)]


def _lines(funnel: FunnelQuery, values: list[Value], counts: Int64s) -> tuple[list[Value], Places]:
    """The values that are shown, and for each value the place of its line among them; -1 when nobody entered."""
    breakdown = funnel.breakdown
    entered = np.flatnonzero(counts.any(axis=1)).tolist()
    ranked = sorted(entered, key=lambda number: (_most_first(counts[number].tolist()), values[number]))
    limit = breakdown.limit if breakdown is not None and not breakdown.cohorts else len(ranked)
    shown: dict[Value, int] = {}
    line = np.full(len(values), -1, np.intp)
    for place, number in enumerate(ranked):
        line[number] = shown.setdefault(values[number] if place < limit else OTHER, len(shown))
    return list(shown), line


def _durations(times: Int64s, value: Places) -> list[_Durations]:
    """Per step, for those who took any time to it."""
    found: list[_Durations] = []
    before = np.full(len(value), NONE, np.int64)
    for at in times:
        done = at != NONE
        took = np.flatnonzero(done & (before != NONE) & (at > before))
        found.append(_Durations(value[took], at[took] - before[took]))
        before = np.where(done, at, before)
    return found


def _speeds(durations: list[_Durations], line: Places, lines: int) -> list[tuple[float | None, float | None]]:
    """Per line the average and the median, in seconds; None when nobody took any time."""
    if not durations:
        return []
    of_line = line[np.concatenate([found.value for found in durations])]
    order = np.argsort(of_line, kind="stable")
    micros = np.concatenate([found.micros for found in durations])[order]
    ends = np.searchsorted(of_line[order], np.arange(lines), "right")
    return [_speed(some) for some in np.split(micros, ends)[:lines]]


def _speed(micros: Int64s) -> tuple[float | None, float | None]:
    if not len(micros):
        return None, None
    return int(micros.sum()) / len(micros) / _MICROSECOND, float(np.median(micros)) / _MICROSECOND


def seconds_to_convert(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> list[float]:
    """How long everybody who did both took from the step ``from_step`` to the step ``to_step``."""
    seconds: list[float] = []
    for some in played(ctx, funnel, over):
        begin, end = some.times[funnel.from_step], some.times[funnel.to_step]
        both = (begin != NONE) & (end != NONE)
        seconds += ((end[both] - begin[both]) / _MICROSECOND).tolist()
    return seconds


def trend_numbers(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> dict[Value, dict[int, tuple[int, int]]]:
    """Per breakdown value and interval (its index): how many entered and how many of them converted."""
    found: defaultdict[Value, dict[int, tuple[int, int]]] = defaultdict(dict)
    intervals = len(over.starts)
    for some in played_entrances(ctx, funnel, over):
        cell = some.value * intervals + some.interval
        began = np.bincount(cell[some.depth > funnel.from_step], minlength=len(some.values) * intervals)
        converted = np.bincount(cell[some.depth > funnel.to_step], minlength=len(some.values) * intervals)
        for place in np.flatnonzero(np.bincount(cell)).tolist():
            value, interval = some.values[place // intervals], place % intervals
            before, done = found[value].get(interval, (0, 0))
            found[value][interval] = (before + int(began[place]), done + int(converted[place]))
    return dict(found)
