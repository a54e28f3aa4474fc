"""The write edge: a bare ASGI callable, because each layer of a framework would cost more than the whole work here."""

import asyncio
import contextlib
import time
from collections.abc import Callable

from leanbase.capture.answers import OK, Answer, Refusal
from leanbase.capture.intake import Intake, Opened
from leanbase.capture.limits import Limits
from leanbase.capture.projects import Tokens
from leanbase.capture.request import Disconnected, Receive, Request, Scope, Send, query_of, read
from leanbase.capture.routes import POST_ONLY, Family, family_of
from leanbase.eventlog.contracts import LogFull, LogWriter, PayloadTooLarge
from leanbase.model.cors import cors_headers
from leanbase.model.record import encode_record
from leanbase.model.report import encode_report


def _now() -> int:
    return time.time_ns() // 1000


class Capture:
    """Accepts events into the log. For one event loop."""

    def __init__(
        self,
        log: LogWriter,
        tokens: Tokens,
        *,
        clock: Callable[[], int] = _now,
        limits: Limits | None = None,
        trust_forwarded: bool = True,
    ) -> None:
        """``clock`` gives microseconds since 1970."""
        self._log = log
        self.intake = Intake(log, tokens, clock, limits or Limits(), trust_forwarded)
        self.counters = self.intake.counters

    @staticmethod
    def owns(scope: Scope) -> bool:
        """Whether a request is capture's to answer."""
        return family_of(scope["path"], scope["method"], scope["query_string"]) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; a path that is not capture's gets 404."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        family = family_of(scope["path"], scope["method"], scope["query_string"])
        try:
            answer = await self._answer(family, scope, headers, receive)
        except Disconnected:
            return
        except Exception as problem:
            answer = self.intake.refused(family, problem)
        self.intake.count(family, answer)
        response_headers = [
            *answer.headers,
            *cors_headers(headers.get(b"origin"), headers.get(b"access-control-request-headers")),
        ]
        if answer.status != 204:
            response_headers.append((b"content-length", b"%d" % len(answer.body)))
        await send({"type": "http.response.start", "status": answer.status, "headers": response_headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(
        self, family: Family | None, scope: Scope, headers: dict[bytes, bytes], receive: Receive
    ) -> Answer:
        if family is None:
            raise Refusal(404, "unknown_path", "no such path")
        method = scope["method"]
        if method == "OPTIONS":
            return OK
        if method != "POST" and (method != "GET" or family in POST_ONLY):
            raise Refusal(405, "method_not_allowed", "method not allowed: use POST")
        client = scope.get("client")
        request = Request(family, query_of(scope["query_string"]), headers, client[0] if client else "")
        intake = self.intake
        opened = intake.open(request)  # bad headers are told without reading the body
        body = await read(receive, headers, intake.body_limit(family), intake.limits.body_pause)
        return await self._judge(request, opened, body)

    async def answer(self, request: Request, body: bytes) -> Answer:
        """Answer a request that has come whole. Never raises."""
        try:
            answer = await self._judge(request, self.intake.open(request), body)
        except Exception as problem:
            answer = self.intake.refused(request.family, problem)
        self.intake.count(request.family, answer)
        return answer

    async def _judge(self, request: Request, opened: Opened, body: bytes) -> Answer:
        intake = self.intake
        now = intake.clock()
        if intake.is_slow(opened, body):
            reading = await asyncio.to_thread(intake.read, request, opened, body)
        else:
            reading = intake.read(request, opened, body)
        outcome = intake.accept(request, opened, reading, now)
        if isinstance(outcome, Answer):
            return outcome
        started = time.perf_counter()
        await self._log.append(outcome.payload)
        intake.note_stored(outcome, started)
        return outcome.answer

    async def report(self) -> None:
        """Write what was refused since the last report into the log; it is kept for the next one when that fails."""
        counts = self.counters.take_refused()
        if not counts:
            return
        try:
            await self._log.append(encode_record(encode_report(counts, self.intake.clock())))
        except (LogFull, PayloadTooLarge):
            self.counters.give_back(counts)

    async def report_forever(self, pause: float = 5.0) -> None:
        """Report every ``pause`` seconds until cancelled, and then once more."""
        try:
            while True:
                await asyncio.sleep(pause)
                await self.report()
        finally:
            with contextlib.suppress(LogFull):
                await self.report()

    def metrics(self) -> str:
        """Prometheus text."""
        return self.counters.text(self._log.backlog_bytes())
