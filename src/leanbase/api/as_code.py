"""Insights and dashboards as YAML: export them, see what a text would change, apply it."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.context import Context
from leanbase.api.errors import ApiError, invalid
from leanbase.dashboards.as_code import MAX_BYTES, CodeProblem, DashboardsAsCode, parse, written
from leanbase.dashboards.boards import TooManyTiles

router = APIRouter(tags=["dashboards as code"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("dashboard"))]


@router.get("/dashboards_as_code/")
def export_code(access: Access, context: Context) -> Response:
    """All saved insights and dashboards of the project as YAML, always the same for the same content."""
    access.identity.need("insight:read")
    code = DashboardsAsCode(context.appdb).export(access.project.id)
    return Response(written(code), media_type="application/yaml")


@router.post("/dashboards_as_code/")
async def apply_code(request: Request, access: Access, context: Context, dry_run: bool = False) -> dict[str, Any]:
    """Make the project say what the YAML (or JSON) in the body says; what it does not name is left alone.

    Answers one change per thing: create, change (with the fields that differ) or keep. ``dry_run`` only answers.
    """
    access.identity.need("insight:write")
    raw = bytearray()
    async for part in request.stream():
        raw += part
        if len(raw) > MAX_BYTES:
            raise ApiError(413, f"The text is larger than {MAX_BYTES} bytes.")
    try:
        code = await run_in_threadpool(parse, raw.decode())
        changes = await run_in_threadpool(
            DashboardsAsCode(context.appdb).apply, access.project.id, code, access.user.id, dry_run
        )
    except (CodeProblem, TooManyTiles) as problem:
        raise invalid(str(problem)) from problem
    except UnicodeDecodeError as problem:
        raise invalid(f"The text is no UTF-8 at byte {problem.start}.") from problem
    return {"dry_run": dry_run, "changes": msgspec.to_builtins(changes)}
