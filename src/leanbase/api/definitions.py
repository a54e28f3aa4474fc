"""Definitions of events and properties: what a project has seen, described and typed by its people."""

import json
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.answers import Limit, Offset, page
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid, not_found
from leanbase.api.noting import note
from leanbase.api.settling import settled
from leanbase.model.instants import iso
from leanbase.projects.definitions import (
    NO_GROUP,
    Definitions,
    EventDefinition,
    PropertyDefinition,
    PropertyWishes,
)

router = APIRouter(tags=["definitions"], dependencies=[Depends(settled)])

EventAccess = Annotated[ProjectAccess, Depends(ProjectScope("event_definition"))]
PropertyAccess = Annotated[ProjectAccess, Depends(ProjectScope("property_definition"))]
Search = Annotated[str, Query(max_length=400)]


class DefinitionChange(BaseModel):
    """What people may write beside a definition."""

    description: str | None = Field(None, max_length=10_000)
    verified: bool | None = None
    hidden: bool | None = None
    tags: list[str] | None = Field(None, max_length=100)


class PropertyChange(DefinitionChange):
    """A type that was chosen is not learnt any more; null lets it be learnt again."""

    property_type: Literal["String", "Numeric", "Boolean", "DateTime", "Duration"] | None = None


@router.get("/event_definitions/")
def list_event_definitions(
    request: Request,
    access: EventAccess,
    context: Context,
    limit: Limit = 100,
    offset: Offset = 0,
    search: Search = "",
    names: str = "",
    exclude_hidden: bool = False,
    verified: bool | None = None,
    ordering: Literal["-last_seen_at", "last_seen_at", "-volume", "volume", "name", "-name"] = "-last_seen_at",
) -> dict[str, Any]:
    """Events that the project has seen, the latest first. ``search``: every word must occur in the name."""
    rows, total = _definitions(context).events(
        access.project.id,
        limit=limit,
        offset=offset,
        search=search,
        names=_name_list(names, "names"),
        exclude_hidden=exclude_hidden,
        verified=verified,
        ordering=ordering,
    )
    return page(request, [_event_shape(row) for row in rows], total, limit, offset)


@router.get("/event_definitions/by_name/")
def show_event_definition_by_name(access: EventAccess, context: Context, name: str) -> dict[str, Any]:
    """The definition of one event name."""
    rows, _ = _definitions(context).events(access.project.id, limit=1, offset=0, names=[name])
    if not rows:
        raise not_found()
    return _event_shape(rows[0])


@router.get("/event_definitions/{definition_id}/")
def show_event_definition(definition_id: str, access: EventAccess, context: Context) -> dict[str, Any]:
    return _event_shape(_event(definition_id, access, context))


@router.patch("/event_definitions/{definition_id}/")
def change_event_definition(
    definition_id: str, body: DefinitionChange, access: EventAccess, context: Context
) -> dict[str, Any]:
    """Describe, verify, hide or tag an event."""
    before = _event(definition_id, access, context)
    _definitions(context).change_event(access.project.id, definition_id, _changes(body))
    after = _event(definition_id, access, context)
    note(access, context, "EventDefinition", before, after)
    return _event_shape(after)


@router.delete("/event_definitions/{definition_id}/", status_code=204)
def delete_event_definition(definition_id: str, access: EventAccess, context: Context) -> Response:
    """Forget an event name. Its events stay; the next one brings the name back."""
    before = _event(definition_id, access, context)
    _definitions(context).delete_event(access.project.id, definition_id)
    note(access, context, "EventDefinition", before, None)
    return Response(status_code=204)


@router.get("/property_definitions/")
def list_property_definitions(
    request: Request,
    access: PropertyAccess,
    context: Context,
    limit: Limit = 100,
    offset: Offset = 0,
    type: Literal["event", "person", "group", "session"] = "event",
    group_type_index: Annotated[int | None, Query(ge=0, le=4)] = None,
    search: Search = "",
    properties: str = "",
    excluded_properties: str = "",
    event_names: str = "",
    filter_by_event_names: bool = False,
    is_numerical: bool | None = None,
    is_feature_flag: bool | None = None,
    exclude_hidden: bool = False,
    verified: bool | None = None,
) -> dict[str, Any]:
    """Properties that the project has seen. ``type=group`` needs ``group_type_index``.

    ``properties`` is a comma-separated list of names; ``excluded_properties`` and ``event_names`` are JSON lists.
    """
    if (type == "group") is (group_type_index is None):
        raise invalid("Send group_type_index with type=group, and only then.", "group_type_index")
    wishes = PropertyWishes(
        kind=type,
        group_type_index=NO_GROUP if group_type_index is None else group_type_index,
        search=search,
        names=[name for name in properties.split(",") if name],
        excluded=_name_list(excluded_properties, "excluded_properties"),
        seen_with=_name_list(event_names, "event_names") if filter_by_event_names else (),
        is_numerical=is_numerical,
        is_feature_flag=is_feature_flag,
        exclude_hidden=exclude_hidden,
        verified=verified,
    )
    rows, total = _definitions(context).properties(access.project.id, wishes, limit=limit, offset=offset)
    return page(request, [_property_shape(row) for row in rows], total, limit, offset)


@router.get("/property_definitions/{definition_id}/")
def show_property_definition(definition_id: str, access: PropertyAccess, context: Context) -> dict[str, Any]:
    return _property_shape(_property(definition_id, access, context))


@router.patch("/property_definitions/{definition_id}/")
def change_property_definition(
    definition_id: str, body: PropertyChange, access: PropertyAccess, context: Context
) -> dict[str, Any]:
    """Give a property a type, describe, verify, hide or tag it. Queries use the type from the next one on."""
    before, values = _property(definition_id, access, context), _changes(body)
    if "property_type" in body.model_fields_set:
        values["property_type"] = body.property_type
    _definitions(context).change_property(access.project.id, definition_id, values)
    after = _property(definition_id, access, context)
    note(access, context, "PropertyDefinition", before, after)
    return _property_shape(after)


def _definitions(context: ApiContext) -> Definitions:
    return Definitions(context.state)


def _event(definition_id: str, access: ProjectAccess, context: ApiContext) -> EventDefinition:
    found = _definitions(context).event(access.project.id, definition_id)
    if found is None:
        raise not_found()
    return found


def _property(definition_id: str, access: ProjectAccess, context: ApiContext) -> PropertyDefinition:
    found = _definitions(context).property(access.project.id, definition_id)
    if found is None:
        raise not_found()
    return found


def _changes(body: DefinitionChange) -> dict[str, Any]:
    given = body.model_dump(include={"description", "verified", "hidden", "tags"}, exclude_unset=True)
    empty: dict[str, Any] = {"description": "", "verified": False, "hidden": False, "tags": []}
    return {name: empty[name] if value is None else value for name, value in given.items()}


def _name_list(text: str, attr: str) -> list[str]:
    """A JSON list of texts in a query parameter; empty for none."""
    if not text:
        return []
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[Any]", value)):
        raise invalid('Must be a JSON list of texts, such as ["$pageview"].', attr)
    return cast("list[str]", value)


def _event_shape(row: EventDefinition) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "tags": row.tags,
        "created_at": iso(row.first_seen),
        "last_seen_at": iso(row.last_seen),
        "last_updated_at": iso(row.last_seen),
        "volume": row.volume,
        "verified": row.verified,
        "hidden": row.hidden,
        "owner": None,
        "is_action": False,
    }


def _property_shape(row: PropertyDefinition) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "tags": row.tags,
        "type": row.kind,
        "group_type_index": None if row.group_type_index == NO_GROUP else row.group_type_index,
        "property_type": row.property_type,
        "is_numerical": row.is_numerical,
        "is_seen_on_filtered_events": None,
        "created_at": iso(row.first_seen),
        "last_seen_at": iso(row.last_seen),
        "updated_at": iso(row.last_seen),
        "verified": row.verified,
        "hidden": row.hidden,
    }
