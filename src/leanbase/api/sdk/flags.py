"""``/flags`` and ``/decide``: what SDKs ask at start-up and when a person changes. Errors are plain text here."""

import uuid
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from leanbase.api.answers import JsonAnswer
from leanbase.api.context import ApiContext, Context
from leanbase.api.sdk.bodies import BadBody, decode_body, read_body
from leanbase.api.sdk.remote_config import remote_config
from leanbase.model.project import Project

router = APIRouter(tags=["SDK"])

MAX_DISTINCT_ID = 200  # characters; longer ones are cut
TOKEN_KEYS = ("token", "$token", "api_key")
DISTINCT_ID_KEYS = ("distinct_id", "$distinct_id")


class Refused(Exception):
    """An answer in plain text."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@router.post("/flags/")
@router.api_route("/flags/", methods=["GET", "HEAD"], include_in_schema=False)
async def flags(request: Request, context: Context) -> Response:
    """Evaluate the feature flags of a person; ``config=true`` adds remote config. Shapes by ``v`` (1 to 4)."""
    named = "v" in request.query_params or "config" in request.query_params
    try:
        version = _version(request, 1 if named else 2)
        return await _answer(request, context, _flags_shape(version), with_config=_config_wanted(request, not named))
    except Refused as problem:
        return PlainTextResponse(str(problem), problem.status)


@router.post("/decide/")
@router.api_route("/decide/", methods=["GET", "HEAD"], include_in_schema=False)
async def decide(request: Request, context: Context) -> Response:
    """The older form of ``/flags``, which brings remote config unless ``config=false``. Shapes by ``v`` (1 to 4)."""
    try:
        version = _version(request, 1)
        return await _answer(request, context, _decide_shape(version), with_config=_config_wanted(request, True))
    except Refused as problem:
        return PlainTextResponse(str(problem), problem.status)


async def _answer(request: Request, context: ApiContext, shape: dict[str, Any], with_config: bool) -> Response:
    """Old snippets ask with GET and without a body; they get the shape without flags."""
    if request.method == "HEAD":
        return Response()
    answer = {**shape, "requestId": _request_id(request), "evaluatedAt": _now_ms(request, context)}
    if request.method == "POST":
        project = await _asking_project(request, context)
        if with_config:
            answer = {**remote_config(project), **answer}
    return JsonAnswer(answer)


async def _asking_project(request: Request, context: ApiContext) -> Project:
    try:
        raw = await read_body(request)
        query, headers = request.query_params, request.headers
        body = decode_body(raw, query.get("compression", ""), headers.get("content-encoding", ""))
    except BadBody as problem:
        raise Refused(problem.status, str(problem)) from None
    token = next((body[key] for key in TOKEN_KEYS if body.get(key)), None)
    project = context.projects.by_token(token.strip()) if isinstance(token, str) else None
    if project is None:
        raise Refused(401, "token: no project has it" if token else "token: missing; send the project's token (phc_…)")
    distinct_id_of(body)
    return project


def distinct_id_of(body: dict[str, Any]) -> str:
    """Who is asked about. Raises :class:`Refused` when it is missing."""
    value = next((body[key] for key in DISTINCT_ID_KEYS if body.get(key) is not None), None)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(400, "distinct_id: missing; send a text or a number")
    return str(value)[:MAX_DISTINCT_ID]


def _flags_shape(version: int) -> dict[str, Any]:
    """``v=1`` is two maps, later versions one record per flag."""
    if version >= 2:
        return {"flags": {}, "errorsWhileComputingFlags": False}
    return {"featureFlags": {}, "featureFlagPayloads": {}, "errorsWhileComputingFlags": False}


def _decide_shape(version: int) -> dict[str, Any]:
    """``v=1`` lists the keys that are on, 2 maps those that are on, 3 maps all with payloads, 4 has records."""
    if version >= 4:
        return _flags_shape(2)
    if version == 3:
        return _flags_shape(1)
    return {"featureFlags": {} if version == 2 else []}


def _version(request: Request, default: int) -> int:
    text = request.query_params.get("v", "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise Refused(400, "v: must be a number from 1 to 4")
    return max(int(text), 1)


def _config_wanted(request: Request, default: bool) -> bool:
    text = request.query_params.get("config", "").lower()
    return text in {"true", "1"} if text else default


def _request_id(request: Request) -> str:
    try:
        return str(uuid.UUID(request.headers.get("x-request-id", "")))
    except ValueError:
        return str(uuid.uuid4())


def _now_ms(request: Request, context: ApiContext) -> int:
    moment = datetime.now(UTC)
    text = request.headers.get("x-leanbase-now") if context.test_clock else None
    if text:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise Refused(400, "X-Leanbase-Now: must be an ISO time") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
