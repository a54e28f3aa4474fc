"""ActorsQuery: lists of persons or groups, all of them or those behind a point of a chart."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leanbase.model.display_name import display_name
from leanbase.model.project import Project
from leanbase.query import fields
from leanbase.query.actors.behind import Behind
from leanbase.query.actors.persons import matching_keys, page_of_persons
from leanbase.query.actors.profiles import Profile, distinct_ids, person, profiles
from leanbase.query.actors.sources import behind
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError

DEFAULT_SELECT = ["person", "id", "created_at", "person.$delete"]
DEFAULT_LIMIT = 100
MAX_LIMIT = 50_000
_COMMENT = re.compile(r"\s*--.*$")
_ORDER = re.compile(r"^(.*?)(?:\s*--.*?)?(?:\s+(ASC|DESC))?$", re.IGNORECASE)  # a label may stand between
_FROM_CHART = ("event_count", "value_at_data_point", "appearances", "event_distinct_ids", "matched_recordings")


@dataclass(frozen=True, slots=True)
class _Actor:
    """One line of the list: the profile, and what the chart knows."""

    profile: Profile
    extras: Mapping[str, Any]


def run_actors(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Answer an ActorsQuery: rows of the ``select`` columns, ``hasMore``, ``missing_actors_count``.

    Raises :class:`QueryError`.
    """
    select = [_COMMENT.sub("", item).strip() for item in fields.texts(query, "select")] or DEFAULT_SELECT
    limit = fields.whole(query, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT) or DEFAULT_LIMIT
    offset = fields.whole(query, "offset", 0, 0, 1 << 40) or 0
    filters = [found for name in ("properties", "fixedProperties") if (found := query.get(name))]
    search = fields.text(query, "search")
    order = [_order(item) for item in fields.texts(query, "orderBy")]
    source = query.get("source")
    if source is None:
        actors = _all_persons(ctx, search, filters, order, limit + 1, offset)
        more, missing = len(actors) > limit, 0
        actors = actors[:limit]
    else:
        found = behind(ctx, fields.part(query, "source"))
        known = found.extras | found.columns(select)
        positions = _chosen(ctx, found, search, filters, order)
        more = len(positions) > offset + limit
        page = positions[offset : offset + limit]
        shown = profiles(ctx, found.kind, [found.keys[position] for position in page], found.group_type_index)
        missing = sum(profile.get("known") is False for profile in shown)
        actors = [
            _Actor(profile, {name: values[position] for name, values in known.items()})
            for profile, position in zip(shown, page, strict=True)
        ]
    return {
        "results": [[_cell(item, actor, ctx.project) for item in select] for actor in actors],
        "columns": select,
        "types": ["String" for _ in select],
        "hasMore": more,
        "limit": limit,
        "offset": offset,
        "missing_actors_count": missing,
    }


def _order(text: str) -> tuple[str, bool]:
    """``created_at DESC`` as (created_at, True)."""
    match = _ORDER.match(text.strip())
    name, direction = (match[1], match[2]) if match else (text, None)
    return name.strip(), (direction or "").upper() == "DESC"


def _all_persons(
    ctx: QueryContext, search: str | None, filters: list[Any], order: list[tuple[str, bool]], limit: int, offset: int
) -> list[_Actor]:
    rows = page_of_persons(ctx, search, filters, order, limit, offset)
    names = distinct_ids(ctx, [row[1] for row in rows])
    found: list[_Actor] = []
    for _, person_id, properties, created_at, is_identified in rows:
        profile = person(person_id, properties, created_at, bool(is_identified))
        profile["distinct_ids"] = names.get(person_id, [])
        found.append(_Actor(profile, {}))
    return found


def _chosen(
    ctx: QueryContext, found: Behind, search: str | None, filters: list[Any], order: list[tuple[str, bool]]
) -> list[int]:
    """The positions of the actors that match, in the order asked for; without an order in the chart's own."""
    positions = list(range(len(found.keys)))
    by_chart = found.columns(name for name, _ in order)
    by_profile = [(name, down) for name, down in order if name not in by_chart and name != "actor_id"]
    if found.kind != "person":
        if search:
            positions = [n for n in positions if search.lower() in str(found.keys[n]).lower()]
    elif search or filters or by_profile:
        place = {key: number for number, key in enumerate(found.keys)}
        keys = matching_keys(ctx, found.keys, search, filters, by_profile)
        positions = [place[key] for key in keys] if by_profile else sorted(place[key] for key in keys)
    for name, down in reversed(order):
        if name in by_chart:
            values = by_chart[name]
            positions.sort(key=lambda position: values[position], reverse=down)
    return positions


def _cell(column: str, actor: _Actor, project: Project) -> Any:
    profile = actor.profile
    known = {name: value for name, value in profile.items() if name != "known"}
    match column:
        case "person" | "actor" | "group" | "*":
            return known
        case "id" | "actor_id" | "person.$delete" | "person.id" | "group_key" | "key":
            return profile["id"]
        case "person_display_name":
            name = display_name(profile.get("properties") or {}, profile.get("distinct_ids") or [], project)
            return {"id": profile["id"], "display_name": name or profile["id"], "distinct_id": _first_id(profile)}
        case "created_at" | "is_identified" | "properties" | "distinct_ids":
            return profile.get(column)
        case "matched_recordings":
            return []
        case "event_distinct_ids":
            return profile.get("distinct_ids", [])
        case _ if column in _FROM_CHART or column in actor.extras:
            return actor.extras.get(column)
        case _:
            name = column.removeprefix("person.").removeprefix("group.")
            if name.startswith("properties."):
                properties = profile.get("properties") or {}
                return properties.get(name.removeprefix("properties.").strip('`"'))
            raise QueryError(
                f"{column!r} cannot be selected here; id, person, created_at, properties.<name>, event_count can",
                attr="select",
            )


def _first_id(profile: Profile) -> str | None:
    names = profile.get("distinct_ids") or []
    return names[0] if names else None
