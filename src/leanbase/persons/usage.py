"""What a project uses, by day: events with and without a person, recordings, flag calls and exceptions, apart."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from leanbase.model.event import Event

ANONYMOUS_EVENTS = "anonymous_events"
IDENTIFIED_EVENTS = "identified_events"
FLAG_CALLS = "flag_calls"
EXCEPTIONS = "exceptions"
RECORDINGS = "recordings"
KINDS = (ANONYMOUS_EVENTS, IDENTIFIED_EVENTS, FLAG_CALLS, EXCEPTIONS, RECORDINGS)

_OF_EVENT = {"$feature_flag_called": FLAG_CALLS, "$exception": EXCEPTIONS}
_DAY = 86_400_000_000

# A session lasts a day at most (PostHog's SDKs begin a new one then), and devices send late when they were offline.
_SESSION_DAYS = 7

Recorded = tuple[int, int, str]  # project, time of receipt (microseconds), session id
UsageKey = tuple[int, int, str]  # project, day since 1970, kind


def count(events: Iterable[Event]) -> Counter[UsageKey]:
    """Stored events by project, day of receipt and kind. Each event counts as one kind only."""
    counted: Counter[UsageKey] = Counter()
    project_id = received_at = -1
    of_request: dict[str, int] = {}
    for event in events:
        if event.received_at != received_at or event.project.id != project_id:  # once a request, not once an event
            for name, number in of_request.items():
                counted[(project_id, received_at // _DAY, name)] += number
            project_id, received_at, of_request = event.project.id, event.received_at, {}
        kind = _OF_EVENT.get(event.event)
        if kind is None:
            kind = ANONYMOUS_EVENTS if event.person_mode == "propertyless" else IDENTIFIED_EVENTS
        of_request[kind] = of_request.get(kind, 0) + 1
    for name, number in of_request.items():
        counted[(project_id, received_at // _DAY, name)] += number
    return counted


def add(connection: sqlite3.Connection, counted: Counter[UsageKey]) -> None:
    """Add to the counts inside a transaction."""
    connection.executemany(
        "INSERT INTO usage (project_id, day, kind, count) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET count = count + excluded.count",
        ((project_id, day_name(day), kind, number) for (project_id, day, kind), number in counted.items()),
    )


def add_recordings(connection: sqlite3.Connection, seen: Iterable[Recorded]) -> None:
    """Count the sessions of which no recording came before, each on the day of its first; inside the transaction that
    moves the log's position, so that a repeated turn counts nothing twice."""
    fresh: Counter[UsageKey] = Counter()
    last = 0
    for project_id, received_at, session_id in seen:
        day = received_at // _DAY
        last = max(last, day)
        fresh[project_id, day, RECORDINGS] += connection.execute(
            "INSERT OR IGNORE INTO recorded_sessions (project_id, session_id, seen_on) VALUES (?, ?, ?)",
            (project_id, session_id, day),
        ).rowcount
    add(connection, +fresh)
    if fresh:
        connection.execute("DELETE FROM recorded_sessions WHERE seen_on < ?", (last - _SESSION_DAYS,))


def day_name(day: int) -> str:
    """YYYY-MM-DD of a day since 1970."""
    return datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()


def by_day(connection: sqlite3.Connection, project_id: int, first: str, last: str) -> dict[str, dict[str, int]]:
    """Counts from day ``first`` to ``last`` (YYYY-MM-DD), by day and kind. Days without anything are left out."""
    found: dict[str, dict[str, int]] = {}
    for day, kind, number in connection.execute(
        "SELECT day, kind, count FROM usage WHERE project_id = ? AND day BETWEEN ? AND ? ORDER BY day, kind",
        (project_id, first, last),
    ):
        found.setdefault(day, {})[kind] = number
    return found
