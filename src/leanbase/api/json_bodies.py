"""JSON bodies that come without saying so: ``curl -d '{…}'`` calls every body a form.

Only requests signed by a key are read so. Browsers can be made to send forms and plain texts from other sites, with
cookies but never with a key, so for sessions the content type stays one more thing that a forged request lacks.
"""

from typing import Any

from leanbase.api.paths import Asgi, Scope

_GUESSED = frozenset((b"", b"application/x-www-form-urlencoded", b"text/plain"))
_JSON = (b"content-type", b"application/json")


class JsonBodies:
    """Middleware that calls the bodies of such requests JSON."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/") and _signed(scope) and _guessed(scope):
            kept = [header for header in scope["headers"] if header[0] != b"content-type"]
            scope = {**scope, "headers": [*kept, _JSON]}
        await self._app(scope, receive, send)


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


def _signed(scope: Scope) -> bool:
    return _header(scope, b"authorization")[:7].lower() == b"bearer "


def _guessed(scope: Scope) -> bool:
    return _header(scope, b"content-type").partition(b";")[0].strip().lower() in _GUESSED
