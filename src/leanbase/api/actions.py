"""Actions: events under a name, by what they are and where they happened."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from leanbase.api.access import Id, ProjectAccess, ProjectScope
from leanbase.api.answers import Limit, Offset, iso_or_none, page
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid, not_found
from leanbase.api.noting import note
from leanbase.api.shapes import person_in_charge
from leanbase.dashboards.activity_log import ActivityLog
from leanbase.model.instants import iso, now_us
from leanbase.model.property_filter import PropertyFilterError, parse_filters
from leanbase.query.stored_actions import Action, ActionRows

router = APIRouter(tags=["actions"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("action"))]
Matching = Literal["exact", "contains", "regex"]


class Step(BaseModel):
    """One way to match; all of its conditions must hold. Elements are looked at on ``$autocapture`` only."""

    model_config = ConfigDict(extra="ignore")

    event: str | None = None
    properties: list[dict[str, Any]] | None = None
    selector: str | None = None
    tag_name: str | None = None
    text: str | None = None
    text_matching: Matching | None = None
    href: str | None = None
    href_matching: Matching | None = None
    url: str | None = None
    url_matching: Matching | None = "contains"


class ActionBody(BaseModel):
    name: str | None = Field(None, max_length=400)
    description: str | None = Field(None, max_length=10_000)
    steps: list[Step] | None = Field(None, max_length=100)
    tags: list[str] | None = Field(None, max_length=100)
    deleted: bool | None = None
    pinned_at: str | None = None


@router.get("/actions/")
def list_actions(
    request: Request, access: Access, context: Context, limit: Limit = 100, offset: Offset = 0, search: str = ""
) -> dict[str, Any]:
    """Actions of the project, the newest first."""
    found, total = _rows(context).page(access.project.id, search, limit, offset)
    return page(request, [_shape(action, context) for action in found], total, limit, offset)


@router.post("/actions/", status_code=201)
def create_action(body: ActionBody, access: Access, context: Context) -> dict[str, Any]:
    """A new action. Past events match it at once."""
    return add_action(body, access.project.id, access.user.id, context)


@router.get("/actions/{action_id}/")
def show_action(action_id: Id, access: Access, context: Context) -> dict[str, Any]:
    return _shape(_action(action_id, access, context), context)


@router.patch("/actions/{action_id}/")
def change_action(action_id: Id, body: ActionBody, access: Access, context: Context) -> dict[str, Any]:
    """Change an action, or delete it with ``deleted``."""
    action = _action(action_id, access, context)
    values = action_values(body)
    if values:
        _rows(context).change(access.project.id, action_id, values)
        note(access, context, "Action", action, _rows(context).find(access.project.id, action_id))
    if body.deleted:
        return _shape(action, context) | {"deleted": True}
    return _shape(_action(action_id, access, context), context)


@router.delete("/actions/{action_id}/", status_code=204)
def delete_action(action_id: Id, access: Access, context: Context) -> Response:
    """Delete an action. Insights that use it count nothing from now on."""
    action = _action(action_id, access, context)
    _rows(context).change(access.project.id, action_id, {"deleted": True})
    note(access, context, "Action", action, None)
    return Response(status_code=204)


def add_action(body: ActionBody, project_id: int, user_id: int, context: ApiContext) -> dict[str, Any]:
    """Store a new action; answers its shape. Raises 400."""
    if not body.name:
        raise invalid("An action needs a name.", "name", "required")
    made = _rows(context).add(project_id, user_id, action_values(body))
    ActivityLog(context.appdb).note(project_id, user_id, "Action", None, made)
    return _shape(made, context)


def _rows(context: ApiContext) -> ActionRows:
    return ActionRows(context.appdb)


def _action(action_id: int, access: ProjectAccess, context: ApiContext) -> Action:
    found = _rows(context).find(access.project.id, action_id)
    if found is None:
        raise not_found()
    return found


def action_values(body: ActionBody) -> dict[str, Any]:
    """What the body says, ready for the table. Raises 400 for filters that are not well formed."""
    given = body.model_fields_set
    values: dict[str, Any] = {name: getattr(body, name) or "" for name in ("name", "description") if name in given}
    if body.steps is not None:
        for number, step in enumerate(body.steps):
            try:
                parse_filters(step.properties, f"steps.{number}.properties")
            except PropertyFilterError as problem:
                raise invalid(problem.detail, problem.attr, problem.code) from None
        values["steps"] = [step.model_dump(exclude_none=True) for step in body.steps]
    if body.tags is not None:
        values["tags"] = body.tags
    if body.deleted is not None:
        values["deleted"] = body.deleted
    if "pinned_at" in given:
        values["pinned_at"] = now_us() if body.pinned_at else None
    return values


def _shape(action: Action, context: ApiContext) -> dict[str, Any]:
    author = context.auth.users.find(action.created_by) if action.created_by else None
    steps = [{"url_matching": "contains", **step} for step in action.steps]
    return {
        "id": action.id,
        "name": action.name,
        "description": action.description,
        "steps": steps,
        "tags": action.tags,
        "post_to_slack": False,
        "slack_message_format": "",
        "created_at": iso(action.created_at),
        "created_by": person_in_charge(author),
        "deleted": action.deleted,
        "is_calculating": False,
        "last_calculated_at": iso(action.updated_at),
        "team_id": action.project_id,
        "is_action": True,
        "bytecode_error": None,
        "pinned_at": iso_or_none(action.pinned_at),
        "creation_context": None,
        "user_access_level": "editor",
    }
