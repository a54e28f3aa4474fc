"""Actions, cohorts, insights and dashboards as YAML: export them, see what a text would change, apply it."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.actions import ActionBody, action_values
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError, invalid
from leanbase.dashboards.as_code import MAX_BYTES, Code, CodeProblem, DashboardsAsCode, parse, written
from leanbase.dashboards.boards import TooManyTiles
from leanbase.dashboards.rules_as_code import RulesAsCode
from leanbase.query.errors import QueryError

router = APIRouter(tags=["dashboards as code"])

Access = Annotated[ProjectAccess, Depends(ProjectScope("dashboard"))]


@router.get("/dashboards_as_code/")
def export_code(access: Access, context: Context) -> Response:
    """All that is saved in the project as YAML, always the same for the same content.

    A key that may not read actions or cohorts gets the text without them.
    """
    access.identity.need("insight:read")
    code = DashboardsAsCode(context.appdb).export(access.project.id)
    if not access.identity.may("action:read"):
        code.actions = []
    if not access.identity.may("cohort:read"):
        code.cohorts = []
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
        await run_in_threadpool(_check_rules, code, access, context)
        changes = await run_in_threadpool(
            DashboardsAsCode(context.appdb).apply, access.project.id, code, access.user.id, dry_run
        )
    except (CodeProblem, TooManyTiles) as problem:
        raise invalid(str(problem)) from problem
    except UnicodeDecodeError as problem:
        raise invalid(f"The text is no UTF-8 at byte {problem.start}.") from problem
    if code.cohorts and not dry_run and context.queries is not None:
        for cohort in RulesAsCode(context.appdb).waiting(access.project.id):
            context.queries.cohorts.calculate_later(access.project, cohort)
    return {"dry_run": dry_run, "changes": msgspec.to_builtins(changes)}


def _check_rules(code: Code, access: ProjectAccess, context: ApiContext) -> None:
    """Refuse rules that the routes of actions and cohorts refuse. Raises 403 and 400."""
    if code.actions:
        access.identity.need("action:write")
    if code.cohorts:
        access.identity.need("cohort:write")
    for item in code.actions:
        try:
            body = ActionBody.model_validate({"name": item.name, "steps": item.steps})
        except ValidationError as problem:
            where = ".".join(str(part) for part in problem.errors()[0]["loc"])
            raise CodeProblem(f"The action {item.name!r}: {where}: {problem.errors()[0]['msg']}") from None
        item.steps = action_values(body)["steps"]
    if context.queries is not None:
        for item in code.cohorts:
            try:
                context.queries.cohorts.check(access.project, item.filters)
            except QueryError as problem:
                raise CodeProblem(f"The cohort {item.name!r}: {problem.detail}") from None
