"""The front process: owns the public port, takes events into the log by itself, passes the rest to the engine."""

import asyncio
import contextlib
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path

import aiohttp
import uvicorn

from leanbase.capture.app import Capture
from leanbase.capture.projects import Tokens
from leanbase.capture.request import Receive, Scope, Send
from leanbase.config import Settings
from leanbase.eventlog.contracts import LogFull, LogWriter
from leanbase.eventlog.segments.open import open_writer
from leanbase.eventlog.segments.writer import LogInUse
from leanbase.projects.tokens import TokenDirectory
from leanbase.projects.tokens_postgresql import PostgresqlTokenDirectory
from leanbase.server.calm_server import CalmServer
from leanbase.server.folders import Folders
from leanbase.server.front_protocol import FrontProtocol
from leanbase.server.listening import inherited_listeners
from leanbase.server.logs import log_json
from leanbase.server.proxy import Proxy, answer_down
from leanbase.server.roles import end_with_parent, role_settings

_log = logging.getLogger(__name__)

_REOPEN_SECONDS = 0.25  # between attempts to open a log that could not be opened
_ENGINE_ERRORS = (aiohttp.ClientError, OSError, TimeoutError)


class _NoLog:
    """Stands in for a log that cannot be opened: capture answers 503, and clients come again."""

    def submit(self, payload: bytes, done: Callable[[int | LogFull], None]) -> None:
        del done
        raise LogFull(f"the event log is not open: {len(payload)} bytes refused")

    async def append(self, payload: bytes) -> int:
        raise LogFull(f"the event log is not open: {len(payload)} bytes refused")

    def backlog_bytes(self) -> int:
        return 0

    def close(self) -> None:
        pass


class Front:
    """The ASGI application of the public port."""

    def __init__(self, settings: Settings, log_folder: Path, tokens: Tokens, proxy: Proxy) -> None:
        self._settings = settings
        self._log_folder = log_folder
        self._tokens = tokens
        self._proxy = proxy
        self._trouble = "starting"
        self._capture = Capture(_NoLog(), tokens, trust_forwarded=settings.trust_forwarded)
        self._log: LogWriter | None = None  # once it is open
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def capture(self) -> Capture:
        """What takes events now: without a log it refuses them."""
        return self._capture

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if Capture.owns(scope):
            await self._capture(scope, receive, send)
        elif path in ("/_liveness", "/_liveness/"):
            await _reply(send, 200, {"status": "ok"})
        elif path in ("/_readiness", "/_readiness/"):
            await self._answer_readiness(scope, send)
        elif path == "/metrics":
            await self._answer_metrics(scope, send)
        elif path == "/" and scope["method"] in ("GET", "HEAD") and not _wants_page(scope):
            await _send(send, 200, b"text/plain; charset=utf-8", b"capture")
        else:
            await self._proxy(scope, receive, send)

    # Life.

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()  # lifespan.startup
        self._proxy.open()
        self._open_log()
        self._tasks.append(asyncio.create_task(self._keep_open()))
        await send({"type": "lifespan.startup.complete"})
        await receive()  # lifespan.shutdown: every request has been answered
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._log is not None:
            await self._capture.report()
            await asyncio.to_thread(self._log.close)
        await self._proxy.close()
        await send({"type": "lifespan.shutdown.complete"})

    def _open_log(self) -> None:
        settings = self._settings
        try:
            log = open_writer(self._log_folder, settings.segment_bytes, settings.backlog_max_bytes)
        except (OSError, LogInUse) as problem:
            if str(problem) != self._trouble:
                _log.error("the event log cannot be opened: %s", problem)
            self._trouble = str(problem)
            return
        self._log = log
        self._capture = Capture(log, self._tokens, trust_forwarded=settings.trust_forwarded)

    async def _keep_open(self) -> None:
        while self._log is None:
            await asyncio.sleep(_REOPEN_SECONDS)
            self._open_log()
        await self._capture.report_forever()

    # The pages of the operator.

    async def _answer_readiness(self, scope: Scope, send: Send) -> None:
        """The front alone; with ``?engine=1`` the whole product."""
        if self._log is None:
            await _reply(
                send, 503, {"status": "unavailable", "reason": f"the event log cannot be opened: {self._trouble}"}
            )
            return
        if b"engine=1" in scope["query_string"].split(b"&"):
            try:
                status, text = await self._proxy.fetch("/_readiness")
            except _ENGINE_ERRORS as problem:
                await _reply(send, 503, {"status": "unavailable", "reason": f"the engine does not answer: {problem}"})
                return
            if status != 200:
                await _send(send, 503, b"application/json", text.encode())
                return
        await _reply(send, 200, {"status": "ok"})

    async def _answer_metrics(self, scope: Scope, send: Send) -> None:
        """Both processes' numbers, for this machine without a key; everybody else is judged by the engine."""
        headers = dict(scope["headers"])
        client = scope.get("client")
        local = client is not None and _is_loopback(client[0])
        if local and b"x-forwarded-for" not in headers:
            asked = [(b"x-forwarded-for", b"127.0.0.1")]
        else:
            authorization = headers.get(b"authorization")
            if authorization is None:
                await _reply(
                    send,
                    401,
                    {
                        "type": "authentication_error",
                        "code": "not_authenticated",
                        "detail": "Metrics need a personal API key (Authorization: Bearer phx_…) from elsewhere.",
                        "attr": None,
                    },
                )
                return
            asked = [(b"authorization", authorization)]
        own = self._capture.metrics()
        try:
            status, text = await self._proxy.fetch("/metrics", asked)
        except _ENGINE_ERRORS:
            if not local:
                await answer_down(scope, send)
                return
            status, text = 200, "# TYPE leanbase_engine_up gauge\nleanbase_engine_up 0\n"
        if status != 200 and not local:
            await _send(send, status, b"application/json", text.encode())
            return
        if status == 200:
            own += text
        await _send(send, 200, b"text/plain; version=0.0.4; charset=utf-8", own.encode())


def _is_loopback(address: str) -> bool:
    return address == "::1" or address.startswith("127.")


def _wants_page(scope: Scope) -> bool:
    """Whether a browser asks: those get the web app at /, everybody else the word that says capture lives here."""
    accept = dict(scope["headers"]).get(b"accept", b"")
    return b"text/html" in accept


async def _reply(send: Send, status: int, body: dict[str, str | None]) -> None:
    await _send(send, status, b"application/json", json.dumps(body).encode())


async def _send(send: Send, status: int, content_type: bytes, body: bytes) -> None:
    headers = [
        (b"content-type", content_type),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    if status == 503:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def open_tokens(settings: Settings, folders: Folders) -> Tokens:
    """Where the front looks tokens up."""
    if settings.appdb_url.startswith("postgresql"):
        return PostgresqlTokenDirectory(settings.appdb_url)
    if settings.appdb_url.startswith("sqlite:///"):
        return TokenDirectory(Path(settings.appdb_url.removeprefix("sqlite:///")))
    return TokenDirectory(folders.app_database)


def run_front(settings: Settings) -> None:
    """Serve the inherited sockets until SIGTERM; then stop accepting, answer what is under way, and close the log."""
    folders = Folders(settings.data_dir.absolute())
    folders.make()
    proxy = Proxy(folders.engine_socket, settings.trust_forwarded)
    app = Front(settings, folders.log, open_tokens(settings, folders), proxy)
    config = uvicorn.Config(
        app,
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        http=FrontProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
    )
    CalmServer(config).run(inherited_listeners())


def main() -> None:
    """What the supervisor starts."""
    settings = role_settings()
    log_json("front", settings.log_level)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    end_with_parent()
    with contextlib.suppress(KeyboardInterrupt):
        run_front(settings)


if __name__ == "__main__":
    main()
