"""One spelling per route: trailing slashes, the older ``environments`` prefix and reverse-proxy prefixes.

Nothing is redirected, because a redirect loses the body of a POST.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Asgi = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]

# What SDKs read. Behind a reverse proxy it may come with any prefix ("/ingest/flags/").
SDK_READS = re.compile(
    r"""(?P<prefix>/.*?)??
    (?P<path>
        /(?:flags|decide)/?
      | /flags/definitions/?
      | /array/[^/]+/(?:config|config\.js|array\.js)/?
      | /static/(?:[^/]+/)?[\w.-]+\.(?:js|json)
      | /api/(?:surveys|early_access_features|product_tours|web_experiments|push_subscriptions)/?
      | /api/feature_flag/local_evaluation/?
      | /api/toolbar/(?:token|end|actions|counts)/?
      | /api/projects/@current/feature_flags/[^/]+/remote_config/?
    )""",
    re.VERBOSE,
)
FILES = re.compile(r"\.(?:js|json|csv|yaml|xlsx|png|svg|map)$")


def sdk_read(path: str) -> str | None:
    """The path without prefix when it is something that SDKs read, else None."""
    found = SDK_READS.fullmatch(path)
    return found["path"] if found else None


def canonical(path: str) -> str:
    """The spelling under which a route is registered."""
    path = sdk_read(path) or path
    if path.startswith("/array/"):
        return path.rstrip("/")
    if path == "/api/environments" or path.startswith("/api/environments/"):
        path = "/api/projects" + path.removeprefix("/api/environments")
    slashed = path in {"/flags", "/decide", "/flags/definitions"} or path.startswith("/api/")
    if slashed and not path.endswith("/") and not FILES.search(path):
        return f"{path}/"
    return path


class CanonicalPaths:
    """Middleware that gives every request its canonical path."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            path = canonical(scope["path"])
            if path != scope["path"]:
                scope = {**scope, "path": path, "raw_path": path.encode()}
        await self._app(scope, receive, send)
