"""The public port over real sockets: requests in every shape in which they cross the wire, and what is then stored."""

import asyncio
import contextlib
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from leanbase.capture.app import Capture
from leanbase.capture.limits import Limits
from leanbase.eventlog.contracts import LogFull
from leanbase.model.record import Record, decode_record
from leanbase.server.front_protocol import FrontProtocol

TOKEN = "phc_t"
EVENT = json.dumps({"event": "e", "distinct_id": "d", "token": TOKEN}).encode()
LIMITS = Limits(v0_body=50_000, body_pause=0.2, in_thread=20_000)
OK = b'{"status":"Ok"}'


class Tokens:
    def project_id_of(self, token: str) -> int | None:
        return 1 if token == TOKEN else None


class HeldLog:
    """A log that answers when the test lets it."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.held: list[Callable[[], None]] | None = None

    def submit(self, payload: bytes, done: Callable[[int | LogFull], None]) -> None:
        self.records.append(decode_record(payload))
        if self.held is None:
            done(len(self.records))
        else:
            self.held.append(lambda: done(len(self.records)))

    async def append(self, payload: bytes) -> int:
        stored: asyncio.Future[int | LogFull] = asyncio.get_running_loop().create_future()
        self.submit(payload, stored.set_result)
        end = await stored
        assert isinstance(end, int)
        return end

    def release(self) -> None:
        assert self.held is not None
        held, self.held = self.held, []
        for tell in held:
            tell()

    def backlog_bytes(self) -> int:
        return 0

    def close(self) -> None: ...


class Application:
    """Capture, and an echo for every other path."""

    def __init__(self, log: HeldLog) -> None:
        self.capture = Capture(log, Tokens(), limits=LIMITS)
        self.asgi = 0  # requests that did not go the short way

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asgi += 1
        if Capture.owns(scope):
            await self.capture(scope, receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        text = f"{scope['method']} {scope['path']} {len(body)}".encode()
        headers = [(b"content-length", str(len(text)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text})


class Wire:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        head = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 10)).decode("latin-1")
        status, *lines = head.rstrip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        assert len(headers) == len(lines), f"a header is there twice: {lines}"
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return int(status.split()[1]), headers, body

    async def closed(self) -> bool:
        return await asyncio.wait_for(self.reader.read(), 10) == b""


class House:
    """A server on a port of its own."""

    def __init__(self, server: uvicorn.Server, log: HeldLog, app: Application) -> None:
        self.server, self.log, self.app = server, log, app
        self._wires: list[Wire] = []
        self.port: int = server.servers[0].sockets[0].getsockname()[1]

    async def connect(self) -> Wire:
        self._wires.append(Wire(*await asyncio.open_connection("127.0.0.1", self.port)))
        return self._wires[-1]

    async def leave(self) -> None:
        for wire in self._wires:
            wire.writer.close()
            with contextlib.suppress(ConnectionError):
                await wire.writer.wait_closed()


@asynccontextmanager
async def serving(keep_alive: float = 60) -> AsyncIterator[House]:
    log = HeldLog()
    app = Application(log)
    config = uvicorn.Config(
        app, port=0, http=FrontProtocol, ws="none", lifespan="off", log_config=None, access_log=False,
        server_header=False, proxy_headers=False, timeout_keep_alive=keep_alive, timeout_graceful_shutdown=5,  # type: ignore[arg-type]
    )  # fmt: skip
    server = uvicorn.Server(config)
    running = asyncio.create_task(server._serve())  # without its signal handlers
    while not server.started:
        await asyncio.sleep(0.005)
    house = House(server, log, app)
    try:
        yield house
    finally:
        await house.leave()
        server.should_exit = True
        await running


def play(script: Callable[[House], Awaitable[None]], keep_alive: float = 60) -> None:
    async def main() -> None:
        async with serving(keep_alive) as house:
            await script(house)

    asyncio.run(main())


def post(body: bytes = EVENT, path: str = "/e/", version: str = "1.1", **headers: str) -> bytes:
    given = {"host": "t", "content-length": str(len(body))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    lines = [f"POST {path} HTTP/{version}", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def test_the_short_way_says_what_asgi_says() -> None:
    """The same requests by both ways (Expect takes the long one): answers, headers and records are equal."""
    batch = {"api_key": TOKEN, "batch": [{"event": "e", "distinct_id": "d", "properties": {"a": 1}}]}
    bodies: list[tuple[bytes, str, dict[str, str]]] = [
        (EVENT, "/e/", {}),
        (EVENT, "/ingest/e", {"user_agent": "x/1", "x_forwarded_for": "8.8.8.8"}),
        (json.dumps(batch).encode(), "/batch/?ip=1&_=1795249200000", {"origin": "https://a.example"}),
        (gzip.compress(json.dumps(batch).encode()), "/batch", {"content_encoding": "gzip"}),
        (EVENT, "/e/?beacon=1", {"origin": "https://a.example", "access_control_request_headers": "x"}),
        (b"{", "/e/", {"origin": "https://a.example"}),
        (EVENT.replace(b"phc_t", b"phc_x"), "/e/", {}),
        (b"", "/i/v1/analytics/events", {}),
        (b"anything", "/test/black_hole", {}),
        (b'{"a":1}', "/s/", {}),
        (b"data=%7B", "/e/", {"content_type": "application/x-www-form-urlencoded"}),
    ]

    async def script(house: House) -> None:
        for body, path, headers in bodies:
            wire = await house.connect()
            before = len(house.log.records)
            wire.send(post(body, path, **headers))
            short = await wire.answer()
            assert house.app.asgi == 0, path
            wire.send(post(body, path, expect="100-continue", **headers))
            long = await wire.answer()
            if long[0] == 100:
                long = await wire.answer()
            assert (house.app.asgi, long[0], long[2]) == (1, short[0], short[2])
            house.app.asgi = 0
            assert short[1].pop("date") and long[1].pop("date")
            assert list(short[1].items()) == list(long[1].items())
            stored = [{**_members(record), "received_at": 0} for record in house.log.records[before:]]
            assert stored[: len(stored) // 2] == stored[len(stored) // 2 :], path
        counted = house.app.capture.counters.requests
        assert all(count % 2 == 0 for count in counted.values())

    play(script)


def _members(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def test_answers_wait_for_the_log_and_requests_behind_them_for_their_turn() -> None:
    async def script(house: House) -> None:
        wire = await house.connect()
        house.log.held = []
        wire.send(post() + b"GET /page HTTP/1.1\r\nhost: t\r\n\r\n" + post() + post(b"{"))
        while not house.log.held:
            await asyncio.sleep(0.005)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(wire.reader.read(1), 0.05)
        house.log.release()
        assert (await wire.answer())[2] == OK
        assert (await wire.answer())[2] == b"GET /page 0"
        while not house.log.held:
            await asyncio.sleep(0.005)
        house.log.release()
        assert (await wire.answer())[2] == OK
        assert (await wire.answer())[0] == 400
        house.log.held = None
        wire.send(post())
        assert (await wire.answer())[2] == OK
        assert len(house.log.records) == 3

    play(script)


def test_a_body_in_pieces_and_in_chunks() -> None:
    async def script(house: House) -> None:
        wire = await house.connect()
        whole = post(user_agent="pieces")
        for place in range(0, len(whole), 7):
            wire.send(whole[place : place + 7])
            await asyncio.sleep(0.001)
        assert (await wire.answer())[2] == OK
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (EVENT[:9], EVENT[9:30], EVENT[30:]))
        wire.send(b"POST /e/ HTTP/1.1\r\nhost: t\r\ntransfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")
        assert (await wire.answer())[2] == OK
        assert [record.body for record in house.log.records] == [EVENT, EVENT]
        assert house.app.asgi == 0

    play(script)


def test_a_body_that_takes_long_to_read_is_read_beside_the_loop() -> None:
    async def script(house: House) -> None:
        wire = await house.connect()
        large = json.dumps([json.loads(EVENT) | {"properties": {"a": "x" * 30_000}}]).encode()
        wire.send(post(large))
        assert (await wire.answer())[2] == OK
        assert house.log.records[0].body == large
        wire.send(post())
        assert (await wire.answer())[2] == OK

    play(script)


def test_bodies_beyond_the_limit_are_refused_before_they_are_whole() -> None:
    async def script(house: House) -> None:
        wire = await house.connect()
        wire.send(post(b"x" * 50_001))
        assert (await wire.answer())[0] == 413
        wire.send(b"POST /e/ HTTP/1.1\r\nhost: t\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in range(6):
            wire.send(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
        assert (await wire.answer())[0] == 413
        wire.send(b"0\r\n\r\n")  # the rest is passed over, and the connection goes on
        wire.send(post())
        assert (await wire.answer())[2] == OK

    play(script)


def test_a_body_that_stops_coming_is_refused() -> None:
    async def script(house: House) -> None:
        wire = await house.connect()
        whole = post()
        wire.send(whole[:-20])
        await asyncio.sleep(0.1)
        wire.send(whole[-20:-10])
        status, headers, _ = await wire.answer()
        assert (status, headers["connection"]) == (408, "close")
        assert await wire.closed()
        assert house.log.records == []

    play(script)


def test_idle_connections_and_headers_that_never_end_are_closed() -> None:
    async def script(house: House) -> None:
        idle, slow = await house.connect(), await house.connect()
        idle.send(post())
        assert (await idle.answer())[2] == OK
        slow.send(b"POST /e/ HTTP/1.1\r\nhost: t\r\nx-slow: ")
        assert await idle.closed()
        assert await slow.closed()

    play(script, keep_alive=0.1)


def test_close_is_honoured_and_old_http_is_answered() -> None:
    async def script(house: House) -> None:
        wire = await house.connect()
        wire.send(post(connection="close"))
        status, headers, body = await wire.answer()
        assert (status, headers["connection"], body) == (200, "close", OK)
        assert await wire.closed()
        assert house.app.asgi == 0
        wire = await house.connect()
        wire.send(post(version="1.0"))
        assert (await wire.answer())[2] == OK
        assert await wire.closed()

    play(script)


@pytest.mark.parametrize(
    "request_",
    [b"\x16\x03\x01\r\n\r\n", b"POST /e/ HTTP/1.1\r\ncontent-length: x\r\n\r\n", post(content_length="-1")],
)
def test_what_is_no_http_is_told_and_closed(request_: bytes) -> None:
    async def script(house: House) -> None:
        wire = await house.connect()
        wire.send(request_)
        assert (await wire.answer())[0] == 400
        assert await wire.closed()
        assert house.log.records == []

    play(script)


@pytest.mark.parametrize("path", ["http://t/e/", "/%65/", "/e/#x", "/é/e/"])
def test_unusual_forms_of_a_path_go_the_long_way(path: str) -> None:
    async def script(house: House) -> None:
        wire = await house.connect()
        wire.send(post(path=path))
        status = (await wire.answer())[0]
        assert house.app.asgi == 1 or status == 400

    play(script)


def test_a_client_that_leaves_harms_nobody() -> None:
    async def script(house: House) -> None:
        gone, waiting, half = await house.connect(), await house.connect(), await house.connect()
        house.log.held = []
        gone.send(post())
        waiting.send(post())
        half.send(post()[:-5])
        while len(house.log.held) < 2:
            await asyncio.sleep(0.005)
        gone.writer.transport.abort()
        half.writer.transport.abort()
        await asyncio.sleep(0.02)
        house.log.release()
        assert (await waiting.answer())[2] == OK

    play(script)


def test_a_server_that_stops_answers_what_it_took() -> None:
    async def script(house: House) -> None:
        busy, idle = await house.connect(), await house.connect()
        house.log.held = []
        busy.send(post())
        while not house.log.held:
            await asyncio.sleep(0.005)
        house.server.should_exit = True
        assert await idle.closed()
        house.log.release()
        status, headers, _ = await busy.answer()
        assert (status, headers["connection"]) == (200, "close")
        assert await busy.closed()

    play(script)


def test_a_log_that_fails_is_told_and_the_client_comes_again() -> None:
    async def script(house: House) -> None:
        wire = await house.connect()

        def fail(payload: bytes, done: Callable[[int | LogFull], None]) -> None:
            done(LogFull("the disk is full"))

        house.log.submit = fail  # type: ignore[method-assign]
        wire.send(post())
        status, headers, _ = await wire.answer()
        assert (status, headers["retry-after"]) == (503, "1")

    play(script)
