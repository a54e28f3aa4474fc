"""Cross-origin rules for what SDKs read: every page may, with credentials. On errors and scripts too."""

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from leanbase.api.paths import sdk_read

VARY = (b"vary", b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers")


def cors_headers(request: Headers) -> list[tuple[bytes, bytes]]:
    """The headers of an answer. Origin and requested headers are echoed: old SDKs and proxies send odd ones."""
    origin, requested = request.get("origin"), request.get("access-control-request-headers")
    if origin is None:
        return [VARY]
    headers = [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-allow-methods", b"GET,POST,OPTIONS"),
        VARY,
    ]
    if requested is not None:
        headers.append((b"access-control-allow-headers", requested.encode("latin-1")))
    return headers


class SdkCors:
    """Middleware: answers OPTIONS for SDK paths and adds the headers to every other answer of theirs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or sdk_read(scope["path"]) is None:
            await self._app(scope, receive, send)
            return
        extra = cors_headers(Headers(scope=scope))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        if scope["method"] == "OPTIONS":
            await Response(status_code=204)(scope, receive, send_with_headers)
        else:
            await self._app(scope, receive, send_with_headers)
