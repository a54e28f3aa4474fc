"""Groups and their types in PostHog's paths and shapes."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.answers import Offset, page_links
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid, not_found
from leanbase.api.person_lookup import person_of
from leanbase.api.person_shapes import person_shape
from leanbase.api.settling import settled
from leanbase.model.instants import iso
from leanbase.persons import group_edits, listing, related
from leanbase.persons.group_edits import GroupType, GroupView
from leanbase.persons.related import RelatedGroup

router = APIRouter(tags=["groups"], dependencies=[Depends(settled)])

Access = Annotated[ProjectAccess, Depends(ProjectScope("group"))]
Index = Annotated[int, Query(ge=0, le=4)]
Limit = Annotated[int, Query(ge=1, le=1000)]
Text = Annotated[str, Query(max_length=1000)]


class TypeNames(BaseModel):
    """How people call the groups of a type."""

    group_type_index: int = Field(ge=0, le=4)
    name_singular: str | None = Field(None, max_length=400)
    name_plural: str | None = Field(None, max_length=400)


class NewGroup(BaseModel):
    group_type_index: int = Field(ge=0, le=4)
    group_key: str = Field(min_length=1, max_length=400)
    group_properties: dict[str, Any] = {}


@router.get("/groups_types/")
def list_types(access: Access, context: Context) -> list[dict[str, Any]]:
    """The group types of the project, at most five."""
    return [_type_shape(each) for each in group_edits.types(context.state, access.project.id)]


@router.patch("/groups_types/update_metadata/")
def rename_types(body: list[TypeNames], access: Access, context: Context) -> list[dict[str, Any]]:
    """Say how people call the groups of each type."""
    for each in body:
        _known_type(each.group_type_index, access, context)
        group_edits.rename_type(
            context.state, access.project.id, each.group_type_index, each.name_singular, each.name_plural
        )
    return list_types(access, context)


@router.get("/groups/")
def list_groups(
    request: Request,
    access: Access,
    context: Context,
    group_type_index: Index,
    search: Text = "",
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Groups of one type, the latest created first. ``search``: part of the key or the name."""
    project_id = access.project.id
    found, more = group_edits.page(context.state, project_id, group_type_index, search.strip(), limit, offset)
    return {**page_links(request, limit, offset, more), "results": [_shape(group) for group in found]}


@router.post("/groups/", status_code=201)
def create_group(body: NewGroup, access: Access, context: Context) -> dict[str, Any]:
    """Make a group, or add to the properties of the one there is."""
    _known_type(body.group_type_index, access, context)
    return _change(body.group_type_index, body.group_key, body.group_properties, [], access, context, create=True)


@router.get("/groups/find/")
def show_group(access: Access, context: Context, group_type_index: Index, group_key: Text) -> dict[str, Any]:
    """One group."""
    found = group_edits.find(context.state, access.project.id, group_type_index, group_key)
    if found is None:
        raise not_found("There is no such group in this project.")
    return _shape(found)


@router.get("/groups/related/")
def list_related(
    access: Access,
    context: Context,
    id: Annotated[str, Query(min_length=1, max_length=1000)],
    group_type_index: Annotated[int | None, Query(ge=0, le=4)] = None,
) -> list[dict[str, Any]]:
    """By events of the last 90 days: the persons and other groups of a group (``id`` is its key), or without
    ``group_type_index`` the groups of a person (``id`` is its uuid). Groups come with how often they were seen."""
    project = access.project
    if group_type_index is None:
        groups = related.groups_of_person(context.persons, context.store, person_of(id, access, context).person)
        return [_related_shape(context, project.id, group) for group in groups]
    uuids = related.persons_of_group(context.store, project.id, group_type_index, id)
    groups = related.groups_of_group(context.store, project.id, group_type_index, id)
    people = [person_shape(view, project) for view in listing.of_uuids(context.state, project.id, uuids)]
    return people + [_related_shape(context, project.id, group) for group in groups]


@router.get("/groups/property_definitions/")
def list_property_names(access: Access, context: Context) -> dict[str, list[dict[str, Any]]]:
    """Names of group properties, by index of the type."""
    found = group_edits.property_names(context.state, access.project.id)
    return {str(index): [{"name": name} for name in names] for index, names in found.items()}


@router.get("/groups/property_values/")
def list_property_values(
    access: Access, context: Context, group_type_index: Index, key: Text, value: Text = ""
) -> list[dict[str, Any]]:
    """Frequent values of a group property that contain a text in any letter case."""
    found = listing.group_property_values(context.store, access.project.id, group_type_index, key, value)
    return [{"name": name, "count": number} for name, number in found]


@router.post("/groups/update_property/")
def update_property(
    body: dict[str, Any], access: Access, context: Context, group_type_index: Index, group_key: Text
) -> dict[str, Any]:
    """Set one property: ``{key, value}``."""
    for field in ("key", "value"):
        if field not in body:
            raise invalid("This field is required.", field, "required")
    if not isinstance(body["key"], str) or not body["key"]:
        raise invalid("key is the name of a property.", "key")
    return _change(group_type_index, group_key, {body["key"]: body["value"]}, [], access, context)


@router.post("/groups/delete_property/")
def delete_property(
    body: dict[str, Any], access: Access, context: Context, group_type_index: Index, group_key: Text
) -> dict[str, Any]:
    """Remove one property: ``{"$unset": key}``."""
    name = body.get("$unset")
    if not isinstance(name, str) or not name:
        raise invalid("Name the property in $unset.", "$unset", "required")
    return _change(group_type_index, group_key, {}, [name], access, context)


def _change(
    index: int,
    key: str,
    set_: dict[str, Any],
    unset: list[str],
    access: ProjectAccess,
    context: ApiContext,
    *,
    create: bool = False,
) -> dict[str, Any]:
    try:
        group = group_edits.change(context.persons, access.project.id, index, key, set_, unset, create)
    except ValueError as problem:
        raise invalid(str(problem), "group_properties") from None
    if group is None:
        raise not_found("There is no such group in this project.")
    return _shape(group)


def _known_type(index: int, access: ProjectAccess, context: ApiContext) -> None:
    if index not in {each.group_type_index for each in group_edits.types(context.state, access.project.id)}:
        raise invalid(f"This project has no group type {index}.", "group_type_index", "does_not_exist")


def _type_shape(each: GroupType) -> dict[str, Any]:
    return {
        "group_type": each.group_type,
        "group_type_index": each.group_type_index,
        "name_singular": each.name_singular,
        "name_plural": each.name_plural,
        "detail_dashboard": None,
        "default_columns": None,
        "created_at": iso(each.created_at),
    }


def _related_shape(context: ApiContext, project_id: int, group: RelatedGroup) -> dict[str, Any]:
    """A group that events name, also when nobody ever called ``$groupidentify`` for it."""
    found = group_edits.find(context.state, project_id, group.group_type_index, group.group_key)
    return {
        "type": "group",
        "id": group.group_key,
        "group_type_index": group.group_type_index,
        "group_key": group.group_key,
        "properties": found.properties if found else {},
        "group_properties": found.properties if found else {},
        "created_at": iso(found.created_at) if found else None,
        "events": group.events,
        "last_seen": iso(group.last_seen),
    }


def _shape(group: GroupView) -> dict[str, Any]:
    return {
        "group_type_index": group.group_type_index,
        "group_key": group.group_key,
        "group_properties": group.properties,
        "created_at": iso(group.created_at),
    }
