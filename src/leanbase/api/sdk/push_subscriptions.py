"""Devices that want push messages. Nothing here sends any yet, so a device is told so instead of waiting in vain."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from leanbase.api.context import Context
from leanbase.api.errors import ApiError, invalid
from leanbase.api.sdk.bodies import BadBody, decode_body, read_body

router = APIRouter(prefix="/api", tags=["SDK"])

FIELDS = ("distinct_id", "device_token", "platform", "app_id")
PLATFORMS = ("android", "ios")


@router.post("/push_subscriptions/")
@router.delete("/push_subscriptions/")
async def change_push_subscription(request: Request, context: Context) -> Response:
    """Register or unregister a device of a person. Signed by the project's token as ``api_key``.

    Every well formed request is refused with the code ``integration_not_found``, as PostHog refuses those of an app
    that no Firebase or APNs integration belongs to; SDKs do not repeat it.
    """
    try:
        body = decode_body(await read_body(request), "", request.headers.get("content-encoding", ""))
    except BadBody as problem:
        raise ApiError(problem.status, str(problem)) from None
    token = body.get("api_key") or body.get("token")
    if not isinstance(token, str) or context.projects.by_token(token.strip()) is None:
        raise ApiError(401, "api_key is missing, or no project has it.", code="invalid_api_key", attr="api_key")
    _check(body)
    raise invalid(
        f"This project has no push integration for the app {body['app_id']!r}: this server sends no push messages.",
        "app_id",
        "integration_not_found",
    )


def _check(body: dict[str, Any]) -> None:
    missing = [name for name in FIELDS if not isinstance(body.get(name), str) or not body[name]]
    if missing:
        raise invalid(f"These fields are missing or no texts: {', '.join(missing)}.", missing[0], "required")
    if body["platform"] not in PLATFORMS:
        raise invalid(f"platform is one of {', '.join(PLATFORMS)}.", "platform", "invalid_choice")
