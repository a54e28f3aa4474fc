"""Capture without sockets: a log in memory, tokens in a dictionary, and requests as function calls."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from leanbase.capture.app import Capture
from leanbase.capture.limits import Limits
from leanbase.capture.reasons import REASONS
from leanbase.eventlog.contracts import LogFull
from leanbase.model.record import Record, decode_record

NOW = 1_795_249_200_000_000  # 2026-11-21T08:20:00Z, minutes after the fixtures were recorded
TOKEN = "phc_the_token_of_these_tests"
PROJECT = 7


class MemoryLog:
    """Keeps records; refuses them while ``full``."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []
        self.full = False

    def submit(self, payload: bytes, done: Callable[[int | LogFull], None]) -> None:
        if self.full:
            raise LogFull("the disk is full")
        self.payloads.append(payload)
        done(len(self.payloads))

    async def append(self, payload: bytes) -> int:
        ends: list[int | LogFull] = []
        self.submit(payload, ends.append)
        assert isinstance(ends[0], int)
        return ends[0]

    def backlog_bytes(self) -> int:
        return sum(map(len, self.payloads))

    def close(self) -> None: ...

    @property
    def records(self) -> list[Record]:
        return [decode_record(payload) for payload in self.payloads]


class KnownTokens:
    """``phc_…`` tokens that a test names, and those of the fixtures."""

    def __init__(self, tokens: Mapping[str, int]) -> None:
        self.tokens = dict(tokens)
        self.failure: Exception | None = None

    def project_id_of(self, token: str) -> int | None:
        if self.failure is not None:
            raise self.failure
        return self.tokens.get(token)


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: list[tuple[bytes, bytes]]

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key == name.lower().encode()]
        assert len(found) <= 1, f"{name} is there {len(found)} times"
        return found[0].decode() if found else None

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Door:
    """A capture with its log, ready to be asked."""

    limits: Limits = field(default_factory=Limits)
    tokens: KnownTokens = field(default_factory=lambda: KnownTokens({TOKEN: PROJECT}))
    log: MemoryLog = field(default_factory=MemoryLog)
    client: tuple[str, int] | None = ("203.0.113.9", 4000)

    def __post_init__(self) -> None:
        self.capture = Capture(self.log, self.tokens, clock=lambda: NOW, limits=self.limits)

    def call(
        self,
        method: str = "POST",
        path: str = "/batch/",
        body: bytes | list[bytes] = b"",
        headers: Mapping[str, str] | None = None,
        query: str | bytes = "",
    ) -> Reply:
        """One request. A list of bodies comes in that many parts."""
        return asyncio.run(self.answer(method, path, body, headers, query))

    async def answer(
        self, method: str, path: str, body: bytes | list[bytes], headers: Mapping[str, str] | None, query: str | bytes
    ) -> Reply:
        parts = body if isinstance(body, list) else [body]
        given = {"host": "t", "user-agent": "test/1"} | {name.lower(): value for name, value in (headers or {}).items()}
        if not isinstance(body, list):
            given.setdefault("content-length", str(len(body)))
        scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query if isinstance(query, bytes) else query.encode(),
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()],
            "client": self.client,
            "scheme": "http",
        }
        coming = [
            {"type": "http.request", "body": part, "more_body": place < len(parts) - 1}
            for place, part in enumerate(parts)
        ]
        sent: list[Any] = []

        async def receive() -> Any:
            return coming.pop(0) if coming else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.capture(scope, receive, send)
        assert set(self.capture.counters.refused) <= REASONS.keys()
        assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
        reply = Reply(sent[0]["status"], sent[1]["body"], sent[0]["headers"])
        assert reply.status == 204 or reply.header("content-length") == str(len(reply.body))
        return reply

    def post(self, body: object, path: str = "/batch/", **headers: str) -> Reply:
        """A JSON body."""
        return self.call("POST", path, json.dumps(body).encode(), {"content-type": "application/json", **headers})

    @property
    def record(self) -> Record:
        """The one record that was stored."""
        (record,) = self.log.records
        return record


def batch(*events: dict[str, Any], **envelope: Any) -> dict[str, Any]:
    """A batch body with the token of these tests."""
    return {"api_key": TOKEN, "batch": list(events), **envelope}


def event(name: str = "bought", distinct_id: str = "ann", **members: Any) -> dict[str, Any]:
    return {"event": name, "distinct_id": distinct_id, **members}
