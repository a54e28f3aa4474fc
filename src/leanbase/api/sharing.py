"""Sharing dashboards and insights by secret link, and what the link shows."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from leanbase.api.access import Id, Identity, ProjectAccess, ProjectScope
from leanbase.api.context import Context
from leanbase.api.dashboards import dashboard_tiles, find_dashboard
from leanbase.api.errors import not_found
from leanbase.api.insight_results import computed_fields
from leanbase.api.insight_shapes import insight_shapes
from leanbase.api.insights import find_insight
from leanbase.auth.users import User
from leanbase.dashboards.boards import Boards
from leanbase.dashboards.insights import Insights
from leanbase.dashboards.sharing import SharedLink, SharedLinks
from leanbase.model.instants import iso

router = APIRouter(tags=["sharing"])
public = APIRouter(tags=["sharing"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("sharing_configuration"))]
SHOWN = ("id", "name", "derived_name", "description", "query", "result", "columns", "types", "timezone", "last_refresh")


class Sharing(BaseModel):
    """Whether there is a link."""

    enabled: bool


@router.get("/dashboards/{dashboard_id}/sharing/")
def show_dashboard_sharing(dashboard_id: Id, access: Access, context: Context) -> dict[str, Any]:
    """Whether a dashboard is shared, and by which token."""
    find_dashboard(dashboard_id, access, context)
    return _shape(SharedLinks(context.appdb).of(access.project.id, dashboard_id=dashboard_id))


@router.patch("/dashboards/{dashboard_id}/sharing/")
def change_dashboard_sharing(dashboard_id: Id, body: Sharing, access: Access, context: Context) -> dict[str, Any]:
    """Share a dashboard, or stop it. A link that was off gets a new token when it is turned on."""
    find_dashboard(dashboard_id, access, context)
    links = SharedLinks(context.appdb)
    return _shape(links.switch(access.project.id, body.enabled, dashboard_id=dashboard_id))


@router.get("/insights/{insight_id}/sharing/")
def show_insight_sharing(insight_id: str, access: Access, context: Context) -> dict[str, Any]:
    """Whether an insight is shared, and by which token."""
    insight = find_insight(insight_id, access, context)
    return _shape(SharedLinks(context.appdb).of(access.project.id, insight_id=insight.id))


@router.patch("/insights/{insight_id}/sharing/")
def change_insight_sharing(insight_id: str, body: Sharing, access: Access, context: Context) -> dict[str, Any]:
    """Share an insight, or stop it."""
    insight = find_insight(insight_id, access, context)
    links = SharedLinks(context.appdb)
    return _shape(links.switch(access.project.id, body.enabled, insight_id=insight.id))


@public.get("/api/shared/{access_token}/")
def show_shared(access_token: str, context: Context) -> dict[str, Any]:
    """What a secret link shows: names, queries and results; no people, no ids of anything else."""
    link = SharedLinks(context.appdb).by_token(access_token)
    record = context.projects.record(link.project_id) if link else None
    if link is None or record is None:
        raise not_found("This link is not valid any more.")
    access = ProjectAccess(record, Identity(NOBODY))
    if link.insight_id is not None:
        insight = Insights(context.appdb).find(link.project_id, link.insight_id)
        if insight is None or insight.deleted:
            raise not_found("This link is not valid any more.")
        (shape,) = insight_shapes([insight], context)
        shown = _shown({**shape, **computed_fields(insight, access, context, "blocking")})
        return {"timezone": access.project.timezone, "insight": shown}
    dashboard = Boards(context.appdb).find(link.project_id, link.dashboard_id or 0)
    if dashboard is None or dashboard.deleted:
        raise not_found("This link is not valid any more.")
    tiles = dashboard_tiles(dashboard, access, context, "blocking")
    return {
        "timezone": access.project.timezone,
        "dashboard": {
            "name": dashboard.name,
            "description": dashboard.description,
            "tiles": [
                {**tile, "insight": _shown(tile["insight"]) if tile["insight"] is not None else None} for tile in tiles
            ],
        },
    }


NOBODY = User(0, "", "", "", "", "", False, False, None, 0, ())


def _shown(shape: dict[str, Any]) -> dict[str, Any]:
    return {name: shape[name] for name in (*SHOWN, "error") if name in shape}


def _shape(link: SharedLink | None) -> dict[str, Any]:
    """A link that is off keeps its token to itself."""
    enabled = link is not None and link.enabled
    return {
        "enabled": enabled,
        "access_token": link.access_token if link is not None and enabled else None,
        "created_at": iso(link.created_at) if link is not None else None,
        "settings": {},
        "password_required": False,
    }
