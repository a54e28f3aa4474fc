"""A blocking client of an app in this process."""

import asyncio
import atexit
import re
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import TypeAdapter

from leanbase.api.app import api_document
from leanbase.api.documented.table import ANSWERS

_runner = asyncio.Runner()  # one loop for all: a new one per request takes longer than most answers
atexit.register(_runner.close)


class Asker:
    """Asks the app as a browser or an SDK would; keeps cookies, follows no redirect."""

    def __init__(self, app: FastAPI, headers: dict[str, str] | None = None, raise_errors: bool = True) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=raise_errors)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://leanbase.test", headers=headers)

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = _runner.run(self._client.request(method, path, **options))
        if answer.is_success and answer.status_code != 202:  # 202 answers how a query is doing
            check_promise(answer)
        return answer

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def patch(self, path: str, **options: Any) -> httpx.Response:
        return self.request("PATCH", path, **options)

    def put(self, path: str, **options: Any) -> httpx.Response:
        return self.request("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> httpx.Response:
        return self.request("DELETE", path, **options)


@cache
def _promised(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@cache
def _templates() -> list[tuple[str, re.Pattern[str]]]:
    """The paths of the OpenAPI document, those with the fewest parameters first."""
    paths = sorted(api_document()["paths"], key=lambda path: path.count("{"))
    return [(path, re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))) for path in paths]


def check_promise(answer: httpx.Response) -> None:
    """Fails when an answer is not what the OpenAPI document promises for its route."""
    path = next((path for path, form in _templates() if form.fullmatch(answer.request.url.path)), "")
    kind = ANSWERS.get((answer.request.method, path))
    if kind is not None:
        _promised(kind).validate_python(answer.json())
