"""Annotations in PostHog's shapes."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from leanbase.api.access import Id, ProjectAccess, ProjectScope
from leanbase.api.answers import Limit, Offset, iso_or_none, moment_of, page
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid, not_found
from leanbase.api.insight_shapes import Authors
from leanbase.api.noting import note
from leanbase.dashboards.annotations import Annotation, Annotations
from leanbase.dashboards.boards import Boards
from leanbase.dashboards.insights import Insights
from leanbase.model.instants import iso

router = APIRouter(tags=["annotations"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("annotation"))]
Scope = Literal["dashboard_item", "dashboard", "project", "organization"]


class AnnotationBody(BaseModel):
    """What a client may set. ``dashboard_item`` is the id of an insight."""

    content: str | None = Field(None, max_length=8192)
    date_marker: str | None = Field(None, max_length=40)
    creation_type: Literal["USR", "GIT"] | None = None
    scope: Scope | None = None
    dashboard_item: int | None = Field(None, ge=1, lt=2**31)
    dashboard_id: int | None = Field(None, ge=1, lt=2**31)
    deleted: bool | None = None


@router.get("/annotations/")
def list_annotations(
    request: Request,
    access: Access,
    context: Context,
    limit: Limit = 100,
    offset: Offset = 0,
    search: Annotated[str, Query(max_length=400)] = "",
    scope: Scope | None = None,
    dashboardItemId: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
    after: str = "",
    before: str = "",
) -> dict[str, Any]:
    """Annotations, the latest marker first. ``after`` and ``before`` are compared with ``created_at``."""
    found, total = Annotations(context.appdb).page(
        access.project.id,
        limit=limit,
        offset=offset,
        search=search,
        scope=scope,
        insight_id=dashboardItemId,
        created_after=_moment(after, "after"),
        created_before=_moment(before, "before"),
    )
    authors = Authors(context)
    return page(request, [_shape(item, authors, context) for item in found], total, limit, offset)


@router.post("/annotations/", status_code=201)
def create_annotation(body: AnnotationBody, access: Access, context: Context) -> dict[str, Any]:
    """Note what happened at ``date_marker``."""
    values = {"scope": "project", "creation_type": "USR", **_values(body, access, context)}
    if values.get("date_marker") is None:
        raise invalid("An annotation needs a date_marker.", "date_marker", "required")
    made = Annotations(context.appdb).create(access.project.id, values, access.user.id)
    note(access, context, "Annotation", None, made)
    return _shape(made, Authors(context), context)


@router.get("/annotations/{annotation_id}/")
def show_annotation(annotation_id: Id, access: Access, context: Context) -> dict[str, Any]:
    found = _find(annotation_id, access, context)
    if found.deleted:
        raise not_found()
    return _shape(found, Authors(context), context)


@router.patch("/annotations/{annotation_id}/")
def change_annotation(annotation_id: Id, body: AnnotationBody, access: Access, context: Context) -> dict[str, Any]:
    """Change an annotation; ``{"deleted": true}`` deletes it."""
    found = _find(annotation_id, access, context)
    changed = Annotations(context.appdb).change(found, _values(body, access, context))
    note(access, context, "Annotation", found, changed)
    return _shape(changed, Authors(context), context)


def _find(annotation_id: int, access: ProjectAccess, context: ApiContext) -> Annotation:
    found = Annotations(context.appdb).find(access.project.id, annotation_id)
    if found is None:
        raise not_found()
    return found


def _values(body: AnnotationBody, access: ProjectAccess, context: ApiContext) -> dict[str, Any]:
    given = body.model_dump(exclude_unset=True)
    if "date_marker" in given:
        given["date_marker"] = _moment(given["date_marker"] or "", "date_marker")
    if (insight_id := given.pop("dashboard_item", None)) is not None:
        if Insights(context.appdb).find(access.project.id, insight_id) is None:
            raise invalid(f"There is no insight {insight_id} in this project.", "dashboard_item", "does_not_exist")
        given["insight_id"] = insight_id
    board = given.get("dashboard_id")
    if board is not None and Boards(context.appdb).find(access.project.id, board) is None:
        raise invalid(f"There is no dashboard {board} in this project.", "dashboard_id", "does_not_exist")
    for name, value in (("creation_type", "USR"), ("scope", "project"), ("deleted", False)):
        if name in given and given[name] is None:
            given[name] = value
    return given


def _moment(text: str, attr: str) -> int | None:
    return moment_of(text, attr) if text else None


def _shape(item: Annotation, authors: Authors, context: ApiContext) -> dict[str, Any]:
    insight = Insights(context.appdb).find(item.project_id, item.insight_id) if item.insight_id else None
    dashboard = Boards(context.appdb).find(item.project_id, item.dashboard_id) if item.dashboard_id else None
    return {
        "id": item.id,
        "content": item.content,
        "date_marker": iso_or_none(item.date_marker),
        "creation_type": item.creation_type,
        "scope": item.scope,
        "dashboard_item": item.insight_id,
        "insight_short_id": insight.short_id if insight else None,
        "insight_name": insight.name if insight else None,
        "insight_derived_name": insight.derived_name if insight else None,
        "dashboard_id": item.dashboard_id,
        "dashboard_name": dashboard.name if dashboard else None,
        "created_by": authors(item.created_by),
        "created_at": iso(item.created_at),
        "updated_at": iso(item.updated_at),
        "deleted": item.deleted,
    }
