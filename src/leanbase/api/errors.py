"""Errors in PostHog's shape: ``{type, code, detail, attr}``. What goes wrong inside is logged, never told."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

log = logging.getLogger(__name__)

KINDS = {  # status -> (type, code) where nothing says otherwise
    400: ("validation_error", "invalid_input"),
    401: ("authentication_error", "not_authenticated"),
    403: ("permission_denied", "permission_denied"),
    404: ("invalid_request", "not_found"),
    405: ("invalid_request", "method_not_allowed"),
    409: ("validation_error", "conflict"),
    413: ("invalid_request", "too_large"),
    415: ("invalid_request", "unsupported_media_type"),
    429: ("throttled_error", "throttled"),
}
WORDS = {404: "Not found.", 401: "Sign in, or send a personal API key."}


class ApiError(Exception):
    """An answer other than 2xx. ``attr`` names the field that was wrong."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str | None = None,
        attr: str | None = None,
        kind: str | None = None,
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code
        self.attr = attr
        self.kind = kind
        self.headers = headers
        self.extra = extra


def invalid(detail: str, attr: str | None = None, code: str = "invalid_input") -> ApiError:
    """A 400 that names the field."""
    return ApiError(400, detail, code=code, attr=attr)


def not_found(what: str = "") -> ApiError:
    return ApiError(404, what or WORDS[404])


def error_answer(
    status: int,
    detail: str,
    code: str | None = None,
    attr: str | None = None,
    kind: str | None = None,
    headers: dict[str, str] | None = None,
    extra: dict[str, Any] | None = None,
) -> JSONResponse:
    """The answer itself."""
    usual_kind, usual_code = KINDS.get(status, ("server_error" if status >= 500 else "invalid_request", "error"))
    body = {"type": kind or usual_kind, "code": code or usual_code, "detail": detail, "attr": attr, **(extra or {})}
    return JSONResponse(body, status_code=status, headers=headers)


def install(app: FastAPI) -> None:
    """Let every error of the app take this shape."""
    app.add_exception_handler(ApiError, _told)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(UnicodeEncodeError, _not_text)
    app.add_exception_handler(OverflowError, _too_large)
    app.add_exception_handler(Exception, _unexpected)


async def _told(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, ApiError)
    return error_answer(
        problem.status, problem.detail, problem.code, problem.attr, problem.kind, problem.headers, problem.extra
    )


async def _malformed(request: Request, problem: Exception) -> Response:
    """The first complaint of pydantic about path, query or body."""
    assert isinstance(problem, RequestValidationError)
    first: Any = problem.errors()[0]
    place = [str(part) for part in first["loc"][1:]]
    if first["type"] == "json_invalid":
        return error_answer(400, f"The body is no JSON: {first.get('ctx', {}).get('error', '')}", "parse_error")
    if first["loc"][0] == "path":
        return error_answer(404, WORDS[404])
    unread = tuple(first["loc"]) == ("body",) and isinstance(first.get("input"), bytes | str)
    if unread and "json" not in request.headers.get("content-type", ""):
        return error_answer(415, "Send the body as JSON, with the header Content-Type: application/json.")
    code = "required" if first["type"] == "missing" else "invalid_input"
    message = first["msg"].removeprefix("Value error, ")
    attr = "__".join(place) or None
    return error_answer(400, "This field is required." if code == "required" else message, code, attr)


async def _of_framework(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    detail = WORDS.get(problem.status_code, str(problem.detail))
    headers = dict(problem.headers) if problem.headers else None
    return error_answer(problem.status_code, detail, headers=headers)


async def _not_text(request: Request, _problem: Exception) -> Response:
    """JSON can spell half of a surrogate pair, which no database stores as text."""
    log.info("%s %s: lone surrogates", request.method, request.url.path)
    return error_answer(400, "A text contains an incomplete surrogate pair (such as \\ud800); send whole characters.")


async def _too_large(request: Request, _problem: Exception) -> Response:
    log.info("%s %s: number too large", request.method, request.url.path)
    return error_answer(400, "A number is too large.")


async def _unexpected(request: Request, problem: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=problem)
    return error_answer(500, "Something went wrong on our side; the server's log says what.")
