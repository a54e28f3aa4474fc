"""A blocking client of an app in this process."""

import asyncio
import atexit
from typing import Any

import httpx
from fastapi import FastAPI

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
        return _runner.run(self._client.request(method, path, **options))

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
