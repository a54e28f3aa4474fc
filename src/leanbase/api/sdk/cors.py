"""Cross-origin rules for what SDKs read: every page may, with credentials. On errors and scripts too."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from leanbase.api.paths import sdk_read
from leanbase.model.cors import cors_headers_of

_PUSH = "/api/push_subscriptions"


class SdkCors:
    """Middleware: answers OPTIONS for SDK paths and adds the headers to every other answer of theirs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = sdk_read(scope["path"]) if scope["type"] == "http" else None
        if path is None:
            await self._app(scope, receive, send)
            return
        methods = b"POST,DELETE,OPTIONS" if path.startswith(_PUSH) else b"GET,POST,OPTIONS"
        extra = cors_headers_of(scope["headers"], methods)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        if scope["method"] == "OPTIONS":
            await Response(status_code=200)(scope, receive, send_with_headers)  # as on capture's paths
        else:
            await self._app(scope, receive, send_with_headers)
