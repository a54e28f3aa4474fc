"""Deleting persons, with their events or without. Nothing of a person is left behind, in either database.

What would bring a deleted person back is guarded against: events that were received before the deletion and are
processed after it (``tombstones``), and rows of the event store that an unfinished edit leaves (``outbox``).
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from leanbase.persons import anonymising, forgetting, storage
from leanbase.persons.ids import uuid_from_bytes
from leanbase.persons.outbox import Command
from leanbase.persons.record import Person
from leanbase.persons.repointing import fold
from leanbase.persons.service import Persons
from leanbase.persons.workspace import Workspace
from leanbase.store.client import Store
from leanbase.store.sql import Sql

_OF_IDS = "distinct_id IN {ids:Array(String)}"
_NAMELESS_CLICKS = (
    "ALTER TABLE heatmaps UPDATE distinct_id = '', session_id = '' "
    f"WHERE project_id = {{project:UInt32}} AND {_OF_IDS} SETTINGS mutations_sync = 1"
)


class Events(StrEnum):
    """What becomes of a deleted person's events."""

    KEEP = "keep"  # they stay, and belong to a person that does not exist any more
    DELETE = "delete"
    ANONYMISE = "anonymise"  # they stay under a made-up distinct id, without what says who it was


@dataclass(frozen=True)
class Deletion:
    """What was found and done."""

    found: int
    deleted: int
    events: int


class Job(NamedTuple):
    """A deletion and what a look into the event store found afterwards; ``left_over`` is None until then."""

    id: int
    person_uuid: UUID
    kind: str
    created_at: int
    verified_at: int | None
    left_over: int | None


class _Doomed(NamedTuple):
    person: Person
    distinct_ids: list[str]
    uuids: list[UUID]  # all that events of this person carry


def delete_persons(
    persons: Persons,
    project_id: int,
    uuids: Sequence[UUID],
    events: Events = Events.KEEP,
    keep_person: bool = False,
    who: str = "",
) -> Deletion:
    """Delete persons; those that do not exist are passed over. ``keep_person`` is for deleting events only.

    Answers when it is done in both databases. Raises ``StoreError``; what is owed then is done before the next turn.
    """
    number = 0
    numbers: list[int] = []  # of the jobs
    with persons.editing() as space:
        doomed = [
            _doomed(space, person) for person in storage.by_uuids(space.connection, project_id, dict.fromkeys(uuids))
        ]
        if persons.store is not None and events is not Events.KEEP:
            number = sum(_count(persons.store, project_id, each.uuids) for each in doomed)
        for each in doomed:
            if not keep_person:
                _remove(persons, space, each, events)
        if doomed:
            _add_commands(persons, project_id, doomed, events, keep_person)
            space.also.append(
                lambda connection: _forget(connection, project_id, doomed, events, keep_person, who, space.now)
            )
            space.also.append(
                lambda connection: numbers.extend(
                    _start(connection, project_id, doomed, events, keep_person, space.now)
                )
            )
    _verify(persons, project_id, numbers)
    return Deletion(len(doomed), 0 if keep_person else len(doomed), number)


def _doomed(space: Workspace, person: Person) -> _Doomed:
    space.people.setdefault(person.id, person)
    followers = storage.overrides_into(space.connection, person.project_id, person.uuid)
    return _Doomed(person, space.distinct_ids_of(person), [person.uuid, *followers])


def _remove(persons: Persons, space: Workspace, each: _Doomed, events: Events) -> None:
    project_id = each.person.project_id
    followers = each.uuids[1:]
    if events is Events.KEEP:
        fold(persons.outbox, space, project_id, set(followers))
    else:
        for old in followers:
            space.override(project_id, old, old)
    for distinct_id in each.distinct_ids:
        space.unmap((project_id, distinct_id))
    space.remove(each.person)


def _add_commands(persons: Persons, project_id: int, doomed: list[_Doomed], events: Events, keep_person: bool) -> None:
    binds: dict[str, Any] = {"project": project_id, "uuids": [str(uuid) for each in doomed for uuid in each.uuids]}
    ids: dict[str, Any] = {"project": project_id, "ids": [text for each in doomed for text in each.distinct_ids]}
    if events is Events.ANONYMISE:
        for each in doomed:
            for command in anonymising.commands(project_id, each.uuids, uuid4()):
                persons.outbox.add(command)
        persons.outbox.add(Command(_NAMELESS_CLICKS, ids))
    elif events is Events.DELETE:
        persons.outbox.add(_delete("events", "person_id IN {uuids:Array(UUID)}", binds))
        persons.outbox.add(_delete("heatmaps", _OF_IDS, ids))
    if keep_person:
        return
    people: dict[str, Any] = {"project": project_id, "uuids": [str(each.person.uuid) for each in doomed]}
    persons.outbox.add(_delete("persons", "person_id IN {uuids:Array(UUID)}", people))
    persons.outbox.add(_delete("cohort_people", "person_id IN {uuids:Array(UUID)}", people))
    persons.outbox.add(_delete("person_distinct_ids", _OF_IDS, ids))


def _delete(table: str, condition: str, binds: dict[str, Any]) -> Command:
    return Command(
        f"ALTER TABLE {table} DELETE WHERE project_id = {{project:UInt32}} AND {condition} SETTINGS mutations_sync = 1",
        binds,
    )


def _forget(
    connection: sqlite3.Connection,
    project_id: int,
    doomed: list[_Doomed],
    events: Events,
    keep_person: bool,
    who: str,
    now: int,
) -> None:
    for each in doomed:
        uuid = each.person.uuid
        if not keep_person:
            forgetting.forget(connection, project_id, uuid, each.distinct_ids, events is not Events.KEEP, now)
        forgetting.note(connection, project_id, uuid, keep_person, events.value, who, now)


def _start(
    connection: sqlite3.Connection,
    project_id: int,
    doomed: list[_Doomed],
    events: Events,
    keep_person: bool,
    now: int,
) -> list[int]:
    if keep_person:
        kind = "events"
    else:
        kind = {Events.KEEP: "person", Events.DELETE: "person_and_events", Events.ANONYMISE: "anonymise"}[events]
    started: list[int] = []
    for each in doomed:
        cursor = connection.execute(
            "INSERT INTO deletion_jobs (project_id, person_uuid, kind, uuids, created_at) VALUES (?, ?, ?, ?, ?)",
            (project_id, each.person.uuid.bytes, kind, json.dumps([str(uuid) for uuid in each.uuids]), now),
        )
        started.append(cursor.lastrowid or 0)
    return started


def _count(store: Store, project_id: int, uuids: Iterable[UUID]) -> int:
    rows = store.query(
        Sql(
            "SELECT count() FROM events WHERE project_id = {project:UInt32} AND person_id IN {uuids:Array(UUID)}",
            {"project": project_id, "uuids": [str(uuid) for uuid in uuids]},
        )
    ).rows
    return int(rows[0][0])


def _verify(persons: Persons, project_id: int, numbers: Iterable[int]) -> None:
    """Look into the event store whether anything is left, and write down what was found."""
    if persons.store is None:
        return
    for number in numbers:
        with persons.state.read() as connection:
            kind, uuids, person_uuid = connection.execute(
                "SELECT kind, uuids, person_uuid FROM deletion_jobs WHERE id = ?", (number,)
            ).fetchone()
        left = 0 if kind == "person" else _count(persons.store, project_id, map(UUID, json.loads(uuids)))
        if kind != "events":
            left += _rows_of(persons.store, project_id, uuid_from_bytes(person_uuid))
        with persons.state.write() as connection:
            connection.execute(
                "UPDATE deletion_jobs SET verified_at = ?, left_over = ? WHERE id = ?",
                (persons.clock(), left, number),
            )


def _rows_of(store: Store, project_id: int, uuid: UUID) -> int:
    binds = {"project": project_id, "uuid": str(uuid)}
    condition = "project_id = {project:UInt32} AND person_id = {uuid:UUID}"
    rows = store.query(
        Sql(
            f"SELECT (SELECT count() FROM persons WHERE {condition}) + (SELECT count() FROM person_distinct_ids "
            f"WHERE {condition})",
            binds,
        )
    ).rows
    return int(rows[0][0])


def jobs_of(persons: Persons, project_id: int, person_uuid: UUID | None = None) -> list[Job]:
    """Deletions of a project, the newest first, at most 1,000."""
    clause, values = "project_id = ?", [project_id]
    wanted: list[object] = [*values]
    if person_uuid is not None:
        clause += " AND person_uuid = ?"
        wanted.append(person_uuid.bytes)
    with persons.state.read() as connection:
        rows = connection.execute(
            f"SELECT id, person_uuid, kind, created_at, verified_at, left_over FROM deletion_jobs WHERE {clause} "
            "ORDER BY id DESC LIMIT 1000",
            wanted,
        ).fetchall()
    return [Job(row[0], uuid_from_bytes(row[1]), *row[2:]) for row in rows]
