"""Finding persons. The event store filters and sorts its copies; what is shown comes from the state database."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from leanbase.appdb.state import StateDb
from leanbase.persons import storage
from leanbase.persons.record import Person
from leanbase.store.client import Limits, Store
from leanbase.store.properties import property_text
from leanbase.store.sql import Sql

_LIMITS = Limits(seconds=30, memory_bytes=1 << 30, rows=20_000)
_VALUES = 50


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person with distinct ids, the oldest first; all of them or the first few."""

    person: Person
    distinct_ids: list[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which persons. ``search`` is part of an e-mail address or name, a whole distinct id or a uuid; ``condition`` is
    SQL over ``persons AS p`` with its own values."""

    search: str = ""
    email: str = ""
    condition: Sql | None = None


def page(
    state: StateDb, store: Store, project_id: int, wanted: Wanted, limit: int, offset: int
) -> tuple[list[PersonView], bool]:
    """Persons, the latest created first, and whether there are more. Raises ``StoreError``."""
    where, binds = _conditions(project_id, wanted)
    rows = store.query(
        Sql(
            f"SELECT p.person_id FROM persons AS p FINAL WHERE {where} ORDER BY p.created_at DESC, p.person_id DESC "
            "LIMIT {limit:UInt32} OFFSET {offset:UInt64}",
            {**binds, "limit": limit + 1, "offset": offset},
        ),
        _LIMITS,
    ).rows
    with state.read() as connection:
        found = storage.by_uuids(connection, project_id, [row[0] for row in rows[:limit]])
        return views(connection, found), len(rows) > limit


def count(store: Store, project_id: int, wanted: Wanted) -> int:
    """How many persons there are. Raises ``StoreError``."""
    where, binds = _conditions(project_id, wanted)
    return int(store.query(Sql(f"SELECT count() FROM persons AS p FINAL WHERE {where}", binds), _LIMITS).rows[0][0])


def _conditions(project_id: int, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    binds: dict[str, Any] = {"project": project_id}
    parts = ["p.project_id = {project:UInt32}", "p.is_deleted = 0"]
    if wanted.email:
        binds["email"] = wanted.email
        parts.append("lower(JSONExtractString(p.properties, 'email')) = lower({email:String})")
    if wanted.search:
        binds["search"] = wanted.search
        parts.append(
            "(positionCaseInsensitiveUTF8(JSONExtractString(p.properties, 'email'), {search:String}) > 0 "
            "OR positionCaseInsensitiveUTF8(JSONExtractString(p.properties, 'name'), {search:String}) > 0 "
            "OR toString(p.person_id) = lower({search:String}) "
            "OR p.person_id IN (SELECT d.person_id FROM person_distinct_ids AS d FINAL "
            "WHERE d.project_id = {project:UInt32} AND d.is_deleted = 0 AND d.distinct_id = {search:String}))"
        )
    if wanted.condition is not None:
        binds |= wanted.condition.binds
        parts.append(f"({wanted.condition.text})")
    return " AND ".join(parts), binds


def property_values(store: Store, project_id: int, key: str, containing: str) -> list[tuple[str, int]]:
    """The most frequent values of a person property that contain a text, with how many persons have them."""
    return _frequent(store, "persons", "AND is_deleted = 0", {"project": project_id}, key, containing)


def group_property_values(
    store: Store, project_id: int, group_type_index: int, key: str, containing: str
) -> list[tuple[str, int]]:
    """The same of groups of one type."""
    binds = {"project": project_id, "type": group_type_index}
    return _frequent(store, "groups", "AND group_type_index = {type:UInt8}", binds, key, containing)


def _frequent(
    store: Store, table: str, clause: str, binds: dict[str, Any], key: str, containing: str
) -> list[tuple[str, int]]:
    def bind(value: Any, kind: str) -> str:
        name = f"v{len(binds)}"
        binds[name] = value
        return f"{{{name}:{kind}}}"

    text = property_text("properties", key, bind, "p")
    if containing:
        clause += f" AND positionCaseInsensitiveUTF8(value, {bind(containing, 'String')}) > 0"
    rows = store.query(
        Sql(
            f"SELECT {text} AS value, count() AS persons FROM {table} AS p FINAL WHERE project_id = {{project:UInt32}} "
            f"AND isNotNull(value) {clause} GROUP BY value ORDER BY persons DESC, value LIMIT {_VALUES:d}",
            binds,
        ),
        _LIMITS,
    ).rows
    return [(str(value), int(number)) for value, number in rows]


def find(state: StateDb, project_id: int, name: UUID | int) -> PersonView | None:
    """The person of a uuid or number."""
    with state.read() as connection:
        if isinstance(name, UUID):
            found = storage.by_uuids(connection, project_id, [name])
        else:
            found = [person for person in storage.people(connection, [name]) if person.project_id == project_id]
        return views(connection, found, most=100_000)[0] if found else None


def of_distinct_ids(state: StateDb, project_id: int, distinct_ids: Sequence[str]) -> list[PersonView]:
    """The persons who have any of these distinct ids."""
    with state.read() as connection:
        numbers = dict.fromkeys(number for _, number in storage.owners(connection, project_id, distinct_ids))
        return views(connection, storage.people(connection, numbers))


def of_uuids(state: StateDb, project_id: int, uuids: Sequence[UUID]) -> list[PersonView]:
    """The living persons of these uuids, in their order."""
    with state.read() as connection:
        return views(connection, storage.by_uuids(connection, project_id, uuids))


def views(connection: sqlite3.Connection, people: Iterable[Person], most: int = 100) -> list[PersonView]:
    """Persons with their first distinct ids, at most ``most`` each."""
    found = list(people)
    ids: dict[int, list[str]] = {person.id: [] for person in found}
    for number, distinct_id in connection.execute(
        "SELECT d.person_id, d.distinct_id FROM json_each(?) j "
        "CROSS JOIN person_distinct_ids d ON d.person_id = j.value ORDER BY d.version, d.distinct_id",
        (json.dumps(list(ids)),),
    ):
        if len(ids[number]) < most:
            ids[number].append(distinct_id)
    return [PersonView(person, ids[person.id]) for person in found]
