"""Profiles of persons and groups by the keys that insights count, as ActorsQuery shows them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from leanbase.query.actors.behind import ActorKind
from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.person_mode import overridden_person_id, overridden_pk

Profile = dict[str, Any]

_DISTINCT_IDS = 1000  # of one person; merged bots have more, and nobody reads them


def profiles(ctx: QueryContext, kind: ActorKind, keys: Sequence[Any], group_type_index: int | None) -> list[Profile]:
    """One profile per key, in order. What has none is ``{"id": …}`` with what its events say, and ``known`` False."""
    if not keys:
        return []
    if kind == "person":
        found = _persons(ctx, keys)
    elif kind == "group":
        found = _groups(ctx, keys, group_type_index or 0)
    else:
        found = {}
    unknown: Profile = {"known": False} | ({"group_type_index": group_type_index or 0} if kind == "group" else {})
    return [found.get(key) or {"id": str(key), **unknown} for key in keys]


def _persons(ctx: QueryContext, keys: Sequence[int]) -> dict[int, Profile]:
    binder = Binder()
    wanted = binder(list(keys), "Array(UInt64)")
    project = binder(ctx.project.id, "UInt32")
    rows = ctx.execute(
        binder.sql(
            "SELECT pk, toString(person_id), properties, created_at, is_identified FROM persons FINAL"
            f" WHERE project_id = {project} AND pk IN {wanted} AND NOT is_deleted"
        )
    ).rows
    found = {
        key: person(person_id, properties, created_at, bool(is_identified))
        for key, person_id, properties, created_at, is_identified in rows
    }
    names = distinct_ids(ctx, [profile["id"] for profile in found.values()])
    for profile in found.values():
        profile["distinct_ids"] = names.get(profile["id"], [])
    nameless = [key for key in keys if not (found.get(key) or {}).get("distinct_ids")]
    for key, profile in _from_events(ctx, nameless).items():
        known = found.setdefault(key, profile | {"known": False})
        known["distinct_ids"] = profile["distinct_ids"]
    return found


def person(person_id: str, properties: str, created_at: datetime, is_identified: bool) -> Profile:
    """A person as ActorsQuery shows them, without their distinct ids."""
    return {
        "id": person_id,
        "uuid": person_id,
        "distinct_ids": [],
        "properties": msgspec.json.decode(properties or "{}"),
        "created_at": created_at.replace(tzinfo=created_at.tzinfo or UTC).isoformat(),
        "is_identified": is_identified,
    }


def distinct_ids(ctx: QueryContext, person_ids: Sequence[str]) -> dict[str, list[str]]:
    """The distinct ids of persons."""
    if not person_ids:
        return {}
    binder = Binder()
    rows = ctx.execute(
        binder.sql(
            f"SELECT toString(person_id), arraySort(groupArray({_DISTINCT_IDS})(distinct_id))"
            f" FROM person_distinct_ids FINAL WHERE project_id = {binder(ctx.project.id, 'UInt32')}"
            f" AND person_id IN {binder(list(person_ids), 'Array(UUID)')} AND NOT is_deleted GROUP BY person_id"
        )
    ).rows
    return {person_id: list(names) for person_id, names in rows}


def _from_events(ctx: QueryContext, keys: Sequence[int]) -> dict[int, Profile]:
    """Persons without a profile or distinct ids, as their events know them (personless events create no person)."""
    if not keys:
        return {}
    binder = Binder()
    wanted = binder(list(keys), "Array(UInt64)")
    actor = overridden_pk("e")
    rows = ctx.execute(
        binder.sql(
            f"SELECT {actor} AS actor, toString(any({overridden_person_id('e')})),"
            f" arraySort(groupUniqArray({_DISTINCT_IDS})(e.distinct_id)) FROM events AS e"
            f" WHERE e.project_id = {binder(ctx.project.id, 'UInt32')}"
            f" AND (e.pk IN {wanted} OR {actor} IN {wanted}) GROUP BY actor"
        )
    ).rows
    return {key: {"id": person_id, "uuid": person_id, "distinct_ids": list(names)} for key, person_id, names in rows}


def _groups(ctx: QueryContext, keys: Sequence[str], index: int) -> dict[str, Profile]:
    binder = Binder()
    rows = ctx.execute(
        binder.sql(
            "SELECT group_key, properties, created_at FROM groups FINAL"
            f" WHERE project_id = {binder(ctx.project.id, 'UInt32')}"
            f" AND group_type_index = {binder(index, 'UInt8')}"
            f" AND group_key IN {binder(list(keys), 'Array(String)')} AND NOT is_deleted"
        )
    ).rows
    return {
        key: {
            "id": key,
            "type": "group",
            "group_key": key,
            "group_type_index": index,
            "properties": (found := msgspec.json.decode(properties or "{}")),
            "group_properties": found,
            "created_at": created_at.replace(tzinfo=created_at.tzinfo or UTC).isoformat(),
        }
        for key, properties, created_at in rows
    }
