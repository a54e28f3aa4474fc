"""Groups for the API: find them, name their types, change their properties."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leanbase.appdb.state import StateDb
from leanbase.persons.groups import Group, put_groups
from leanbase.persons.outbox import Insert
from leanbase.persons.properties import TRIM_ABOVE, encode
from leanbase.persons.service import Persons


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group as it is shown."""

    group_type_index: int
    group_key: str
    properties: dict[str, Any]
    created_at: int


@dataclass(frozen=True, slots=True)
class GroupType:
    """One of a project's five."""

    group_type: str
    group_type_index: int
    name_singular: str | None
    name_plural: str | None
    created_at: int


def types(state: StateDb, project_id: int) -> list[GroupType]:
    """The group types of a project, by index."""
    with state.read() as connection:
        rows = connection.execute(
            "SELECT group_type, group_type_index, name_singular, name_plural, created_at FROM group_types "
            "WHERE project_id = ? ORDER BY group_type_index",
            (project_id,),
        ).fetchall()
    return [GroupType(*row) for row in rows]


def rename_type(state: StateDb, project_id: int, index: int, singular: str | None, plural: str | None) -> None:
    """How people call the groups of a type."""
    with state.write() as connection:
        connection.execute(
            "UPDATE group_types SET name_singular = ?, name_plural = ? WHERE project_id = ? AND group_type_index = ?",
            (singular, plural, project_id, index),
        )


def page(
    state: StateDb, project_id: int, index: int, search: str, limit: int, offset: int
) -> tuple[list[GroupView], bool]:
    """Groups of one type, the latest created first, and whether there are more. ``search``: part of the key or the
    name, in any letter case."""
    clause, values = "", [project_id, index]
    wanted: list[object] = [*values]
    if search:
        clause = (
            "AND (instr(lower(group_key), lower(?)) OR instr(lower(ifnull(json_extract(properties, '$.name'), '')), "
            "lower(?)))"
        )
        wanted += [search, search]
    with state.read() as connection:
        rows = connection.execute(
            "SELECT group_type_index, group_key, properties, created_at FROM groups "
            f"WHERE project_id = ? AND group_type_index = ? {clause} "
            "ORDER BY created_at DESC, group_key LIMIT ? OFFSET ?",
            (*wanted, limit + 1, offset),
        ).fetchall()
    return [_view(row) for row in rows[:limit]], len(rows) > limit


def find(state: StateDb, project_id: int, index: int, key: str) -> GroupView | None:
    """One group."""
    with state.read() as connection:
        return _find(connection, project_id, index, key)


def change(
    persons: Persons,
    project_id: int,
    index: int,
    key: str,
    set_: Mapping[str, Any],
    unset: Iterable[str] = (),
    create: bool = False,
) -> GroupView | None:
    """Set and remove properties of a group by hand; None when there is no such group and none is to be made.

    Raises ValueError when the properties would be too large.
    """
    with persons.editing() as space:
        found = _find(space.connection, project_id, index, key)
        if found is None and not create:
            return None
        properties = {**(found.properties if found else {}), **set_}
        for name in unset:
            properties.pop(name, None)
        blob = encode(properties)
        if len(blob) > TRIM_ABOVE:
            raise ValueError(f"A group's properties may have {TRIM_ABOVE} bytes of JSON; these would have {len(blob)}.")
        view = GroupView(index, key, properties, found.created_at if found else space.now)
        group = Group(view.properties, view.created_at, True)
        space.also.append(lambda connection: put_groups(connection, [((project_id, index, key), group)], space.epoch))
        columns: dict[str, list[Any]] = {
            "project_id": [project_id],
            "group_type_index": [index],
            "group_key": [key],
            "properties": [blob.decode()],
            "created_at": [view.created_at],
            "version": [space.epoch],
        }
        persons.outbox.add(Insert("groups", columns, f"edit:{space.epoch}"))
        return view


def property_names(state: StateDb, project_id: int) -> dict[int, list[str]]:
    """The names of group properties, by index of the type."""
    found: dict[int, list[str]] = {}
    with state.read() as connection:
        for index, name in connection.execute(
            "SELECT group_type_index, name FROM property_definitions WHERE project_id = ? AND kind = 'group' "
            "ORDER BY group_type_index, name",
            (project_id,),
        ):
            found.setdefault(index, []).append(name)
    return found


def _find(connection: sqlite3.Connection, project_id: int, index: int, key: str) -> GroupView | None:
    row = connection.execute(
        "SELECT group_type_index, group_key, properties, created_at FROM groups "
        "WHERE project_id = ? AND group_type_index = ? AND group_key = ?",
        (project_id, index, key),
    ).fetchone()
    return _view(row) if row else None


def _view(row: tuple[int, str, str, int]) -> GroupView:
    return GroupView(row[0], row[1], json.loads(row[2]), row[3])
