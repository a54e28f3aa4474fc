"""Persons in the state database: batched reads and writes."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import msgspec

from leanbase.persons.ids import uuid_from_bytes
from leanbase.persons.record import MergeEntry, Person

_PERSON = (
    "p.id, p.project_id, p.uuid, p.created_at, p.properties, p.is_identified, p.version, p.distinct_id_count, "
    "p.last_seen_at"
)
PersonRow = tuple[int, int, bytes, int, str, int, int, int, int | None]


def person_of_row(row: Sequence[object]) -> Person:
    """A person from the columns named in ``_PERSON``."""
    number, project_id, uuid, created_at, properties, is_identified, version, count, last_seen_at = row
    assert isinstance(number, int) and isinstance(project_id, int) and isinstance(uuid, bytes)
    assert isinstance(created_at, int) and isinstance(properties, str) and isinstance(version, int)
    assert isinstance(count, int) and (last_seen_at is None or isinstance(last_seen_at, int))
    return Person(
        id=number,
        project_id=project_id,
        uuid=uuid_from_bytes(uuid),
        created_at=created_at,
        blob=properties.encode(),
        is_identified=bool(is_identified),
        version=version,
        distinct_ids=count,
        last_seen_at=last_seen_at,
    )


def clock(connection: sqlite3.Connection) -> tuple[int, int]:
    """The number of the last change, and the next person's number."""
    return connection.execute("SELECT epoch, next_person_id FROM persons_clock").fetchone()


def set_clock(connection: sqlite3.Connection, epoch: int, next_person_id: int) -> None:
    connection.execute("UPDATE persons_clock SET epoch = ?, next_person_id = ?", (epoch, next_person_id))


def pass_over(connection: sqlite3.Connection) -> None:
    """Leave one number of changes out, inside a transaction: rows of the event store may carry it."""
    connection.execute("UPDATE persons_clock SET epoch = epoch + 1")


def is_turn_unfinished(connection: sqlite3.Connection) -> bool:
    """Whether a turn of the pipeline began and did not end. Its rows may be in the event store by now."""
    return connection.execute("SELECT plan_start IS NOT NULL FROM pipeline_position").fetchone()[0] == 1


def owners(connection: sqlite3.Connection, project_id: int, distinct_ids: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Which person's number each of these distinct ids has; unknown ids are left out."""
    return connection.execute(
        "SELECT d.distinct_id, d.person_id FROM json_each(?) j "
        "CROSS JOIN person_distinct_ids d ON d.project_id = ? AND d.distinct_id = j.value",
        (json.dumps(list(distinct_ids)), project_id),
    )


def people(connection: sqlite3.Connection, numbers: Iterable[int]) -> list[Person]:
    """Persons by number."""
    rows = connection.execute(
        f"SELECT {_PERSON} FROM json_each(?) j CROSS JOIN persons p ON p.id = j.value", (json.dumps(list(numbers)),)
    )
    return [person_of_row(row) for row in rows]


def by_uuids(connection: sqlite3.Connection, project_id: int, uuids: Iterable[UUID]) -> list[Person]:
    """Persons by uuid."""
    found: list[Person] = []
    for uuid in uuids:
        row = connection.execute(
            # The index holds the first bytes only.
            f"SELECT {_PERSON} FROM persons p WHERE substr(uuid, 1, 4) = ? AND project_id = ? AND uuid = ?",
            (uuid.bytes[:4], project_id, uuid.bytes),
        ).fetchone()
        if row is not None:
            found.append(person_of_row(row))
    return found


def distinct_ids_of(connection: sqlite3.Connection, number: int) -> list[str]:
    """A person's distinct ids, the oldest change first."""
    return [
        text
        for (text,) in connection.execute(
            "SELECT distinct_id FROM person_distinct_ids WHERE person_id = ? ORDER BY version, distinct_id", (number,)
        )
    ]


# The driver looks for an adapter of every value that is no int, float, str or bytearray: bytes, bool and None take it
# 0.3 µs each. So a uuid is a bytearray here, a truth a number, and "never seen" a time that is no whole hour.
_NEVER = -1


def insert_people(connection: sqlite3.Connection, persons: Iterable[Person]) -> None:
    connection.executemany(
        "INSERT INTO persons (id, project_id, uuid, created_at, properties, is_identified, version, distinct_id_count, "
        f"last_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, {_NEVER}))",
        [
            (
                p.id,
                p.project_id,
                bytearray(p.uuid.int.to_bytes(16, "big")),  # half the price of .bytes
                p.created_at,
                p.blob.decode(),
                int(p.is_identified),
                p.version,
                p.distinct_ids,
                _NEVER if p.last_seen_at is None else p.last_seen_at,
            )
            for p in persons
        ],
    )


def update_people(connection: sqlite3.Connection, persons: Iterable[Person]) -> None:
    connection.executemany(
        "UPDATE persons SET created_at = ?, properties = ?, is_identified = ?, version = ?, distinct_id_count = ?, "
        f"last_seen_at = nullif(?, {_NEVER}) WHERE id = ?",
        [
            (
                p.created_at,
                p.blob.decode(),
                int(p.is_identified),
                p.version,
                p.distinct_ids,
                _NEVER if p.last_seen_at is None else p.last_seen_at,
                p.id,
            )
            for p in persons
        ],
    )


def delete_people(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    connection.executemany("DELETE FROM persons WHERE id = ?", ((number,) for number in numbers))


def put_distinct_ids(connection: sqlite3.Connection, rows: Iterable[tuple[int, str, int, int]]) -> None:
    """Point distinct ids at persons: rows of project, distinct id, person's number, version."""
    connection.executemany(
        "INSERT INTO person_distinct_ids (project_id, distinct_id, person_id, version) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET person_id = excluded.person_id, version = excluded.version",
        rows,
    )


def overrides_into(connection: sqlite3.Connection, project_id: int, uuid: UUID) -> list[UUID]:
    """Whom this person replaces: the old uuids that are mapped to it."""
    rows = connection.execute(
        "SELECT old_uuid FROM person_overrides WHERE project_id = ? AND new_uuid = ?", (project_id, uuid.bytes)
    )
    return [uuid_from_bytes(old) for (old,) in rows]


def override_of(connection: sqlite3.Connection, project_id: int, uuid: UUID) -> UUID | None:
    """For whom events of this uuid count, if not for itself."""
    row = connection.execute(
        "SELECT new_uuid FROM person_overrides WHERE project_id = ? AND old_uuid = ?", (project_id, uuid.bytes)
    ).fetchone()
    return uuid_from_bytes(row[0]) if row else None


def put_overrides(connection: sqlite3.Connection, rows: Iterable[tuple[int, UUID, UUID, int, int]]) -> None:
    """Write overrides (project, old, new, version, time); one from a uuid to itself removes the override."""
    written = list(rows)
    connection.executemany(
        "DELETE FROM person_overrides WHERE project_id = ? AND old_uuid = ?",
        ((project_id, old.bytes) for project_id, old, new, _, _ in written if old == new),
    )
    connection.executemany(
        "INSERT INTO person_overrides (project_id, old_uuid, new_uuid, version, changed_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET new_uuid = excluded.new_uuid, version = excluded.version, "
        "changed_at = excluded.changed_at",
        (
            (project_id, old.bytes, new.bytes, version, at)
            for project_id, old, new, version, at in written
            if old != new
        ),
    )


def insert_log(connection: sqlite3.Connection, entries: Iterable[MergeEntry], now: int) -> None:
    """Remember merges."""
    connection.executemany(
        "INSERT INTO merge_log (project_id, kind, outcome, source_distinct_id, target_distinct_id, person_uuid, "
        "merged_uuid, event_uuid, happened_at, recorded_at, before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                entry.project_id,
                entry.kind,
                entry.outcome,
                entry.source_distinct_id,
                entry.target_distinct_id,
                entry.person_uuid.bytes,
                entry.merged_uuid.bytes if entry.merged_uuid else None,
                entry.event_uuid.bytes if entry.event_uuid else None,
                entry.happened_at,
                now,
                msgspec.json.encode(entry.before).decode(),
            )
            for entry in entries
        ),
    )
