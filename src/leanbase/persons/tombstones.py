"""Deleted persons: events that were received before the deletion must not bring them back, however late they arrive
(a repeated turn, a log that is played again)."""

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from leanbase.persons.cache import Key
from leanbase.persons.ids import uuid_from_bytes


class Tombstone(NamedTuple):
    """When a distinct id was deleted with its person (microseconds), and whether with its events."""

    person_uuid: UUID
    at: int
    with_events: bool


class Tombstones:
    """The deleted distinct ids that a turn meets. False when nobody was ever deleted, which costs next to nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._any = connection.execute("SELECT EXISTS (SELECT 1 FROM deleted_distinct_ids)").fetchone()[0] == 1
        self._found: dict[Key, Tombstone] = {}

    def __bool__(self) -> bool:
        return self._any

    def load(self, keys: Iterable[Key]) -> None:
        """Look these distinct ids up."""
        by_project: dict[int, list[str]] = {}
        for project_id, distinct_id in keys:
            by_project.setdefault(project_id, []).append(distinct_id)
        for project_id, distinct_ids in by_project.items():
            for distinct_id, uuid, at, with_events in self._connection.execute(
                "SELECT d.distinct_id, d.person_uuid, d.deleted_at, d.with_events FROM json_each(?) j "
                "CROSS JOIN deleted_distinct_ids d ON d.project_id = ? AND d.distinct_id = j.value",
                (json.dumps(distinct_ids), project_id),
            ):
                self._found[(project_id, distinct_id)] = Tombstone(uuid_from_bytes(uuid), at, bool(with_events))

    def of(self, key: Key) -> Tombstone | None:
        """The deletion of a loaded distinct id, if it was deleted."""
        return self._found.get(key)
