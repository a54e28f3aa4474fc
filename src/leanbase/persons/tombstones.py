"""Deleted persons: events that were received before the deletion must not bring them back, however late they arrive
(a repeated turn, a log that is played again)."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from leanbase.persons.cache import Key
from leanbase.persons.ids import person_uuid, uuid_from_bytes


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
        for key in keys:
            row = self._connection.execute(
                "SELECT person_uuid, deleted_at, with_events FROM deleted_distinct_ids "
                "WHERE project_id = ? AND implied_uuid = ?",
                (key[0], person_uuid(*key).bytes),
            ).fetchone()
            if row is not None:
                self._found[key] = Tombstone(uuid_from_bytes(row[0]), row[1], bool(row[2]))

    def of(self, key: Key) -> Tombstone | None:
        """The deletion of a loaded distinct id, if it was deleted."""
        return self._found.get(key)


def put(connection: sqlite3.Connection, keys: Iterable[Key], stone: Tombstone) -> None:
    """Remember a deletion, inside its transaction."""
    connection.executemany(
        "INSERT OR REPLACE INTO deleted_distinct_ids (project_id, implied_uuid, person_uuid, deleted_at, with_events) "
        "VALUES (?, ?, ?, ?, ?)",
        ((key[0], person_uuid(*key).bytes, stone.person_uuid.bytes, stone.at, stone.with_events) for key in keys),
    )
