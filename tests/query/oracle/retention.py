"""Retention counted naively: person by person, interval by interval, in the project's wall time."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from leanbase.query.retention.query import RetentionQuery
from tests.query.cases import StoredEvent
from tests.query.oracle.trends import World, floor

Matches = Callable[[StoredEvent], bool]
Place = Callable[[datetime], int | None]


def place_in(asked: RetentionQuery, week_start: int) -> Place:
    """The number of the interval of a moment; None outside the range."""
    zone = asked.starts[0].tzinfo
    walls = [start.replace(tzinfo=None) for start in asked.starts]

    def place(moment: datetime) -> int | None:
        if not asked.starts[0] <= moment < asked.end:
            return None
        return walls.index(floor(moment.astimezone(zone), asked.interval, week_start))

    return place


def table(
    world: World, asked: RetentionQuery, week_start: int, target: Matches, named: Matches, returning: Matches
) -> list[list[int]]:
    """The counts. ``named`` is the target without its filters, for the first event ever of that name."""
    place = place_in(asked, week_start)
    found = [[0] * asked.columns for _ in asked.starts]
    for person in {world.person(event) for event in world.events}:
        own = sorted((e for e in world.events if world.person(e) == person), key=lambda event: event.timestamp)
        targets = [event.timestamp for event in own if target(event)]
        if asked.kind == "retention_first_time":
            targets = targets[:1]
        elif asked.kind == "retention_first_ever_occurrence":
            ever = [event.timestamp for event in own if named(event)][:1]
            targets = [moment for moment in targets if moment in ever][:1]
        inside = [moment for moment in targets if place(moment) is not None]
        returns = [event.timestamp for event in own if returning(event) and place(event.timestamp) is not None]
        for row, offsets in _rows(asked, place, inside, returns).items():
            for column in {0} | {column for offset in offsets if (column := _column(asked, offset)) is not None}:
                found[row][column] += 1
    return found


def _rows(
    asked: RetentionQuery, place: Place, targets: list[datetime], returns: list[datetime]
) -> Mapping[int, set[int]]:
    """Per row somebody is in: after how many intervals they returned."""
    if not targets:
        return {}
    if asked.rolling_hours:
        window = timedelta(hours=asked.rolling_hours)
        anchor = targets[0].astimezone(UTC)
        distances = [(moment - anchor) // window for moment in returns if moment >= anchor]
        rows: dict[int, list[int]] = {_known(place(anchor)): distances}
    else:
        places = [_known(place(moment)) for moment in returns]
        rows = {row: [number - row for number in places] for row in {_known(place(moment)) for moment in targets}}
    answer: dict[int, set[int]] = {}
    for row, numbers in rows.items():
        often = {n for n in numbers if n > 0 and numbers.count(n) >= asked.minimum_occurrences}
        answer[row] = set(range(1, max(often, default=0) + 1)) if asked.cumulative else often
    return answer


def _known(place: Any) -> int:
    assert isinstance(place, int)
    return place


def _column(asked: RetentionQuery, offset: int) -> int | None:
    if not asked.brackets:
        return offset if offset < asked.columns else None
    reach = 0
    for number, width in enumerate(asked.brackets, 1):
        reach += width
        if offset <= reach:
            return number
    return None
