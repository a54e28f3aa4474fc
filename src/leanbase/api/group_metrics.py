"""Usage metrics of groups in PostHog's shapes."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.answers import Limit, Offset, page
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError, invalid, not_found
from leanbase.api.settling import settled
from leanbase.persons import group_edits, group_metrics
from leanbase.persons.group_metrics import GroupMetric, NameTaken

router = APIRouter(prefix="/groups_types/{group_type_index}/metrics", tags=["groups"], dependencies=[Depends(settled)])

Access = Annotated[ProjectAccess, Depends(ProjectScope("group"))]
Index = Annotated[int, Path(ge=0, le=4)]


class MetricBody(BaseModel):
    """What a client may set. ``filters`` names events: ``{"events": [{"id": "order"}], "properties": []}``."""

    name: str | None = Field(None, min_length=1, max_length=255)
    format: Literal["numeric", "currency"] = "numeric"
    interval: int = Field(7, ge=1, le=366)
    display: Literal["number", "sparkline"] = "number"
    filters: dict[str, Any] | None = None
    math: Literal["count", "sum"] = "count"
    math_property: str | None = Field(None, max_length=255)


@router.get("/")
def list_metrics(
    request: Request, group_type_index: Index, access: Access, context: Context, limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    """The metrics of a group type, the oldest first."""
    found, total = group_metrics.page(context.state, access.project.id, group_type_index, limit, offset)
    return page(request, [asdict(metric) for metric in found], total, limit, offset)


@router.post("/", status_code=201)
def create_metric(body: MetricBody, group_type_index: Index, access: Access, context: Context) -> dict[str, Any]:
    """Make a metric; its name is not used twice for one group type."""
    if group_type_index not in {each.group_type_index for each in group_edits.types(context.state, access.project.id)}:
        raise not_found(f"This project has no group type {group_type_index}.")
    values = _checked(body.model_dump())
    try:
        return asdict(group_metrics.add(context.state, access.project.id, group_type_index, values))
    except NameTaken as problem:
        raise _taken(problem) from None


@router.get("/{metric_id}/")
def show_metric(metric_id: str, group_type_index: Index, access: Access, context: Context) -> dict[str, Any]:
    return asdict(_find(metric_id, group_type_index, access, context))


@router.patch("/{metric_id}/")
def change_metric(
    metric_id: str, body: MetricBody, group_type_index: Index, access: Access, context: Context
) -> dict[str, Any]:
    """Change what is given of a metric."""
    found = _find(metric_id, group_type_index, access, context)
    values = _checked({**asdict(found), **body.model_dump(exclude_unset=True)})
    try:
        group_metrics.change(context.state, found, values)
    except NameTaken as problem:
        raise _taken(problem) from None
    return asdict(_find(metric_id, group_type_index, access, context))


@router.delete("/{metric_id}/", status_code=204, response_class=Response)
def delete_metric(metric_id: str, group_type_index: Index, access: Access, context: Context) -> None:
    group_metrics.remove(context.state, _find(metric_id, group_type_index, access, context))


def _find(metric_id: str, index: int, access: ProjectAccess, context: ApiContext) -> GroupMetric:
    found = group_metrics.find(context.state, access.project.id, index, metric_id)
    if found is None:
        raise not_found()
    return found


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    for needed in ("name", "filters"):
        if values[needed] is None:
            raise invalid("This field is required.", needed, "required")
    source = values["filters"].get("source", "events")
    if source != "events":
        raise invalid(f"Only events can be counted here, not {source!r}.", "filters")
    values["math_property"] = values["math_property"] or None
    if values["math"] == "sum" and values["math_property"] is None:
        raise invalid("math_property is required when math is 'sum'.", "math_property", "required")
    if values["math"] == "count" and values["math_property"] is not None:
        raise invalid("math_property must be empty when math is 'count'.", "math_property")
    return values


def _taken(problem: NameTaken) -> ApiError:
    return invalid(str(problem), "name", "unique")
