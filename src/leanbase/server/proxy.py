"""Passes requests on to the engine process over its Unix socket, streaming both ways."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from leanbase.api.paths import sdk_read
from leanbase.capture.request import Receive, Scope, Send, is_near
from leanbase.model.cors import cors_headers_of

_log = logging.getLogger(__name__)

Headers = list[tuple[bytes, bytes]]

# How long a request waits for an engine that is starting, before the client hears of it.
PATIENCE_SECONDS = 5.0
_RETRY_SECONDS = 0.1
_HOP_BY_HOP = frozenset(
    (b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te",
     b"trailer", b"transfer-encoding", b"upgrade", b"expect")
)  # fmt: skip
_NOT_PASSED_BACK = _HOP_BY_HOP | {b"date", b"server"}  # this server says the date itself
_HARMLESS = frozenset(("GET", "HEAD", "OPTIONS"))  # may be sent again when nobody knows whether they arrived
_FORWARDED = frozenset((b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded", b"x-real-ip"))
_DOWN_PAGE = (
    b'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>Leanbase</title>'
    b"<p>Leanbase is starting. This page tries again by itself; events are being accepted meanwhile.</p>"
)


class Proxy:
    """An ASGI callable for HTTP requests that the engine answers."""

    def __init__(self, socket: Path, trust_forwarded: bool = True, patience: float = PATIENCE_SECONDS) -> None:
        self._socket = socket
        self._trust_forwarded = trust_forwarded
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Make the connection pool; needs a running event loop."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(str(self._socket), limit=0, keepalive_timeout=30),
            # Answers may stream for as long as the client listens, and queries have their own limit.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=5),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on. A client that leaves ends it; an engine that does not answer gives 502 or 503."""
        started = False

        async def send_noting(message: Any) -> None:
            nonlocal started
            started = True
            await send(message)

        body = _Body(scope, receive)
        forward = asyncio.ensure_future(self._forward(scope, body, send_noting))
        watch = asyncio.ensure_future(body.wait_for_disconnect())
        try:
            await asyncio.wait((forward, watch), return_when=asyncio.FIRST_COMPLETED)
            if not forward.done():
                return
            forward.result()
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            if started:  # the status is out: cutting the connection is the only way to say that this is not all
                raise
            if not body.lost:
                _log.warning("the engine does not answer: %s", problem)
                await answer_down(scope, send)
        finally:
            for task in (forward, watch):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task

    async def fetch(self, path: str, headers: Headers | None = None) -> tuple[int, str]:
        """Status and text of a small answer of the engine. Raises ``aiohttp.ClientError``, ``OSError`` and
        ``TimeoutError``.
        """
        assert self._session is not None
        timeout = aiohttp.ClientTimeout(total=10)
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers or []}
        async with self._session.get(f"http://engine{path}", headers=given, timeout=timeout) as response:
            return response.status, await response.text()

    async def _forward(self, scope: Scope, body: "_Body", send: Send) -> None:
        async with await self._request(scope, body) as response:
            headers = [(name.lower(), value) for name, value in response.raw_headers]
            await send(
                {
                    "type": "http.response.start",
                    "status": response.status,
                    "headers": [(name, value) for name, value in headers if name not in _NOT_PASSED_BACK],
                }
            )
            async for chunk in response.content.iter_any():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    async def _request(self, scope: Scope, body: "_Body") -> aiohttp.ClientResponse:
        """The engine's response. While the engine is not there and nothing of the body is used up, tries again."""
        assert self._session is not None
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        query: bytes = scope["query_string"]
        target = "http://engine" + raw_path.partition(b"?")[0].decode("latin-1")
        if query:
            target += "?" + query.decode("latin-1")
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in forwarded_headers(scope, self._trust_forwarded)
        ]
        url = URL(target, encoded=True)
        while True:
            try:
                return await self._session.request(
                    scope["method"], url, headers=headers, data=body.parts() if body.expected else None,
                    allow_redirects=False,
                )  # fmt: skip
            except (aiohttp.ClientConnectorError, aiohttp.ServerDisconnectedError) as problem:
                sent = isinstance(problem, aiohttp.ServerDisconnectedError) and scope["method"] not in _HARMLESS
                if sent or body.begun or loop.time() > deadline:
                    raise
                await asyncio.sleep(_RETRY_SECONDS)


class _Body:
    """The body of a request as it comes in, and the news that the client is gone."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        names = {name for name, _ in scope["headers"]}
        self.expected = b"transfer-encoding" in names or any(
            name == b"content-length" and value != b"0" for name, value in scope["headers"]
        )
        self.begun = False
        self.lost = False
        self._receive = receive
        self._read = asyncio.Event()
        if not self.expected:
            self._read.set()

    async def parts(self) -> AsyncIterator[bytes]:
        self.begun = True
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.lost = True
                self._read.set()
                raise ConnectionResetError("the client left while it sent")
            part: bytes = message.get("body", b"")
            if part:
                yield part
            if not message.get("more_body", False):
                self._read.set()
                return

    async def wait_for_disconnect(self) -> None:
        """Return once the client is gone. The body is not read here."""
        await self._read.wait()
        while not self.lost:
            if (await self._receive())["type"] == "http.disconnect":
                self.lost = True


def forwarded_headers(scope: Scope, trust_forwarded: bool) -> Headers:
    """The headers for the engine. It learns client, scheme and host from one word each: what a near proxy said when
    that is trusted, else what this process sees.
    """
    given: dict[bytes, bytes] = dict(scope["headers"])
    client = scope.get("client")
    peer: str = client[0] if client else ""
    trusted = trust_forwarded and is_near(peer)
    address: str = peer
    scheme: bytes = scope.get("scheme", "http").encode()
    host = given.get(b"host", b"")
    if trusted:
        address = last_far_address(given.get(b"x-forwarded-for", b"")) or peer
        scheme = given.get(b"x-forwarded-proto", scheme)
        host = given.get(b"x-forwarded-host", host)
    kept = [
        (name, value)
        for name, value in scope["headers"]
        if name not in _HOP_BY_HOP and name not in _FORWARDED and name != b"content-length"
    ]
    length = given.get(b"content-length")
    if length is not None and b"transfer-encoding" not in given:
        kept.append((b"content-length", length))
    return [
        *kept,
        (b"x-forwarded-for", address.encode("latin-1", "replace")),
        (b"x-forwarded-proto", scheme),
        (b"x-forwarded-host", host),
    ]


def last_far_address(forwarded: bytes) -> str:
    """The last address that is not one of our own proxies: what comes before it, the client may have made up."""
    addresses = [part.strip() for part in forwarded.decode("latin-1").split(",") if part.strip()]
    for address in reversed(addresses):
        if not is_near(address):
            return address
    return addresses[0] if addresses else ""


async def answer_down(scope: Scope, send: Send) -> None:
    """Say that the engine is not there. SDKs ask again for flags on 502 alone; everybody else understands 503."""
    path: str = scope["path"]
    headers: Headers = list(scope["headers"])
    sdk_path = sdk_read(path) or ""
    status = 502 if sdk_path.startswith(("/flags", "/decide")) else 503
    accept = dict(headers).get(b"accept", b"")
    if b"text/html" in accept:
        content_type, text = b"text/html; charset=utf-8", _DOWN_PAGE
    else:
        content_type = b"application/json"
        text = json.dumps(
            {
                "type": "server_error",
                "code": "service_unavailable",
                "detail": "The engine is starting or busy; please try again. Events are being accepted meanwhile.",
                "attr": None,
            }
        ).encode()
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", content_type),
                (b"content-length", b"%d" % len(text)),
                (b"retry-after", b"1"),
                (b"cache-control", b"no-store"),
                *(cors_headers_of(headers) if sdk_path else []),
            ],
        }
    )
    await send({"type": "http.response.body", "body": text})
