"""From rows of the engine to the lines of a chart: filled, scaled, smoothed, in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from leanbase.query.breakdowns import NULL_TOKEN, OTHER_TOKEN

BreakdownValue = str | int | list[str] | None
_UNSCALED = ("avg", "min", "max", "median", "p75", "p90", "p95", "p99")
_MAX_LINES = 50_000


@dataclass(slots=True)
class Line:
    """One line: a value per interval, or a single one."""

    value: BreakdownValue
    points: list[float]


def lines_of(rows: Iterable[tuple[Any, ...]], length: int, *, changes: bool, several: bool) -> list[Line]:
    """Lines of rows (b, bucket, value), in PostHog's order: total descending, ties by value, then null, then other."""
    found: dict[Any, list[float]] = {}
    for value, bucket, number in rows:
        key = tuple(value) if several else value
        if 0 <= bucket < length:
            found.setdefault(key, [0] * length)[bucket] += number
    lines = [
        Line(list(key) if several else key, list(accumulate(points)) if changes else points)
        for key, points in found.items()
    ]
    return in_order(lines)[:_MAX_LINES]


def in_order(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=_place)


def _place(line: Line) -> tuple[int, float, str | list[str]]:
    value = line.value if isinstance(line.value, list) else str(line.value)
    kind = 2 if is_other(line.value) else 1 if is_null(line.value) else 0
    return kind, -sum(line.points), value


def is_other(value: BreakdownValue) -> bool:
    return value == OTHER_TOKEN or (isinstance(value, list) and OTHER_TOKEN in value)


def is_null(value: BreakdownValue) -> bool:
    return value == NULL_TOKEN or (isinstance(value, list) and NULL_TOKEN in value)


def scaled(points: list[float], factor: float | None, math: str | None) -> list[float]:
    """Counts of a sample as counts of everything, rounded; averages and quantiles stay as they are."""
    if factor is None or factor == 1 or (math or "").startswith(_UNSCALED):
        return points
    return [round(point / factor) for point in points]


def smoothed(points: list[float], width: int) -> list[float]:
    """The mean of each point and up to ``width`` - 1 before it, rounded down to a whole number."""
    if width <= 1:
        return points
    windows = (points[max(0, last - width + 1) : last + 1] for last in range(len(points)))
    return [sum(window) // len(window) for window in windows]


def running(points: list[float]) -> list[float]:
    return list(accumulate(points))
