"""What users did to persons by hand: changed properties, split, merged, undid a merge, deleted.

Written in the transaction of the edit.
"""

import json
import sqlite3
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from leanbase.appdb.state import StateDb
from leanbase.persons.ids import uuid_from_bytes


class Activity(StrEnum):
    """The words are PostHog's where it has them."""

    UPDATED = "updated"
    SPLIT = "split_person"
    MERGED = "people_merged_into"
    MERGE_UNDONE = "merge_undone"
    DELETED = "deleted"
    EVENTS_DELETED = "events_deleted"


class Entry(NamedTuple):
    """One thing that was done; ``at`` in microseconds."""

    id: int
    person_uuid: UUID
    activity: str
    who: str
    detail: dict[str, Any]
    at: int


def note(
    connection: sqlite3.Connection,
    project_id: int,
    person_uuid: UUID,
    activity: Activity,
    who: str,
    detail: dict[str, Any],
    at: int,
) -> None:
    """Remember what was done, inside the transaction of the edit."""
    connection.execute(
        "INSERT INTO person_activity (project_id, person_uuid, activity, who, detail, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (project_id, person_uuid.bytes, activity.value, who, msgspec.json.encode(detail).decode(), at),
    )


def forget(connection: sqlite3.Connection, project_id: int, person_uuids: Iterable[UUID]) -> None:
    """Deleted persons: what was changed about them names their properties, so it goes with them."""
    connection.executemany(
        "DELETE FROM person_activity WHERE project_id = ? AND person_uuid = ?",
        [(project_id, uuid.bytes) for uuid in person_uuids],
    )


def page(state: StateDb, project_id: int, person_uuid: UUID | None, limit: int, offset: int) -> tuple[list[Entry], int]:
    """What was done to a person, or to all of a project, the newest first, and how much there is."""
    clause, values = "project_id = ?", [project_id]
    wanted: list[object] = [*values]
    if person_uuid is not None:
        clause += " AND person_uuid = ?"
        wanted.append(person_uuid.bytes)
    with state.read() as connection:
        (total,) = connection.execute(f"SELECT count(*) FROM person_activity WHERE {clause}", wanted).fetchone()
        rows = connection.execute(
            "SELECT id, person_uuid, activity, who, detail, created_at FROM person_activity "
            f"WHERE {clause} ORDER BY id DESC LIMIT ? OFFSET ?",
            [*wanted, limit, offset],
        ).fetchall()
    return [Entry(row[0], uuid_from_bytes(row[1]), row[2], row[3], json.loads(row[4]), row[5]) for row in rows], total
