"""Cohorts: lists of persons, by criteria or by hand."""

import csv
import io
import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from leanbase.api.access import Id, ProjectAccess, ProjectScope
from leanbase.api.answers import Limit, Offset, iso_or_none, page
from leanbase.api.cohort_body import BODY, CohortBody, GivenCohort, filters_of, ids_of_csv
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError, invalid, not_found
from leanbase.api.noting import note
from leanbase.api.query import queries_of, refused
from leanbase.api.shapes import person_in_charge
from leanbase.model.instants import iso
from leanbase.query.cohorts.service import Cohorts
from leanbase.query.cohorts.stored import Cohort
from leanbase.query.errors import QueryError

router = APIRouter(tags=["cohorts"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("cohort"))]
MOST_PERSONS_OF_QUERY = 50_000


class PersonIds(BaseModel):
    person_ids: list[UUID] = Field(max_length=10_000)


class PersonId(BaseModel):
    person_id: UUID


@router.get("/cohorts/")
def list_cohorts(
    request: Request, access: Access, context: Context, limit: Limit = 100, offset: Offset = 0, search: str = ""
) -> dict[str, Any]:
    """Cohorts of the project, the newest first."""
    found, total = _cohorts(context).rows.page(access.project.id, search, limit, offset)
    return page(request, [_shape(cohort, context) for cohort in found], total, limit, offset)


@router.post("/cohorts/", status_code=201, openapi_extra=BODY)
def create_cohort(body: GivenCohort, access: Access, context: Context) -> dict[str, Any]:
    """A new cohort. A dynamic one is calculated in the background: poll ``is_calculating``."""
    service, project = _cohorts(context), access.project
    filters = filters_of(body)
    values: dict[str, Any] = {"name": body.name or "", "description": body.description or "", "query": body.query}
    if body.is_static or (body.query is not None and filters is None):
        cohort = service.rows.add(project.id, access.user.id, {**values, "is_static": True})
        try:
            _fill(body, cohort, access, context)
        except ApiError:
            service.rows.remove(project.id, cohort.id)
            raise
    else:
        if filters is None:
            raise invalid("A dynamic cohort needs filters; for a list set is_static.", "filters", "required")
        _check(filters, access, context)
        cohort = service.rows.add(project.id, access.user.id, {**values, "filters": filters, "is_calculating": True})
        service.calculate_later(project, cohort)
    note(access, context, "Cohort", None, cohort)
    return _shape(_cohort(cohort.id, access, context), context)


@router.get("/cohorts/{cohort_id}/")
def show_cohort(cohort_id: Id, access: Access, context: Context) -> dict[str, Any]:
    return _shape(_cohort(cohort_id, access, context), context)


@router.patch("/cohorts/{cohort_id}/", openapi_extra=BODY)
def change_cohort(cohort_id: Id, body: GivenCohort, access: Access, context: Context) -> dict[str, Any]:
    """Change a cohort. New criteria are calculated in the background; new ids are added to a list."""
    service, cohort = _cohorts(context), _cohort(cohort_id, access, context)
    given = body.model_fields_set
    values = {name: getattr(body, name) or "" for name in ("name", "description") if name in given}
    if body.deleted:
        delete_cohort(cohort_id, access, context)
        return _shape(cohort, context) | {"deleted": True}
    filters = filters_of(body)
    if filters is not None and not cohort.is_static:
        _check(filters, access, context)
        values["filters"] = filters
    if values:
        service.rows.change(access.project.id, cohort_id, values)
    if cohort.is_static:
        _fill(body, cohort, access, context)
    elif filters is not None:
        service.calculate_later(access.project, cohort)
    changed = _cohort(cohort_id, access, context)
    note(access, context, "Cohort", cohort, changed)
    return _shape(changed, context)


@router.delete("/cohorts/{cohort_id}/", status_code=204)
def delete_cohort(cohort_id: Id, access: Access, context: Context) -> Response:
    """Delete a cohort with its members. Queries that name it are refused from now on."""
    cohort = _cohort(cohort_id, access, context)
    _cohorts(context).rows.change(access.project.id, cohort_id, {"deleted": True})
    note(access, context, "Cohort", cohort, None)
    _cohorts(context).forget_members(access.project.id, cohort_id)
    return Response(status_code=204)


@router.post("/cohorts/{cohort_id}/calculate/", status_code=202)
def calculate_cohort(cohort_id: Id, access: Access, context: Context) -> dict[str, Any]:
    """Calculate a dynamic cohort again now."""
    cohort = _cohort(cohort_id, access, context)
    if cohort.is_static:
        raise invalid("A static cohort has no criteria to calculate.")
    _cohorts(context).calculate_later(access.project, cohort)
    return _shape(_cohort(cohort_id, access, context), context)


@router.get("/cohorts/{cohort_id}/persons/")
def list_members(
    request: Request,
    cohort_id: Id,
    access: Access,
    context: Context,
    limit: Limit = 100,
    offset: Offset = 0,
    form: Annotated[str, Query(alias="format")] = "json",
) -> Any:
    """The members; ``format=csv`` for a file of all of them."""
    cohort = _cohort(cohort_id, access, context)
    service, project_id = _cohorts(context), access.project.id
    if form == "csv":
        return _csv(service.persons(project_id, cohort_id, 100_000, 0), cohort)
    found = service.persons(project_id, cohort_id, limit, offset)
    total = service.count(project_id, cohort_id)
    return page(request, [_person(row) for row in found], total, limit, offset)


@router.patch("/cohorts/{cohort_id}/add_persons_to_static_cohort/")
def add_persons(cohort_id: Id, body: PersonIds, access: Access, context: Context) -> dict[str, Any]:
    """Put persons on a list."""
    _static(cohort_id, access, context)
    _cohorts(context).add_persons(access.project, cohort_id, body.person_ids)
    return {"success": True}


@router.patch("/cohorts/{cohort_id}/remove_person_from_static_cohort/")
def remove_person(cohort_id: Id, body: PersonId, access: Access, context: Context) -> dict[str, Any]:
    """Take a person off a list."""
    _static(cohort_id, access, context)
    _cohorts(context).remove_person(access.project, cohort_id, body.person_id)
    return {"success": True}


@router.post("/cohorts/{cohort_id}/duplicate_as_static_cohort/", status_code=201)
def duplicate_as_list(cohort_id: Id, access: Access, context: Context) -> dict[str, Any]:
    """A list of those who are members now."""
    cohort, service = _cohort(cohort_id, access, context), _cohorts(context)
    made = service.rows.add(
        access.project.id, access.user.id, {"name": f"{cohort.name} (static copy)", "is_static": True}
    )
    service.copy_members(access.project, cohort_id, made.id)
    note(access, context, "Cohort", None, made)
    return _shape(_cohort(made.id, access, context), context)


@router.get("/persons/cohorts/")
def list_cohorts_of_person(access: Access, context: Context, person_id: str = "") -> dict[str, Any]:
    """The cohorts that a person (by uuid) is in. Registered before the routes of single persons."""
    try:
        person = UUID(person_id)
    except ValueError:
        raise invalid("person_id is the uuid of a person.", "person_id") from None
    service = _cohorts(context)
    found = [service.rows.find(access.project.id, number) for number in service.of_person(access.project.id, person)]
    return {"results": [_shape(cohort, context) for cohort in found if cohort is not None and not cohort.deleted]}


def _cohorts(context: ApiContext) -> Cohorts:
    return queries_of(context).cohorts


def _cohort(cohort_id: int, access: ProjectAccess, context: ApiContext) -> Cohort:
    found = _cohorts(context).rows.find(access.project.id, cohort_id)
    if found is None:
        raise not_found()
    return found


def _static(cohort_id: int, access: ProjectAccess, context: ApiContext) -> Cohort:
    cohort = _cohort(cohort_id, access, context)
    if not cohort.is_static:
        raise invalid("Persons can only be added to and removed from a static cohort.")
    return cohort


def _check(filters: dict[str, Any], access: ProjectAccess, context: ApiContext) -> None:
    try:
        _cohorts(context).check(access.project, filters)
    except QueryError as problem:
        raise refused(problem) from None


def _fill(body: CohortBody, cohort: Cohort, access: ProjectAccess, context: ApiContext) -> None:
    """Put on a list whom the body names: by distinct ids, as CSV, or by a query."""
    service = _cohorts(context)
    distinct_ids = [*(body.distinct_ids or []), *ids_of_csv(body.csv or "")]
    if distinct_ids:
        service.add_distinct_ids(access.project, cohort.id, distinct_ids)
    if body.query is not None:
        service.add_persons(access.project, cohort.id, _persons_of_query(body.query, access, context))


def _persons_of_query(query: dict[str, Any], access: ProjectAccess, context: ApiContext) -> list[UUID]:
    """The persons that a query answers: rows of an ActorsQuery, or SQL with a column person_id or id."""
    asked = dict(query)
    if asked.get("kind") == "ActorsQuery":
        asked |= {"select": ["id"], "limit": MOST_PERSONS_OF_QUERY}
    elif asked.get("kind") != "HogQLQuery":
        raise invalid("A cohort's query is an ActorsQuery, or a HogQLQuery with a column person_id.", "query.kind")
    try:
        answer = queries_of(context).run(access.project, asked, background=True)
    except QueryError as problem:
        raise refused(problem) from None
    columns = list(answer.get("columns") or ["id"])
    place = next((columns.index(name) for name in ("person_id", "id", "actor_id") if name in columns), None)
    if place is None:
        raise invalid("The query needs a column person_id.", "query")
    found: list[UUID] = []
    for row in answer["results"]:
        try:
            found.append(UUID(str(row[place])))
        except ValueError:
            raise invalid(f"{row[place]!r} is not the id of a person.", "query") from None
    return found


def _shape(cohort: Cohort, context: ApiContext) -> dict[str, Any]:
    author = context.auth.users.find(cohort.created_by) if cohort.created_by else None
    return {
        "id": cohort.id,
        "name": cohort.name,
        "description": cohort.description,
        "groups": [],
        "deleted": cohort.deleted,
        "filters": cohort.filters,
        "query": cohort.query,
        "version": cohort.version,
        "pending_version": cohort.version,
        "is_calculating": cohort.is_calculating,
        "created_by": person_in_charge(author),
        "created_at": iso(cohort.created_at),
        "last_calculation": iso_or_none(cohort.last_calculation),
        "last_backfill_person_properties_at": None,
        "errors_calculating": cohort.errors_calculating,
        "last_error_message": cohort.last_error_message,
        "count": cohort.count,
        "is_static": cohort.is_static,
        "cohort_type": "static" if cohort.is_static else "behavioral",
        "experiment_set": [],
    }


def _person(row: dict[str, Any]) -> dict[str, Any]:
    properties = json.loads(row["properties"] or "{}")
    ids = list(row["distinct_ids"])
    name = next((str(properties[key]) for key in ("email", "name", "username") if properties.get(key)), None)
    return {
        "type": "person",
        "id": str(row["person_id"]),
        "uuid": str(row["person_id"]),
        "name": name or (ids[0] if ids else str(row["person_id"])),
        "distinct_ids": ids,
        "properties": properties,
        "created_at": row["created_at"],
    }


def _csv(rows: list[dict[str, Any]], cohort: Cohort) -> Response:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["person_id", "distinct_id", "name", "created_at", "properties"])
    for row in rows:
        person = _person(row)
        cells = [person["uuid"], next(iter(person["distinct_ids"]), ""), person["name"], row["created_at"].isoformat()]
        writer.writerow([_harmless(str(cell)) for cell in [*cells, row["properties"]]])
    headers = {"Content-Disposition": f'attachment; filename="cohort-{cohort.id}.csv"'}
    return Response(out.getvalue(), media_type="text/csv", headers=headers)


def _harmless(cell: str) -> str:
    """Spreadsheets run cells that begin like a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
