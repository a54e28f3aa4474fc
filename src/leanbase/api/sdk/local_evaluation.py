"""Definitions of feature flags, for SDKs that evaluate by themselves, and payloads of remote-config flags."""

import hashlib
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from leanbase.api.access import bearer, current_project, identify
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import ApiError, not_found
from leanbase.projects.directory import ProjectRecord

router = APIRouter(tags=["SDK"])

SECRET_PREFIX = "phs_"
SCOPE = "feature_flag:read"


@router.get("/flags/definitions/")
@router.get("/api/feature_flag/local_evaluation/", include_in_schema=False)
def definitions(request: Request, context: Context, token: str = "") -> Response:
    """All flags of a project with their groups and cohorts. Unchanged since ``If-None-Match``: 304."""
    record = flag_reader(request, context, token)
    body = msgspec.json.encode(_definitions(record, context), order="sorted")
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {"ETag": f'W/"{tag}"', "Cache-Control": "private, must-revalidate"}
    if tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@router.get("/api/projects/{project_id}/feature_flags/{key}/remote_config/")
def remote_config_payload(project_id: str, key: str, request: Request, context: Context, token: str = "") -> Response:
    """The payload of a remote-config flag."""
    flag_reader(request, context, token, project_id)
    raise not_found(f"There is no feature flag {key!r}.")


def flag_reader(request: Request, context: ApiContext, token: str, project_id: str = "@current") -> ProjectRecord:
    """The project whose flags are asked for, by personal key or by the project's secret token.

    Raises 401, 403, or 404 for a project that is not the asker's.
    """
    value = bearer(request)
    if value is not None and value.startswith(SECRET_PREFIX):
        record = context.projects.record_by_secret(value)
        if record is None:
            raise ApiError(401, "No project has this secret token.")
        if (token and token != record.project.api_token) or project_id not in {"@current", str(record.project.id)}:
            raise not_found("This secret token is of another project.")
        return record
    identity = identify(request, context)
    identity.need(SCOPE)
    if token:
        record = context.projects.record_by_token(token)
    elif project_id == "@current":
        record = current_project(identity, context)
    else:
        record = (
            context.projects.record(int(project_id))
            if project_id.isascii() and project_id.isdigit() and len(project_id) < 11
            else None
        )
    if record is None or not identity.sees(record):
        raise not_found("There is no such project, or it is not yours.")
    return record


def _definitions(record: ProjectRecord, context: ApiContext) -> dict[str, Any]:
    with context.state.read() as connection:
        rows = connection.execute(
            "SELECT group_type_index, group_type FROM group_types WHERE project_id = ?", (record.project.id,)
        ).fetchall()
    return {
        "flags": [],
        "group_type_mapping": {str(index): name for index, name in rows},
        "cohorts": {},
        "property_matching_version": record.project.property_matching_version,
        "minimal_flag_called_events": bool(record.settings["minimal_flag_called_events"]),
    }


def _tags(header: str) -> set[str]:
    """The tags of If-None-Match: weak, strong or bare."""
    return {part.strip().removeprefix("W/").strip('"') for part in header.split(",")}
