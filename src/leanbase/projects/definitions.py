"""The names of events and properties that a project has seen, and what people have written beside them.

The pipeline learns them (``state.sqlite``); here they are listed, described, and given types.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from leanbase.appdb.state import StateDb

KINDS = ("event", "person", "group", "session")
PROPERTY_TYPES = ("String", "Numeric", "Boolean", "DateTime", "Duration")
NO_GROUP = -1
EVENT_COLUMNS = "id, name, first_seen, last_seen, volume, description, verified, hidden, tags"
PROPERTY_COLUMNS = (
    "id, name, kind, group_type_index, property_type, is_numerical, declared, first_seen, last_seen, "
    "description, verified, hidden, tags"
)

EVENT_ORDERS = {
    "-last_seen_at": "last_seen DESC, name",
    "last_seen_at": "last_seen, name",
    "-volume": "volume DESC, name",
    "volume": "volume, name",
    "name": "name",
    "-name": "name DESC",
}


@dataclass(frozen=True)
class EventDefinition:
    """An event name. Times are microseconds since 1970 in UTC; ``volume`` counts all events so far."""

    id: str
    name: str
    first_seen: int
    last_seen: int
    volume: int
    description: str
    verified: bool
    hidden: bool
    tags: list[str]


@dataclass(frozen=True)
class PropertyDefinition:
    """A property of events, persons, sessions or one group type (``group_type_index``, else -1)."""

    id: str
    name: str
    kind: str
    group_type_index: int
    property_type: str | None
    is_numerical: bool
    declared: bool  # the type was chosen by a user and is not learnt any more
    first_seen: int
    last_seen: int
    description: str
    verified: bool
    hidden: bool
    tags: list[str]


@dataclass(frozen=True, kw_only=True)
class PropertyWishes:
    """Which properties to list; None and empty mean no wish."""

    kind: str = "event"
    group_type_index: int = NO_GROUP
    search: str = ""
    names: Sequence[str] = ()
    excluded: Sequence[str] = ()
    seen_with: Sequence[str] = ()  # only properties that one of these events has had
    is_numerical: bool | None = None
    is_feature_flag: bool | None = None
    exclude_hidden: bool = False
    verified: bool | None = None


class _Conditions:
    """An AND of conditions with their values."""

    def __init__(self, project_id: int) -> None:
        self._texts = ["project_id = ?"]
        self.values: list[Any] = [project_id]

    def add(self, text: str, *values: Any) -> None:
        self._texts.append(text)
        self.values.extend(values)

    def add_search(self, search: str) -> None:
        """Every word must occur in the name; ``%`` and ``_`` are ordinary characters."""
        for word in search.split()[:10]:
            escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            self.add("name LIKE ? ESCAPE '\\'", f"%{escaped}%")

    def text(self) -> str:
        return " AND ".join(self._texts)


class Definitions:
    """Definitions of all projects. Safe to use from any thread."""

    def __init__(self, state: StateDb) -> None:
        self._state = state

    def events(
        self,
        project_id: int,
        *,
        limit: int,
        offset: int,
        search: str = "",
        names: Sequence[str] = (),
        exclude_hidden: bool = False,
        verified: bool | None = None,
        ordering: str = "-last_seen_at",
    ) -> tuple[list[EventDefinition], int]:
        """A page of event definitions in one of the orders of ``EVENT_ORDERS``, and how many there are."""
        where = _Conditions(project_id)
        where.add_search(search)
        if names:
            where.add("name IN (SELECT value FROM json_each(?))", json.dumps(list(names)))
        if exclude_hidden:
            where.add("hidden = 0")
        if verified is not None:
            where.add("verified = ?", int(verified))
        rows, total = self._page("event_definitions", EVENT_COLUMNS, where, EVENT_ORDERS[ordering], limit, offset)
        return [_event(row) for row in rows], total

    def properties(
        self, project_id: int, wishes: PropertyWishes, *, limit: int, offset: int
    ) -> tuple[list[PropertyDefinition], int]:
        """A page of property definitions by name, and how many there are."""
        where = _Conditions(project_id)
        where.add("kind = ? AND group_type_index = ?", wishes.kind, wishes.group_type_index)
        where.add_search(wishes.search)
        if wishes.names:
            where.add("name IN (SELECT value FROM json_each(?))", json.dumps(list(wishes.names)))
        if wishes.excluded:
            where.add("name NOT IN (SELECT value FROM json_each(?))", json.dumps(list(wishes.excluded)))
        if wishes.seen_with:
            where.add(
                "name IN (SELECT property FROM event_properties WHERE project_id = ? "
                "AND event IN (SELECT value FROM json_each(?)))",
                project_id,
                json.dumps(list(wishes.seen_with)),
            )
        if wishes.is_numerical is not None:
            where.add("is_numerical = ?", int(wishes.is_numerical))
        if wishes.is_feature_flag is not None:
            where.add(f"name {'' if wishes.is_feature_flag else 'NOT '}LIKE '$feature/%'")
        if wishes.exclude_hidden:
            where.add("hidden = 0")
        if wishes.verified is not None:
            where.add("verified = ?", int(wishes.verified))
        rows, total = self._page("property_definitions", PROPERTY_COLUMNS, where, "name", limit, offset)
        return [_property(row) for row in rows], total

    def event(self, project_id: int, definition_id: str) -> EventDefinition | None:
        row = self._one("event_definitions", EVENT_COLUMNS, project_id, definition_id)
        return _event(row) if row else None

    def property(self, project_id: int, definition_id: str) -> PropertyDefinition | None:
        row = self._one("property_definitions", PROPERTY_COLUMNS, project_id, definition_id)
        return _property(row) if row else None

    def change_event(self, project_id: int, definition_id: str, values: Mapping[str, Any]) -> None:
        """Set ``description``, ``verified``, ``hidden`` or ``tags``."""
        self._change("event_definitions", project_id, definition_id, values)

    def change_property(self, project_id: int, definition_id: str, values: Mapping[str, Any]) -> None:
        """Set what :meth:`change_event` sets, or ``property_type``: one of ``PROPERTY_TYPES``, or None to learn it."""
        values = dict(values)
        if "property_type" in values:
            chosen = values["property_type"]
            if chosen is not None and chosen not in PROPERTY_TYPES:
                raise ValueError(f"{chosen!r} is no property type")
            values |= {"declared": chosen is not None, "is_numerical": chosen == "Numeric"}
        self._change("property_definitions", project_id, definition_id, values)

    def delete_event(self, project_id: int, definition_id: str) -> None:
        """Forget an event name; it comes back with the next event of it."""
        with self._state.write() as connection:
            connection.execute(
                "DELETE FROM event_definitions WHERE project_id = ? AND id = ?", (project_id, _stored_id(definition_id))
            )

    def _page(
        self, table: str, columns: str, where: _Conditions, order: str, limit: int, offset: int
    ) -> tuple[list[tuple[Any, ...]], int]:
        with self._state.read() as connection:
            (total,) = connection.execute(
                f"SELECT count(*) FROM {table} WHERE {where.text()}",  # noqa: S608 -- names of this module
                where.values,
            ).fetchone()
            rows = connection.execute(
                f"SELECT {columns} FROM {table} WHERE {where.text()} ORDER BY {order} LIMIT ? OFFSET ?",  # noqa: S608
                [*where.values, limit, offset],
            ).fetchall()
        return rows, total

    def _one(self, table: str, columns: str, project_id: int, definition_id: str) -> tuple[Any, ...] | None:
        with self._state.read() as connection:
            return connection.execute(
                f"SELECT {columns} FROM {table} WHERE project_id = ? AND id = ?",  # noqa: S608 -- names of this module
                (project_id, _stored_id(definition_id)),
            ).fetchone()

    def _change(self, table: str, project_id: int, definition_id: str, values: Mapping[str, Any]) -> None:
        allowed = ("description", "verified", "hidden", "tags", "property_type", "declared", "is_numerical")
        names = [name for name in allowed if name in values]
        if not names:
            return
        stored = [json.dumps(values[name]) if name == "tags" else values[name] for name in names]
        assignments = ", ".join(f"{name} = ?" for name in names)
        with self._state.write() as connection:
            connection.execute(
                f"UPDATE {table} SET {assignments} WHERE project_id = ? AND id = ?",  # noqa: S608 -- names of this module
                [*stored, project_id, _stored_id(definition_id)],
            )


def _stored_id(definition_id: str) -> str:
    """Ids are shown with hyphens and rest without."""
    return definition_id.replace("-", "").lower()


def _event(row: tuple[Any, ...]) -> EventDefinition:
    (key, name, first, last, volume, description, verified, hidden, tags) = row
    return EventDefinition(
        str(UUID(key)), name, first, last, volume, description, bool(verified), bool(hidden), json.loads(tags)
    )


def _property(row: tuple[Any, ...]) -> PropertyDefinition:
    (key, name, kind, index, type_, numerical, declared, first, last, description, verified, hidden, tags) = row
    return PropertyDefinition(
        str(UUID(key)),
        name,
        kind,
        index,
        type_,
        bool(numerical),
        bool(declared),
        first,
        last,
        description,
        bool(verified),
        bool(hidden),
        json.loads(tags),
    )
