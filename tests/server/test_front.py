"""The front before an engine that the test plays: what it passes on and answers, what it says when that is down."""

import asyncio
import contextlib
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from leanbase.config import Settings
from leanbase.server.front import Front
from leanbase.server.proxy import Proxy, last_far_address

TOKEN = "phc_t"


class Tokens:
    def project_id_of(self, token: str) -> int | None:
        return 1 if token == TOKEN else None


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class House:
    """A front, and an engine that can be opened and closed."""

    def __init__(self, folder: Path, handler: Handler) -> None:
        self.folder = folder
        self.socket = folder / "engine.sock"
        settings = Settings(data_dir=folder, segment_bytes=1 << 16, backlog_max_bytes=1 << 20)
        self.front = Front(settings, folder / "log", Tokens(), Proxy(self.socket, patience=0.3))
        self._handler = handler
        self._runner: web.ServerRunner | None = None

    async def open_engine(self) -> None:
        self._runner = web.ServerRunner(web.Server(self._handler), shutdown_timeout=0.01)
        await self._runner.setup()
        await web.UnixSite(self._runner, str(self.socket)).start()

    async def close_engine(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @contextlib.asynccontextmanager
    async def living(self, engine: bool = True) -> AsyncIterator["House"]:
        inbox: asyncio.Queue[Any] = asyncio.Queue()
        outbox: asyncio.Queue[Any] = asyncio.Queue()
        life = asyncio.create_task(self.front({"type": "lifespan"}, inbox.get, outbox.put))
        if engine:
            await self.open_engine()
        await inbox.put({"type": "lifespan.startup"})
        assert (await outbox.get())["type"] == "lifespan.startup.complete"
        try:
            yield self
        finally:
            await inbox.put({"type": "lifespan.shutdown"})
            assert (await outbox.get())["type"] == "lifespan.shutdown.complete"
            await life
            await self.close_engine()

    async def ask(
        self,
        method: str,
        path: str,
        parts: list[bytes] | None = None,
        headers: dict[str, str] | None = None,
        client: str = "127.0.0.1",
        leave_after: int | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body. ``leave_after``: the client goes after so many messages of the answer."""
        plain, _, query = path.partition("?")
        given = {"host": "shop.example"} | (headers or {})
        scope = {
            "type": "http", "method": method, "path": plain, "raw_path": plain.encode(), "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": (client, 5), "scheme": "http",
        }  # fmt: skip
        coming = list(parts or [b""])
        gone = asyncio.Event()
        sent: list[Any] = []

        async def receive() -> Any:
            if coming:
                part = coming.pop(0)
                return {"type": "http.request", "body": part, "more_body": bool(coming)}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)
            if len(sent) == leave_after:
                gone.set()

        await asyncio.wait_for(self.front(scope, receive, send), 20)
        if not sent:
            return 0, {}, b""
        names = [name for name, _ in sent[0]["headers"]]
        assert len(names) == len(set(names)), names
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}, body


async def echo(request: web.Request) -> web.StreamResponse:
    body = await request.read()
    return web.json_response(
        {
            "method": request.method,
            "path": request.raw_path,
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body": body.decode(),
        },
        headers={"X-Mine": "yes", "Set-Cookie": "a=b"},
    )


@pytest.fixture
def folder() -> Any:
    with tempfile.TemporaryDirectory() as path:  # short: a socket's path has at most 108 bytes
        yield Path(path)


def run(house: House, script: Callable[[House], Awaitable[None]], engine: bool = True) -> None:
    async def live() -> None:
        async with house.living(engine):
            await script(house)

    asyncio.run(live())


def test_requests_are_passed_on_as_they_came(folder: Path) -> None:
    async def script(house: House) -> None:
        status, headers, body = await house.ask(
            "POST",
            "/api/projects/1/a%2Fb/?q=%C3%A4&send_cohorts",
            [b"hel", b"", b"lo"],
            {"content-length": "5", "cookie": "c=d", "authorization": "Bearer phx_1", "connection": "keep-alive"},
        )
        seen = json.loads(body)
        assert (status, headers["x-mine"], headers["set-cookie"]) == (200, "yes", "a=b")
        assert "date" not in headers and "server" not in headers
        assert (seen["method"], seen["path"], seen["body"]) == (
            "POST", "/api/projects/1/a%2Fb/?q=%C3%A4&send_cohorts", "hello",
        )  # fmt: skip
        given = seen["headers"]
        assert given["content-length"] == "5"
        assert (given["host"], given["cookie"], given["authorization"]) == ("shop.example", "c=d", "Bearer phx_1")
        assert given["x-forwarded-for"] == "127.0.0.1"
        assert (given["x-forwarded-proto"], given["x-forwarded-host"]) == ("http", "shop.example")
        assert "user-agent" not in given

    run(House(folder, echo), script)


def test_bodies_without_a_length_are_streamed(folder: Path) -> None:
    async def script(house: House) -> None:
        parts = [b"x" * 10_000] * 30
        _, _, body = await house.ask("PUT", "/api/x", parts, {"transfer-encoding": "chunked"})
        assert len(json.loads(body)["body"]) == 300_000

    run(House(folder, echo), script)


@pytest.mark.parametrize(
    ("client", "forwarded", "expected"),
    [
        ("127.0.0.1", {"x-forwarded-for": "1.1.1.1, 8.8.8.8, 10.0.0.1", "x-forwarded-proto": "https"}, "8.8.8.8 https"),
        ("8.8.4.4", {"x-forwarded-for": "1.1.1.1", "x-forwarded-proto": "https"}, "8.8.4.4 http"),
        ("127.0.0.1", {}, "127.0.0.1 http"),
    ],
)
def test_the_engine_learns_who_asks(folder: Path, client: str, forwarded: dict[str, str], expected: str) -> None:
    async def script(house: House) -> None:
        _, _, body = await house.ask("GET", "/api/x", None, forwarded, client)
        given = json.loads(body)["headers"]
        assert f"{given['x-forwarded-for']} {given['x-forwarded-proto']}" == expected

    run(House(folder, echo), script)


def test_last_far_address() -> None:
    assert last_far_address(b"") == ""
    assert last_far_address(b"10.0.0.1, 192.168.1.1") == "10.0.0.1"


def test_an_answer_streams_and_ends_with_the_client(folder: Path) -> None:
    ended: list[bool] = []

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"tick")
                await asyncio.sleep(0.005)
        except (ConnectionError, asyncio.CancelledError):
            ended.append(True)
            raise

    async def script(house: House) -> None:
        status, _, body = await house.ask("GET", "/api/live", leave_after=4)
        assert status == 200
        assert body.startswith(b"tick")
        for _ in range(400):
            if ended:
                break
            await asyncio.sleep(0.01)
        assert ended

    run(House(folder, endless), script)


def test_an_engine_that_is_starting_is_waited_for(folder: Path) -> None:
    async def script(house: House) -> None:
        asking = asyncio.create_task(house.ask("POST", "/api/x", [b"hi"], {"content-length": "2"}))
        await asyncio.sleep(0.05)
        await house.open_engine()
        status, _, body = await asking
        assert (status, json.loads(body)["body"]) == (200, "hi")

    run(House(folder, echo), script, engine=False)


def test_while_the_engine_is_down_events_are_taken_and_the_rest_is_told(folder: Path) -> None:
    async def script(house: House) -> None:
        event = json.dumps({"event": "e", "distinct_id": "d", "token": TOKEN}).encode()
        assert (await house.ask("POST", "/e/", [event]))[0] == 200
        status, headers, body = await house.ask("GET", "/api/projects/")
        assert (status, headers["retry-after"]) == (503, "1")
        assert set(json.loads(body)) == {"type", "code", "detail", "attr"}
        status, headers, body = await house.ask("GET", "/", headers={"accept": "text/html"})
        assert (status, headers["content-type"]) == (503, "text/html; charset=utf-8")
        # SDKs repeat a request for flags on 502 alone, and a page must be able to read the answer.
        status, headers, _ = await house.ask("POST", "/ingest/flags/?v=2", headers={"origin": "https://a.example"})
        assert (status, headers["access-control-allow-origin"]) == (502, "https://a.example")
        assert (await house.ask("GET", "/_liveness"))[0] == 200
        assert (await house.ask("GET", "/_readiness"))[0] == 200
        assert (await house.ask("GET", "/_readiness?engine=1"))[0] == 503
        status, _, body = await house.ask("GET", "/metrics")
        assert status == 200
        assert b"leanbase_engine_up 0" in body and b"leanbase_capture_events_accepted_total 1" in body

    run(House(folder, echo), script, engine=False)


def test_an_engine_that_dies_while_it_answers_cuts_the_answer(folder: Path) -> None:
    async def dies(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.close()
        return response

    async def script(house: House) -> None:
        with pytest.raises(Exception, match=r"(?i)payload|closed|reset"):
            await house.ask("GET", "/api/x")

    run(House(folder, dies), script)


def test_the_root_says_capture_unless_a_browser_asks(folder: Path) -> None:
    async def script(house: House) -> None:
        assert (await house.ask("GET", "/"))[2] == b"capture"
        assert (await house.ask("GET", "/", headers={"accept": "text/plain"}))[1]["content-type"].startswith(
            "text/plain"
        )
        assert json.loads((await house.ask("GET", "/", headers={"accept": "text/html,*/*"}))[2])["path"] == "/"

    run(House(folder, echo), script)


async def metrics(request: web.Request) -> web.StreamResponse:
    allowed = request.headers.get("X-Forwarded-For") == "127.0.0.1" or "Authorization" in request.headers
    return web.Response(text="leanbase_engine_up 1\n", status=200 if allowed else 401)


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.0.0.1", {"x-forwarded-for": "8.8.8.8"}, 401),
        ("8.8.8.8", {}, 401),
        ("8.8.8.8", {"authorization": "Bearer phx_1"}, 200),
    ],
)
def test_metrics_are_for_this_machine_or_a_key(folder: Path, client: str, headers: dict[str, str], status: int) -> None:
    async def script(house: House) -> None:
        answer = await house.ask("GET", "/metrics", None, headers, client)
        assert answer[0] == status
        assert (b"leanbase_engine_up 1" in answer[2] and b"leanbase_log_backlog_bytes" in answer[2]) == (status == 200)

    run(House(folder, metrics), script)


def test_a_log_that_cannot_be_opened_is_said_and_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leanbase.server.front._REOPEN_SECONDS", 0.01)
    (folder / "log").write_text("in the way")

    async def script(house: House) -> None:
        event = [json.dumps({"event": "e", "distinct_id": "d", "token": TOKEN}).encode()]
        status, _, body = await house.ask("GET", "/_readiness")
        assert status == 503 and b"the event log cannot be opened" in body
        status, headers, _ = await house.ask("POST", "/e/", event, {"origin": "https://a.example"})
        assert (status, headers["retry-after"]) == (503, "1")
        assert headers["access-control-allow-origin"] == "https://a.example"
        (folder / "log").unlink()
        for _ in range(500):
            if (await house.ask("GET", "/_readiness"))[0] == 200:
                break
            await asyncio.sleep(0.01)
        assert (await house.ask("POST", "/e/", event))[0] == 200

    run(House(folder, echo), script)
