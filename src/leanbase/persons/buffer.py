"""The event buffer: a project may let events of unknown users wait for their ``$identify``.

Older PostHog held a backend's first event of a user for a minute, so that the browser's ``$identify`` came first and no
second person was made. Merges work on the past here, so the end is the same without it; it is off unless a project
sets ``event_buffer_seconds``.
"""

import sqlite3
from collections.abc import Callable, Iterable

import msgspec

from leanbase.model.event import Event
from leanbase.model.project import Project

# Their SDKs keep $identify and events in one queue: nothing can overtake.
_ORDERED_LIBRARIES = frozenset({"posthog-ios", "posthog-android", "posthog-react-native", "posthog-flutter"})

FindProject = Callable[[int], Project | None]


def must_wait(event: Event) -> bool:
    """Whether an event of a distinct id without a person waits: it is not anonymous, not ``$identify``, and its SDK
    does not keep the order itself."""
    if not event.project.event_buffer_seconds or event.event in ("$identify", "$snapshot"):
        return False
    properties = event.properties
    return properties.get("$device_id") != event.distinct_id and properties.get("$lib") not in _ORDERED_LIBRARIES


def put(connection: sqlite3.Connection, events: Iterable[Event], now: int) -> None:
    """Keep events until they are due, inside a transaction."""
    connection.executemany(
        "INSERT INTO buffered_events (project_id, due_at, uuid, payload) VALUES (?, ?, ?, ?)",
        (
            (e.project.id, now + e.project.event_buffer_seconds * 1_000_000, e.uuid.bytes, msgspec.json.encode(e))
            for e in events
        ),
    )


def due(
    connection: sqlite3.Connection, now: int, find_project: FindProject, most: int
) -> tuple[list[int], list[Event]]:
    """Entries whose time has come, in order of arrival: their numbers and events (none where the project is gone)."""
    numbers: list[int] = []
    events: list[Event] = []
    for number, project_id, payload in connection.execute(
        "SELECT id, project_id, payload FROM buffered_events WHERE due_at <= ? ORDER BY id LIMIT ?", (now, most)
    ):
        numbers.append(number)
        project = find_project(project_id)
        if project is not None:
            event = msgspec.json.decode(payload, type=Event)
            event.project = project
            events.append(event)
    return numbers, events


def remove(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Forget entries, inside a transaction."""
    connection.executemany("DELETE FROM buffered_events WHERE id = ?", ((number,) for number in numbers))


def waiting(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """Project and uuid (128-bit number) of every event that waits."""
    rows = connection.execute("SELECT project_id, uuid FROM buffered_events").fetchall()
    return [(project_id, int.from_bytes(uuid, "big")) for project_id, uuid in rows]


def next_due(connection: sqlite3.Connection) -> int | None:
    """When the next event is due (microseconds), if any waits."""
    return connection.execute("SELECT min(due_at) FROM buffered_events").fetchone()[0]
