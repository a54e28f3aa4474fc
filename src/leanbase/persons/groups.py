"""Groups: five types a project, their properties, and the group columns of events."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

import msgspec

from leanbase.model.event import Event
from leanbase.persons.identity import is_falsy
from leanbase.persons.ids import as_text
from leanbase.persons.limits import Limits
from leanbase.persons.properties import encode
from leanbase.persons.record import storable

MAX_TYPES = 5
GROUP_COLUMNS = ("$group_0", "$group_1", "$group_2", "$group_3", "$group_4")

GroupKey = tuple[int, int, str]  # project, index of the type, key


class Group(msgspec.Struct, gc=False):
    """A group with its properties."""

    properties: dict[str, Any]
    created_at: int
    changed: bool


class GroupWorkspace:
    """Groups in one turn. Reads the database when a type or group is met for the first time."""

    def __init__(self, connection: sqlite3.Connection, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits
        self._types: dict[int, dict[str, int]] = {}
        self._new_types: list[tuple[int, int, str, int]] = []
        self._groups: dict[GroupKey, Group] = {}

    def enrich(self, event: Event) -> None:
        """Put ``$group_N`` into the event for its ``$groups``, registering types; fill the event's group columns."""
        properties = event.properties
        groups = properties.get("$groups")
        if isinstance(groups, dict):
            for name, key in groups.items():
                index = self._index(event, name)
                if index is not None:
                    event.add(GROUP_COLUMNS[index], key)
        columns = [properties.get(name) for name in GROUP_COLUMNS]
        if any(value is not None for value in columns):
            event.groups = tuple("" if value is None else as_text(value) for value in columns)  # pyright: ignore[reportAttributeAccessIssue]

    def identify(self, event: Event) -> tuple[str, dict[str, Any]] | None:
        """``$groupidentify``: write the group it names. Answers a warning when it cannot be."""
        properties = event.properties
        name, key = properties.get("$group_type"), properties.get("$group_key")
        if is_falsy(name) or is_falsy(key):
            return None
        name, key = as_text(name), as_text(key).replace("\0", "\ufffd")
        index = self._index(event, name)
        if index is None:
            return None
        details: dict[str, Any] = {"groupType": name, "groupKey": key[:1000], "eventUuid": str(event.uuid)}
        if len(key) > self._limits.group_key_length:
            return "group_key_too_long", {**details, "length": len(key), "maxLength": self._limits.group_key_length}
        wanted = properties.get("$group_set")
        if wanted is not None and not isinstance(wanted, dict):
            return "invalid_group_set", {**details, "receivedType": _type_name(wanted), "distinctId": event.distinct_id}
        self._write((event.project.id, index, key), wanted or {}, storable(event.timestamp))
        return None

    def _index(self, event: Event, name: str) -> int | None:
        """The index of a type: the known one or the smallest free; None when all five are taken."""
        project_id = event.project.id
        types = self._types.get(project_id)
        if types is None:
            types = self._types[project_id] = group_types(self._connection, project_id)
        index = types.get(name)
        if index is None:
            taken = set(types.values())
            index = next((n for n in range(MAX_TYPES) if n not in taken), None)
            if index is not None:
                types[name] = index
                self._new_types.append((project_id, index, name, event.timestamp))
        return index

    def _write(self, key: GroupKey, wanted: dict[str, Any], at: int) -> None:
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _load(self._connection, key) or Group({}, at, True)
        if any(name not in group.properties or group.properties[name] != value for name, value in wanted.items()):
            group.properties = {**group.properties, **wanted}
            group.changed = True
        if at < group.created_at:
            group.created_at = at
            group.changed = True

    def changed(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._new_types) or any(group.changed for group in self._groups.values())

    def store_rows(self, version: int) -> dict[str, dict[str, list[Any]]]:
        """The rows of the event store's table, by column."""
        changed = [(key, group) for key, group in self._groups.items() if group.changed]
        if not changed:
            return {}
        return {
            "groups": {
                "project_id": [key[0] for key, _ in changed],
                "group_type_index": [key[1] for key, _ in changed],
                "group_key": [key[2] for key, _ in changed],
                "properties": [encode(group.properties) for _, group in changed],
                "created_at": [group.created_at for _, group in changed],
                "version": [version] * len(changed),
            }
        }

    def write(self, connection: sqlite3.Connection, version: int) -> None:
        """Write types and groups inside a transaction."""
        connection.executemany(
            "INSERT INTO group_types (project_id, group_type_index, group_type, created_at) VALUES (?, ?, ?, ?)",
            self._new_types,
        )
        put_groups(connection, ((key, group) for key, group in self._groups.items() if group.changed), version)


def put_groups(connection: sqlite3.Connection, groups: Iterable[tuple[GroupKey, Group]], version: int) -> None:
    """Write groups."""
    connection.executemany(
        "INSERT INTO groups (project_id, group_type_index, group_key, properties, created_at, version) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET properties = excluded.properties, "
        "created_at = excluded.created_at, version = excluded.version",
        ((*key, encode(group.properties).decode(), group.created_at, version) for key, group in groups),
    )


def group_types(connection: sqlite3.Connection, project_id: int) -> dict[str, int]:
    """The group types of a project, by name."""
    rows = connection.execute(
        "SELECT group_type, group_type_index FROM group_types WHERE project_id = ? ORDER BY group_type_index",
        (project_id,),
    )
    return dict(rows.fetchall())


def _load(connection: sqlite3.Connection, key: GroupKey) -> Group | None:
    row = connection.execute(
        "SELECT properties, created_at FROM groups WHERE project_id = ? AND group_type_index = ? AND group_key = ?", key
    ).fetchone()
    return Group(json.loads(row[0]), row[1], False) if row else None


def _type_name(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "array" if isinstance(value, list) else "string"
