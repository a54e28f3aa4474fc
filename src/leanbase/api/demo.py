"""The demo project: 60 days of a made-up product, loaded by a button."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from leanbase.api.access import Identity, UserScope
from leanbase.api.context import Context
from leanbase.api.errors import ApiError, not_found
from leanbase.api.members import membership
from leanbase.projects.demo import DemoRefused

router = APIRouter(prefix="/api/organizations/{organization_id}", tags=["organizations"])

Asker = Annotated[Identity, Depends(UserScope("project"))]


@router.get("/demo/")
def show_demo(organization_id: str, identity: Asker, context: Context) -> dict[str, Any]:
    """How far the organization's demo project is. ``status`` is ``none`` without one."""
    mine = membership(organization_id, identity, context)
    found = context.demo.progress(mine.organization_id) if context.demo else None
    return asdict(found) if found else {"status": "none", "project_id": None}


@router.post("/demo/", status_code=202)
def load_demo(organization_id: str, identity: Asker, context: Context) -> dict[str, Any]:
    """Make the demo project and fill it in the background. For admins; 409 when there is one."""
    mine = membership(organization_id, identity, context)
    identity.need_admin(mine.organization_id)
    if context.demo is None:
        raise not_found("This server loads no demo.")
    if identity.key is not None and identity.key.scoped_projects:
        raise ApiError(403, "This API key is limited to certain projects and cannot make new ones.")
    try:
        return asdict(context.demo.start(mine.organization_id))
    except DemoRefused as problem:
        raise ApiError(409, str(problem), code=f"demo_{problem.code}") from problem
