"""Which methods an address takes: any other is 405, and the answer names those there are.

As in Django the most literal path decides, whatever the method: ``PUT persons/values/`` is no change of a person
called ``values``.
"""

from collections.abc import Iterable
from typing import Any

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from leanbase.api.errors import error_answer
from leanbase.api.paths import Asgi, Scope


class _Place:
    """A part of a path, what may follow it, and the methods of the routes that end here."""

    __slots__ = ("any_part", "methods", "parts")

    def __init__(self) -> None:
        self.parts: dict[str, _Place] = {}
        self.any_part: _Place | None = None
        self.methods: set[str] = set()


class KnownMethods:
    """Middleware that refuses methods which no route of a path has. Paths without a route pass."""

    def __init__(self, app: Asgi, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._root = _Place()
        for route in iter_route_contexts(list(routes)):
            if route.path and route.methods:
                _end(self._root, route.path).methods |= route.methods

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            methods = _methods(self._root, scope["path"].split("/"), 0)
            if methods and scope["method"] not in methods:
                headers = {"Allow": ", ".join(sorted(methods))}
                answer = error_answer(405, f'Method "{scope["method"]}" not allowed.', headers=headers)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _end(place: _Place, path: str) -> _Place:
    """The place where a route's path ends, made if it is new."""
    for part in path.split("/"):
        if "{" in part:
            place.any_part = place.any_part or _Place()
            place = place.any_part
        else:
            place = place.parts.setdefault(part, _Place())
    return place


def _methods(place: _Place, parts: list[str], at: int) -> set[str]:
    """The methods of the most literal route with this path; none when no route has it."""
    if at == len(parts):
        return place.methods
    literal = place.parts.get(parts[at])
    found = _methods(literal, parts, at + 1) if literal else set[str]()
    if found or place.any_part is None or not parts[at]:
        return found
    return _methods(place.any_part, parts, at + 1)
