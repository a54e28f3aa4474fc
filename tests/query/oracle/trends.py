"""Trends, stickiness and lifecycle counted naively: every point looks at every event.

Only the ends of the period come from the code under test; intervals, persons, values and ranks are worked out here.
"""

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from statistics import mean
from typing import Any
from uuid import UUID

from leanbase.query.dates import Period
from tests.query.cases import StoredEvent

NULL = "$$_posthog_breakdown_null_$$"
OTHER = "$$_posthog_breakdown_other_$$"


@dataclass(frozen=True)
class World:
    """Everything that happened. ``merges`` say who became whom; ``created`` when today's persons were created."""

    events: Sequence[StoredEvent]
    merges: Mapping[str, str]
    created: Mapping[str, datetime]

    def person(self, event: StoredEvent) -> str:
        name = event.person or event.distinct_id
        return self.merges.get(name, name)


def text_of(event: StoredEvent, key: str) -> str | None:
    value = event.properties.get(key)
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def number_of(event: StoredEvent, key: str) -> float | None:
    try:
        return float(text_of(event, key) or "")
    except ValueError:
        return None


def floor(moment: datetime, interval: str, week_start: int) -> datetime:
    """The wall time at which the interval of a local moment begins; hours stay apart by their offset."""
    wall = moment.replace(tzinfo=None)
    day = datetime(wall.year, wall.month, wall.day)
    if interval == "hour":
        return day + timedelta(hours=wall.hour)
    if interval == "week":
        back = 0
        while (day - timedelta(days=back)).isoweekday() % 7 != week_start:
            back += 1
        return day - timedelta(days=back)
    return day.replace(day=1) if interval == "month" else day


def bucket_of(moment: datetime, period: Period) -> tuple[datetime, timedelta | None]:
    local = moment.astimezone(period.start.tzinfo)
    offset = local.utcoffset() if period.interval == "hour" else None
    return floor(local, period.interval, period.week_start), offset


def buckets_of(period: Period) -> list[tuple[datetime, timedelta | None]]:
    """Every interval of the period, found by walking through it in small steps."""
    found: list[tuple[datetime, timedelta | None]] = []
    moment = period.start.astimezone(UTC)
    while moment <= period.end.astimezone(UTC):
        bucket = bucket_of(moment, period)
        if not found or found[-1] != bucket:
            found.append(bucket)
        moment += timedelta(minutes=30) if period.interval == "hour" else timedelta(hours=6)
    last = bucket_of(period.end, period)
    return found if found[-1:] == [last] else [*found, last]


def quantile(values: Sequence[float], share: float) -> float:
    """Linear interpolation between the two nearest values."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


NUMBERS: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": sum,
    "avg": mean,
    "min": min,
    "max": max,
    "median": lambda values: quantile(values, 0.5),
    "p75": lambda values: quantile(values, 0.75),
    "p90": lambda values: quantile(values, 0.9),
    "p95": lambda values: quantile(values, 0.95),
    "p99": lambda values: quantile(values, 0.99),
}
WINDOWS = {"weekly_active": 7, "monthly_active": 30}


def value_of(world: World, math_name: str, events: Sequence[StoredEvent]) -> float:
    """What a bucket shows that holds these events."""
    if math_name == "total":
        return len(events)
    if math_name == "dau":
        return len({world.person(event) for event in events})
    if math_name == "unique_session":
        return len({text_of(event, "$session_id") or "" for event in events})
    if math_name == "unique_group":
        return len({text_of(event, "$group_0") or "" for event in events} - {""})
    if math_name == "avg_session_duration":
        return _average_session(world, events)
    if math_name.endswith("_count_per_actor"):
        counts: dict[str, int] = defaultdict(int)
        for event in events:
            counts[world.person(event)] += 1
        return NUMBERS[math_name.removesuffix("_count_per_actor")](list(counts.values())) if counts else 0
    numbers = [number for event in events if (number := number_of(event, "n")) is not None]
    return NUMBERS[math_name](numbers) if numbers else 0


def _is_uuid7(text: str) -> bool:
    try:
        return UUID(text).version == 7
    except ValueError:
        return False


def _average_session(world: World, events: Sequence[StoredEvent]) -> float:
    durations: list[float] = []
    for session in {text_of(event, "$session_id") or "" for event in events}:
        if not _is_uuid7(session):
            continue
        times = [event.timestamp for event in world.events if text_of(event, "$session_id") == session]
        durations.append((max(times) - min(times)) // timedelta(seconds=1))
    return mean(durations) if durations else 0


@dataclass(frozen=True)
class Question:
    """One series: what is counted of which events, by what."""

    event: str | None
    math: str
    condition: Callable[[StoredEvent], bool]
    breakdown: tuple[str, ...] = ()
    limit: int = 25

    def named(self, event: StoredEvent) -> bool:
        return self.event is None or event.event == self.event

    def matches(self, event: StoredEvent) -> bool:
        return self.named(event) and self.condition(event)

    def value(self, event: StoredEvent) -> tuple[str, ...]:
        return tuple(text_of(event, key) or NULL for key in self.breakdown)


Rows = list[tuple[tuple[str, ...], list[float]]]  # breakdown value -> points, in order


def trend(world: World, question: Question, period: Period, *, total: bool, cumulative: bool) -> Rows:
    """The expected lines; without a breakdown a single one under ``()``."""
    buckets = [None] if total else buckets_of(period)
    events = [event for event in world.events if question.matches(event)]
    inside = [event for event in events if period.read_from <= event.timestamp <= period.end]
    found: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0] * len(buckets))

    def add(chosen: Iterable[StoredEvent], index: int) -> None:
        grouped: dict[tuple[str, ...], list[StoredEvent]] = defaultdict(list)
        for event in chosen:
            grouped[question.value(event)].append(event)
        for value, group in grouped.items():
            found[value][index] = value_of(world, "dau" if question.math in WINDOWS else question.math, group)

    if question.math.startswith("first_"):
        for event in _firsts(world, question, period):
            index = 0 if total else buckets.index(bucket_of(event.timestamp, period))
            found[question.value(event)][index] += 1
    elif question.math in WINDOWS and (total or not _plain(question.math, period.interval)):
        for index, bucket in enumerate(buckets):
            add((event for event in events if _in_window(event, bucket, question.math, period)), index)
    elif cumulative and question.math in ("dau", "unique_group"):
        return _once_each(world, question, period, inside, buckets)
    else:
        for index, bucket in enumerate(buckets):
            add((event for event in inside if bucket is None or bucket_of(event.timestamp, period) == bucket), index)
    return _ranked(question, found, len(buckets), cumulative=cumulative)


def _plain(math_name: str, interval: str) -> bool:
    return interval == "month" or (math_name == "weekly_active" and interval == "week")


def _in_window(event: StoredEvent, bucket: Any, math_name: str, period: Period) -> bool:
    local = event.timestamp.astimezone(period.start.tzinfo)
    days = WINDOWS[math_name]
    if bucket is None:
        last = period.end.replace(tzinfo=None).date()
        return last - timedelta(days=days) < local.date() <= last and event.timestamp <= period.end
    if event.timestamp > period.end:
        return False
    if period.interval == "hour":
        start, offset = bucket
        begin = start.replace(tzinfo=UTC) - offset
        return begin - timedelta(days=days) + timedelta(hours=1) <= event.timestamp < begin + timedelta(hours=1)
    return bucket[0].date() - timedelta(days=days) < local.date() <= bucket[0].date()


def _firsts(world: World, question: Question, period: Period) -> list[StoredEvent]:
    """The event for which each person counts, if it lies in the period."""
    found: list[StoredEvent] = []
    for person in {world.person(event) for event in world.events}:
        own = [event for event in world.events if world.person(event) == person and event.timestamp <= period.end]
        searched = question.named if question.math == "first_time_for_user" else question.matches
        candidates = [event for event in own if searched(event)]
        first = min((event.timestamp for event in candidates), default=None)
        hits = [event for event in candidates if event.timestamp == first and question.matches(event)]
        if first is not None and hits and first >= period.read_from:
            found.append(hits[0])
    return found


def _once_each(
    world: World, question: Question, period: Period, inside: Sequence[StoredEvent], buckets: Sequence[Any]
) -> Rows:
    found: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0] * len(buckets))
    seen: set[tuple[tuple[str, ...], str]] = set()
    for event in sorted(inside, key=lambda event: event.timestamp):
        unit = world.person(event) if question.math == "dau" else text_of(event, "$group_0") or ""
        value = question.value(event)
        if unit and (value, unit) not in seen:
            seen.add((value, unit))
            found[value][buckets.index(bucket_of(event.timestamp, period))] += 1
    return _ranked(question, found, len(buckets), cumulative=True)


def _ranked(question: Question, found: Mapping[tuple[str, ...], list[float]], length: int, *, cumulative: bool) -> Rows:
    def total(value: tuple[str, ...]) -> float:
        return sum(accumulate(found[value])) if cumulative else sum(found[value])

    if not question.breakdown:
        return [((), found.get((), [0.0] * length))]
    order = sorted(found, key=lambda value: (NULL in value, -total(value), value))
    named, rest = order[: question.limit], order[question.limit :]
    rows = [(value, list(found[value])) for value in named]
    if rest:
        rows.append(
            (
                (OTHER,) * len(question.breakdown),
                [sum(column) for column in zip(*(found[v] for v in rest), strict=True)],
            )
        )
    return rows


def stickiness(
    world: World, question: Question, period: Period, group: int, wanted: Callable[[int], bool]
) -> list[int]:
    """How many persons were active in exactly 1, 2, … groups of ``group`` intervals, counted back from the end."""
    buckets = buckets_of(period)
    active: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for event in world.events:
        if question.matches(event) and period.read_from <= event.timestamp <= period.end:
            back = len(buckets) - 1 - buckets.index(bucket_of(event.timestamp, period))
            active[world.person(event)][back // group] += 1
    counts = [0] * math.ceil(len(buckets) / group)
    for parts in active.values():
        number = sum(wanted(events) for events in parts.values())
        if number:
            counts[number - 1] += 1
    return counts


def lifecycle(world: World, question: Question, period: Period, previous: datetime) -> dict[str, list[int]]:
    """The four statuses; ``previous`` is the beginning of the interval before the first. The last one counts whole."""
    before = bucket_of(previous, period)
    buckets = [before, *buckets_of(period)]
    active: dict[str, set[int]] = defaultdict(set)
    for event in world.events:
        bucket = bucket_of(event.timestamp, period)
        if question.matches(event) and bucket in buckets and event.timestamp >= previous and not event.personless:
            active[world.person(event)].add(buckets.index(bucket))
    counts = {status: [0] * (len(buckets) - 1) for status in ("new", "returning", "resurrecting", "dormant")}
    for person, indexes in active.items():
        created = bucket_of(world.created[person], period) if person in world.created else None
        for index in range(1, len(buckets)):
            if index in indexes:
                status = "new" if created == buckets[index] else "returning" if index - 1 in indexes else "resurrecting"
                counts[status][index - 1] += 1
            elif index - 1 in indexes:
                counts["dormant"][index - 1] -= 1
    return counts
