"""Persons in PostHog's paths and shapes: list, look up, change, split, merge."""

import csv
import io
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.answers import JsonAnswer, Offset, page_links
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid, not_found
from leanbase.api.person_filters import person_condition
from leanbase.api.person_lookup import find_person, person_of
from leanbase.api.person_shapes import merge_shape, person_shape
from leanbase.api.settling import settled
from leanbase.persons import edits, listing, undo
from leanbase.persons.listing import PersonView, Wanted

router = APIRouter(tags=["persons"], dependencies=[Depends(settled)])

Access = Annotated[ProjectAccess, Depends(ProjectScope("person"))]
Reader = Annotated[ProjectAccess, Depends(ProjectScope("person", "read"))]
Limit = Annotated[int, Query(ge=1, le=1000)]
Text = Annotated[str, Query(max_length=1000)]

MAX_BATCH = 200  # distinct ids that are looked up at once, as PostHog does
MAX_NUMBER = 2**63 - 1


class Properties(BaseModel):
    properties: dict[str, Any]


class DeletedProperty(BaseModel):
    unset: str = Field(alias="$unset", min_length=1)


class SplitBody(BaseModel):
    """``main_distinct_id`` is the only id that stays; ``distinct_ids_to_split`` are the only ones that leave."""

    main_distinct_id: str | None = None
    distinct_ids_to_split: list[str] | None = Field(default=None, max_length=10_000)


class MergeBody(BaseModel):
    """Persons (uuids or numbers) that become part of the one in the path."""

    ids: list[str | int] = Field(min_length=1, max_length=100)


class UndoBody(BaseModel):
    """An entry of the person's merge log."""

    merge_id: int = Field(ge=1, le=MAX_NUMBER)


class DistinctIds(BaseModel):
    distinct_ids: list[str] = Field(default=[], max_length=10_000)


@router.get("/persons/")
def list_persons(
    request: Request,
    access: Access,
    context: Context,
    limit: Limit = 100,
    offset: Offset = 0,
    search: Text = "",
    email: Text = "",
    distinct_id: Annotated[str | None, Query(max_length=1000)] = None,
    properties: str = "",
    include_total: bool = False,
    format: str = "json",
) -> Any:
    """Persons, the latest created first.

    ``search``: part of an e-mail address or name, or a whole distinct id or uuid. ``properties``: a JSON list of
    property filters; the operator is ``exact`` where none is given.
    """
    total: int | None = None
    if distinct_id is not None:
        views, more = listing.of_distinct_ids(context.state, access.project.id, [distinct_id]), False
        total = len(views)
        views = views[offset : offset + limit]
    else:
        wanted = Wanted(search.strip(), email.strip(), person_condition(context, access.project, properties))
        views, more = listing.page(context.state, context.store, access.project.id, wanted, limit, offset)
        if include_total:
            total = listing.count(context.store, access.project.id, wanted)
    if format == "csv":
        return _as_csv(views, access)
    answer: dict[str, Any] = page_links(request, limit, offset, more)
    answer["results"] = [person_shape(view, access.project) for view in views]
    if include_total:
        answer["count"] = total
    return answer


def _as_csv(views: list[PersonView], access: ProjectAccess) -> Response:
    shapes = [person_shape(view, access.project) for view in views]
    keys = sorted({key for shape in shapes for key in shape["properties"]})
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "uuid", "name", "created_at", "distinct_ids", *(f"properties.{key}" for key in keys)])
    for shape in shapes:
        properties = shape["properties"]
        row = [shape["id"], shape["uuid"], shape["name"], shape["created_at"], " ".join(shape["distinct_ids"])]
        writer.writerow([_cell(value) for value in [*row, *(properties.get(key, "") for key in keys)]])
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8")


def _cell(value: Any) -> str:
    """Text of a cell; spreadsheets run what begins like a formula, so that gets a quote in front."""
    text = value if isinstance(value, str) else JsonAnswer(value).body.decode() if value is not None else ""  # pyright: ignore[reportAttributeAccessIssue]
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not isinstance(value, int | float) else text


@router.get("/persons/values/")
def list_values(access: Access, context: Context, key: Text = "", value: Text = "") -> list[dict[str, Any]]:
    """Frequent values of a person property that contain a text in any letter case."""
    if not key:
        raise invalid("Name the property in key.", "key", "required")
    found = listing.property_values(context.store, access.project.id, key, value)
    return [{"name": name, "count": number} for name, number in found]


@router.post("/persons/batch_by_distinct_ids/")
def find_by_distinct_ids(body: DistinctIds, access: Reader, context: Context) -> dict[str, Any]:
    """The persons who have these distinct ids (the first 200), by distinct id; unknown ids are left out."""
    wanted = body.distinct_ids[:MAX_BATCH]
    found: dict[str, Any] = {}
    for distinct_id in wanted:
        for view in listing.of_distinct_ids(context.state, access.project.id, [distinct_id]):
            found[distinct_id] = person_shape(view, access.project)
    return {"results": found}


@router.get("/persons/{name}/")
def show_person(name: str, access: Access, context: Context) -> dict[str, Any]:
    """A person by uuid or number."""
    return person_shape(person_of(name, access, context), access.project)


@router.patch("/persons/{name}/", status_code=202)
@router.put("/persons/{name}/", status_code=202)
def change_person(name: str, body: Properties, access: Access, context: Context) -> dict[str, Any]:
    """Set properties; those that are not named stay. A ``$set`` event of the person tells it."""
    return _change(name, access, context, body.properties)


@router.post("/persons/{name}/update_property/", status_code=202)
def update_property(name: str, body: dict[str, Any], access: Access, context: Context) -> dict[str, Any]:
    """Set one property: ``{key, value}``."""
    for field in ("key", "value"):
        if field not in body:
            raise invalid("This field is required.", field, "required")
    if not isinstance(body["key"], str) or not body["key"]:
        raise invalid("key is the name of a property.", "key")
    return _change(name, access, context, {body["key"]: body["value"]})


@router.post("/persons/{name}/delete_property/", status_code=201)
def delete_property(name: str, body: DeletedProperty, access: Access, context: Context) -> dict[str, Any]:
    """Remove one property: ``{"$unset": key}``."""
    return _change(name, access, context, {}, [body.unset])


@router.post("/persons/{name}/split/", status_code=201)
def split_person(
    name: str, access: Access, context: Context, choice: Annotated[SplitBody | None, Body()] = None
) -> dict[str, Any]:
    """Give distinct ids persons of their own, with their past events. Without a choice only the first id stays."""
    view = person_of(name, access, context)
    body = choice or SplitBody()
    leaving = body.distinct_ids_to_split
    if leaving is not None and body.main_distinct_id is not None:
        raise invalid("Give main_distinct_id or distinct_ids_to_split, and not both.", "distinct_ids_to_split")
    if leaving is not None and not leaving:
        raise invalid("Name at least one distinct id.", "distinct_ids_to_split")
    keep = (body.main_distinct_id or view.distinct_ids[0]) if leaving is None and view.distinct_ids else None
    field = "distinct_ids_to_split" if leaving is not None else "main_distinct_id"
    made = _edit(
        lambda: undo.split(
            context.persons, access.project.id, view.person.uuid, leaving or [], keep=keep, who=access.user.email
        ),
        field,
    )
    return {"success": True, "persons": [str(uuid) for uuid in made]}


@router.get("/persons/{name}/merge_log/")
def show_merge_log(name: str, access: Access, context: Context) -> dict[str, Any]:
    """How the person's distinct ids came together, the newest first."""
    view = person_of(name, access, context)
    log = undo.merge_log(context.persons, access.project.id, view.person.uuid)
    return {"next": None, "previous": None, "results": [merge_shape(entry) for entry in log]}


@router.post("/persons/{name}/undo_merge/", status_code=201)
def undo_merge(name: str, body: UndoBody, access: Access, context: Context) -> dict[str, Any]:
    """Take back an entry of the merge log: what came with it leaves again, with its past events."""
    view = person_of(name, access, context)
    log = undo.merge_log(context.persons, access.project.id, view.person.uuid)
    if body.merge_id not in {entry.id for entry in log}:
        raise invalid("This person's merge log has no such entry.", "merge_id", "does_not_exist")
    made = _edit(lambda: undo.undo(context.persons, access.project.id, body.merge_id, access.user.email), "merge_id")
    return {"success": True, "persons": [str(uuid) for uuid in made]}


@router.post("/persons/{name}/merge/", status_code=201)
def merge_persons(name: str, body: MergeBody, access: Access, context: Context) -> dict[str, Any]:
    """Make other persons part of this one; whether they are identified does not matter. It can be undone."""
    target = person_of(name, access, context).person.uuid
    project_id = access.project.id
    sources: list[UUID] = []
    for each in body.ids:
        found = find_person(context, project_id, str(each))
        if found is None:
            raise invalid(f"There is no person {each} in this project.", "ids", "does_not_exist")
        if found.person.uuid == target:
            raise invalid("A person cannot be merged with itself.", "ids")
        sources.append(found.person.uuid)
    for source in dict.fromkeys(sources):
        _edit(
            lambda one=source: undo.merge_by_hand(
                context.persons, project_id, target, one, context.persons.clock(), access.user.email
            ),
            "ids",
        )
    return person_shape(person_of(str(target), access, context), access.project)


# -- what the routes share ---------------------------------------------------


def _edit(change: Callable[[], Any], attr: str) -> Any:
    try:
        return change()
    except edits.NoSuchPerson as problem:
        raise not_found(str(problem)) from None
    except ValueError as problem:
        raise invalid(str(problem), attr) from None


def _change(
    name: str, access: ProjectAccess, context: ApiContext, set_: dict[str, Any], unset: list[str] | None = None
) -> dict[str, Any]:
    uuid = person_of(name, access, context).person.uuid
    _edit(
        lambda: edits.change_properties(context.persons, access.project.id, uuid, set_, unset or [], access.user.email),
        "properties",
    )
    return person_shape(person_of(str(uuid), access, context), access.project)
