"""Projects: make, list, change, delete, and give them new tokens."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from leanbase.api.access import Identity, UserScope, current_project, project_of_path
from leanbase.api.answers import Limit, Offset, page
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError, invalid
from leanbase.api.shapes import project_in_short, project_shape
from leanbase.projects.directory import ProjectProblem, ProjectRecord
from leanbase.projects.settings import SettingProblem

router = APIRouter(tags=["projects"])

Asker = Annotated[Identity, Depends(UserScope("project"))]

DEFAULT_NAME = "Default project"


@router.get("/api/projects/")
@router.get("/api/organizations/{organization_id}/projects/", include_in_schema=False)
def list_projects(
    request: Request, identity: Asker, context: Context, limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    """The projects that the asking user sees."""
    organization_id = request.path_params.get("organization_id")
    wanted = None if organization_id in {None, "@current"} else organization_id
    seen = [record for record in context.projects.list(wanted) if identity.sees(record)]
    rows = [project_in_short(record) for record in seen[offset : offset + limit]]
    return page(request, rows, len(seen), limit, offset)


@router.post("/api/projects/", status_code=201)
@router.post("/api/organizations/{organization_id}/projects/", status_code=201, include_in_schema=False)
def create_project(body: dict[str, Any], request: Request, identity: Asker, context: Context) -> dict[str, Any]:
    """Make a project with its own token. Every setting of a project may be given at once."""
    organization_id = _organization(request.path_params.get("organization_id"), identity, context)
    identity.need_admin(organization_id)
    if identity.key is not None and identity.key.scoped_projects:
        raise ApiError(403, "This API key is limited to certain projects and cannot make new ones.")
    name = body.get("name", DEFAULT_NAME)
    try:
        if not isinstance(name, str):
            raise ProjectProblem("name", "Must be a text.")
        record = context.projects.create(organization_id, name, body)
    except (ProjectProblem, SettingProblem) as problem:
        raise _refused(problem) from problem
    return project_shape(record, with_secret=True)


@router.get("/api/projects/{project_id}/")
@router.get("/api/organizations/{organization_id}/projects/{project_id}/", include_in_schema=False)
def show_project(project_id: str, identity: Asker, context: Context) -> dict[str, Any]:
    """A project with all its settings."""
    record = project_of_path(project_id, identity, context)
    return _full(record, identity)


@router.patch("/api/projects/{project_id}/")
@router.patch("/api/organizations/{organization_id}/projects/{project_id}/", include_in_schema=False)
def change_project(project_id: str, body: dict[str, Any], identity: Asker, context: Context) -> dict[str, Any]:
    """Change a project's name or settings. They hold from the next request and the next event on."""
    record = project_of_path(project_id, identity, context)
    name = body.get("name")
    try:
        if "name" in body and not isinstance(name, str):
            raise ProjectProblem("name", "Must be a text.")
        changed = context.projects.update(record.project.id, name, body)
    except (ProjectProblem, SettingProblem) as problem:
        raise _refused(problem) from problem
    return _full(changed, identity)


@router.delete("/api/projects/{project_id}/", status_code=204)
def delete_project(project_id: str, identity: Asker, context: Context) -> Response:
    """Delete a project. Its token is refused at once."""
    record = project_of_path(project_id, identity, context)
    identity.need_admin(record.organization_id)
    context.projects.delete(record.project.id)
    return Response(status_code=204)


@router.patch("/api/projects/{project_id}/reset_token/")
@router.post("/api/projects/{project_id}/reset_token/", include_in_schema=False)
def reset_token(project_id: str, identity: Asker, context: Context) -> dict[str, Any]:
    """Give the project a new public token; events with the old one are refused at once."""
    record = project_of_path(project_id, identity, context)
    identity.need_admin(record.organization_id)
    return _full(context.projects.reset_token(record.project.id), identity)


def _full(record: ProjectRecord, identity: Identity) -> dict[str, Any]:
    return project_shape(record, with_secret=identity.may("project:write"))


def _organization(named: str | None, identity: Identity, context: ApiContext) -> str:
    """The organization of the path, else that of the current project, else the user's first."""
    if named not in {None, "@current"}:
        return str(named)
    record = current_project(identity, context)
    if record is not None:
        return record.organization_id
    if identity.user.memberships:
        return identity.user.memberships[0].organization_id
    raise ApiError(403, "You belong to no organization.")


def _refused(problem: ProjectProblem | SettingProblem) -> ApiError:
    return invalid(str(problem), problem.attr if isinstance(problem, ProjectProblem) else problem.name)
