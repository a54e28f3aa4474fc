"""Which events and properties a project has, learnt as they pass. A cache of what the state database knows."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from leanbase.model.event import Event
from leanbase.pipeline.property_types import inferred_type

_HOUR = 3_600_000_000
_NOT_LEARNT = frozenset({"$set", "$set_once", "$unset", "$groups", "$group_set"})

MAX_EVENT_NAMES = 20_000
MAX_PROPERTY_NAMES = 20_000
"""Per project. A client that makes up names must not fill the database; what is beyond is stored but not listed."""

MAX_NAME = 400  # characters of a property's name

_NO_TYPE = "none"  # a list or an object: there is nothing to learn from the next one

PropertyKey = tuple[str, int, str]
"""Kind, group type index (-1 unless the kind is group), name."""


class _Known:
    """What is known of one project since the last hour began."""

    __slots__ = ("hour", "of_event", "of_persons", "properties", "totals", "untyped")

    def __init__(self, hour: int) -> None:
        self.hour = hour
        self.of_event: dict[str, set[str]] = {}
        self.untyped: dict[str, set[str]] = {}  # by event: properties that were only null so far
        self.of_persons: set[str] = set()  # properties of persons that had a value
        self.properties: dict[PropertyKey, str | None] = {}
        self.totals: dict[str, int] = {}


class Definitions:
    """Used by the pipeline's thread: :meth:`learn` in a turn, :meth:`write` in its transaction, then :meth:`keep`.

    What was seen in an hour is not written again in it, but for the number of events.
    """

    def __init__(self, max_events: int = MAX_EVENT_NAMES, max_properties: int = MAX_PROPERTY_NAMES) -> None:
        self._projects: dict[int, _Known] = {}
        self._max = {"event": max_events, "property": max_properties}
        self._reset()

    def _reset(self) -> None:
        self._volumes: Counter[tuple[int, str]] = Counter()
        self._new_pairs: dict[tuple[int, str], set[str]] = {}
        self._new_properties: dict[tuple[int, PropertyKey], str | None] = {}

    def learn(self, events: Sequence[Event], now: int) -> None:
        """Take note of events that will be stored. ``now`` in microseconds."""
        hour = now // _HOUR
        self._volumes.update([(event.project.id, event.event) for event in events])
        last_project, known = -1, _Known(hour)
        for event in events:
            project_id, name = event.project.id, event.event
            if project_id != last_project:
                last_project, known = project_id, self._known(project_id, hour)
            of_event = known.of_event.get(name)
            if of_event is None:
                of_event = known.of_event[name] = set()
            if not of_event.issuperset(event.properties):
                self._learn_properties(project_id, known, event, of_event)
            if known.untyped:
                untyped = known.untyped.get(name)
                if untyped:
                    self._learn_late(project_id, known, event.properties, untyped)
            set_, set_once = event.set_, event.set_once
            if set_ and not known.of_persons.issuperset(set_):
                self._learn_persons(project_id, known, set_)
            if set_once and not known.of_persons.issuperset(set_once):
                self._learn_persons(project_id, known, set_once)

    def _known(self, project_id: int, hour: int) -> _Known:
        known = self._projects.get(project_id)
        if known is None or known.hour != hour:
            known = self._projects[project_id] = _Known(hour)
        return known

    def learn_group(self, project_id: int, group_type_index: int, properties: dict[str, Any], now: int) -> None:
        """Take note of what was set on a group."""
        known = self._known(project_id, now // _HOUR)
        self._learn_values(project_id, known, "group", group_type_index, properties)

    def _learn_properties(self, project_id: int, known: _Known, event: Event, of_event: set[str]) -> None:
        fresh = event.properties.keys() - of_event
        of_event |= fresh
        if len(of_event) > self._max["property"]:
            of_event.clear()
        told = {key for key in fresh if key not in _NOT_LEARNT and len(key) <= MAX_NAME}
        self._new_pairs.setdefault((project_id, event.event), set()).update(told)
        values = {key: event.properties[key] for key in told}
        self._learn_values(project_id, known, "event", -1, values)
        nulls = {key for key in told if known.properties.get(("event", -1, key)) is None}
        if nulls:
            known.untyped.setdefault(event.event, set()).update(nulls)

    def _learn_late(self, project_id: int, known: _Known, properties: dict[str, Any], untyped: set[str]) -> None:
        """Look whether a property that was only null so far has a value now."""
        late = {key: properties[key] for key in untyped if properties.get(key) is not None}
        if late:
            untyped.difference_update(late)
            self._learn_values(project_id, known, "event", -1, late)

    def _learn_persons(self, project_id: int, known: _Known, values: dict[str, Any]) -> None:
        self._learn_values(project_id, known, "person", -1, values)
        # A null settles a name only where the name itself tells the type (click ids are null in most events).
        typed = known.properties
        known.of_persons.update(k for k, v in values.items() if v is not None or typed.get(("person", -1, k)))
        if len(known.of_persons) > self._max["property"]:
            known.of_persons.clear()

    def _learn_values(self, project_id: int, known: _Known, kind: str, index: int, values: dict[str, Any]) -> None:
        properties = known.properties
        for name, value in values.items():
            key = (kind, index, name)
            if properties.get(key) is None and (value is not None or key not in properties) and len(name) <= MAX_NAME:
                if len(properties) > self._max["property"] * 2:
                    properties.clear()
                found = inferred_type(name, value)
                properties[key] = found or (None if value is None else _NO_TYPE)
                self._new_properties[project_id, key] = found or self._new_properties.get((project_id, key))

    def write(self, connection: sqlite3.Connection, now: int) -> None:
        """Write what this turn learnt."""
        volumes = [(p, name, now, now, count) for (p, name), count in self._volumes.items()]
        for project_id, rows in _by_project(volumes).items():
            room = self._room(connection, project_id, "event_definitions", self._max["event"], len(rows))
            connection.executemany(
                "INSERT INTO event_definitions (project_id, name, first_seen, last_seen, volume) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET volume = volume + excluded.volume, "
                "last_seen = max(last_seen, excluded.last_seen)",
                rows[:room],
            )
            connection.executemany(
                "UPDATE event_definitions SET volume = volume + ?5, last_seen = max(last_seen, ?4) "
                "WHERE project_id = ?1 AND name = ?2 AND ?3",
                rows[room:],
            )
        properties = [
            (project_id, kind, index, name, found, found == "Numeric", now, now)
            for (project_id, (kind, index, name)), found in self._new_properties.items()
        ]
        for project_id, rows in _by_project(properties).items():
            room = self._room(connection, project_id, "property_definitions", self._max["property"], len(rows))
            connection.executemany(
                "INSERT INTO property_definitions (project_id, kind, group_type_index, name, property_type, "
                "is_numerical, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "last_seen = max(last_seen, excluded.last_seen), "
                "is_numerical = iif(property_type IS NULL, excluded.is_numerical, is_numerical), "
                "property_type = coalesce(property_type, excluded.property_type)",
                rows[:room],
            )
        pairs = [(p, name, key) for (p, name), keys in self._new_pairs.items() for key in keys]
        for project_id, rows in _by_project(pairs).items():
            room = self._room(connection, project_id, "event_properties", self._max["property"] * 10, len(rows))
            connection.executemany("INSERT OR IGNORE INTO event_properties VALUES (?, ?, ?)", rows[:room])

    def _room(self, connection: sqlite3.Connection, project_id: int, table: str, most: int, wanted: int) -> int:
        """How many rows a project may still get. Counted anew only when a guess from above comes near the limit."""
        known = self._projects.get(project_id)
        guess = known.totals.get(table) if known else None
        if guess is None or guess + wanted > most:
            # The table is one of three names above.
            statement = f"SELECT count(*) FROM {table} WHERE project_id = ?"  # noqa: S608
            guess = cast("int", connection.execute(statement, (project_id,)).fetchone()[0])
        if known:
            known.totals[table] = guess + wanted
        return max(0, most - guess)

    def keep(self) -> None:
        """The turn is stored."""
        self._reset()

    def forget(self) -> None:
        """The turn is undone: what it saw is seen again with the next one."""
        self._projects.clear()
        self._reset()


def _by_project(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


def day_of(microseconds: int) -> str:
    """The UTC day of a moment: YYYY-MM-DD."""
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC).strftime("%Y-%m-%d")
