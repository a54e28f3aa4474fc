"""Events that say what was changed about a person by hand, so that its history is whole: PostHog writes them too.

The change itself holds at once; these rows reach the event store with it, through the outbox.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from leanbase.model.ids import uuid7
from leanbase.persons.outbox import Insert, Outbox
from leanbase.persons.properties import encode
from leanbase.persons.record import Person
from leanbase.persons.workspace import Workspace

CHANGED_BY = "$changed_by"  # the e-mail address of the user who did it
SET_EVENT, UNSET_EVENT = "$set", "$delete_person_property"


def tell(
    outbox: Outbox,
    space: Workspace,
    person: Person,
    distinct_id: str,
    set_: Mapping[str, Any],
    unset: Sequence[str],
    who: str,
) -> None:
    """Owe the event store an event for what was set and one for what was removed. ``person`` is the changed copy."""
    told: list[tuple[str, dict[str, Any]]] = []
    if set_:
        told.append((SET_EVENT, {"$set": dict(set_)}))
    if unset:
        told.append((UNSET_EVENT, {"$unset": list(unset)}))
    if not told:
        return
    number = len(told)
    columns: dict[str, list[Any]] = {
        "project_id": [person.project_id] * number,
        "event": [name for name, _ in told],
        "timestamp": [space.now] * number,
        "distinct_id": [distinct_id] * number,
        "person_id": [str(person.uuid)] * number,
        "uuid": [str(uuid7(space.now, space.epoch, index)) for index in range(number)],
        "properties": [
            encode({**properties, CHANGED_BY: who} if who else properties).decode() for _, properties in told
        ],
        "person_properties": [person.blob.decode()] * number,
        "person_created_at": [person.created_at] * number,
        "person_mode": ["full"] * number,
        "inserted_at": [space.now] * number,
    }
    outbox.add(Insert("events", columns, f"edit:{space.epoch}"))
    space.also.append(lambda connection: _define(connection, person.project_id, set_, space.now))


def _define(connection: sqlite3.Connection, project_id: int, set_: Mapping[str, Any], now: int) -> None:
    """Let pickers know the names. The type of a text stays open until the pipeline sees one in an event."""
    connection.executemany(
        "INSERT INTO property_definitions (project_id, kind, name, property_type, is_numerical, first_seen, last_seen) "
        "VALUES (?, 'person', ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(project_id, name, kind, kind == "Numeric", now, now) for name, kind in _kinds(set_)],
    )


def _kinds(set_: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    kinds: list[tuple[str, str | None]] = []
    for name, value in set_.items():
        if isinstance(value, bool):
            kinds.append((name, "Boolean"))
        else:
            kinds.append((name, "Numeric" if isinstance(value, int | float) else None))
    return kinds
