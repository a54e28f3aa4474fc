"""The write edge: a bare ASGI callable, because each layer of a framework would cost more than the whole work here."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from leanbase.capture import multipart, replay, v0, v1
from leanbase.capture.answers import NO_CONTENT, OK, OTLP_OK, Answer, Refusal, V1Refusal
from leanbase.capture.bodies import PLAIN
from leanbase.capture.counters import Counters
from leanbase.capture.limits import Limits
from leanbase.capture.projects import Tokens, TokenUnknown, project_of
from leanbase.capture.request import (
    Disconnected,
    Receive,
    Scope,
    Send,
    client_ip,
    query_of,
    read,
    wrapping_of,
)
from leanbase.capture.routes import Family, family_of
from leanbase.eventlog.contracts import LogFull, LogWriter, PayloadTooLarge
from leanbase.model.clock import parse_query_time
from leanbase.model.cors import cors_headers
from leanbase.model.record import Lane, Record, encode_record
from leanbase.model.report import encode_report
from leanbase.projects.tokens import TokensUnavailable

_log = logging.getLogger(__name__)

_V1 = frozenset((Family.V1_EVENTS, Family.V1_AI_EVENTS))
_POST_ONLY = frozenset((*_V1, Family.AI_MULTIPART, Family.OTLP))
# On v1 the tags are fixed; on v0 SDKs see the status alone.
_V1_TAGS = {408: "body_read_timeout", 413: "payload_too_large", 503: "service_unavailable", 405: "invalid_header_value"}
_SLOW_PACKING = 8 << 10  # LZ-string of this size takes a millisecond


class Capture:
    """Accepts events into the log. For one event loop."""

    def __init__(
        self,
        log: LogWriter,
        tokens: Tokens,
        *,
        clock: Callable[[], int] = lambda: time.time_ns() // 1000,
        limits: Limits | None = None,
        trust_forwarded: bool = True,
    ) -> None:
        """``clock`` gives microseconds since 1970."""
        self._log = log
        self._tokens = tokens
        self._clock = clock
        self._limits = limits or Limits()
        self._trust_forwarded = trust_forwarded
        self.counters = Counters()

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
            answer = self._refused(family, problem)
        self.counters.requests[family or "unknown", answer.status] += 1
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
        if method != "POST" and (method != "GET" or family in _POST_ONLY):
            raise Refusal(405, "method_not_allowed", "method not allowed: use POST")
        query = query_of(scope)
        if family in _V1:
            return await self._take_v1(family, scope, headers, receive)
        if family is Family.AI_MULTIPART:
            return await self._take_multipart(scope, headers, receive)
        if family is Family.OTLP:
            return await self._take_otlp(query, headers, receive)
        if family is Family.BLACK_HOLE:
            await read(receive, headers, self._limits.v0_body, self._limits.body_pause)
            return OK
        answer = await self._take_events(family, scope, headers, query, receive)
        return NO_CONTENT if query.get("beacon") == b"1" else answer

    async def _take_events(
        self, family: Family, scope: Scope, headers: dict[bytes, bytes], query: dict[str, bytes], receive: Receive
    ) -> Answer:
        limits = self._limits
        limit = limits.replay_body if family is Family.REPLAY else limits.v0_body
        body = await read(receive, headers, limit, limits.body_pause)
        now = self._clock()
        wrapping = wrapping_of(headers, query)
        size = len(body) + len(wrapping.query_data)
        unusual = wrapping is not PLAIN and wrapping.content_encoding != "gzip"
        if size > limits.in_thread or (unusual and size > _SLOW_PACKING):
            packed, parsed = await asyncio.to_thread(v0.read_events, body, wrapping, family, limits)
        else:
            packed, parsed = v0.read_events(body, wrapping, family, limits)
        if family is Family.REPLAY:
            accepted = replay.accept(packed, parsed, self._tokens)
        else:
            accepted = v0.accept(packed, parsed, family, self._tokens, limits)
        for _ in accepted.refused:
            self.counters.refuse(accepted.project_id, "dropped_performance_event")
        if len(accepted.refused) == accepted.events:
            return OK
        await self._store(
            Record(
                accepted.project_id,
                Lane.REPLAY if family is Family.REPLAY else Lane.V0,
                now,
                accepted.body.stored,
                accepted.body.encoding,
                client_ip(scope, headers, self._trust_forwarded),
                headers.get(b"user-agent", b"").decode("latin-1"),
                _sent_at(query) if query else None,
                "",
                accepted.refused,
                accepted.historical,
                family is Family.AI_EVENTS,
            )
        )
        self.counters.events += accepted.events - len(accepted.refused)
        return OK

    async def _take_v1(self, family: Family, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Answer:
        limits = self._limits
        caller = v1.read_caller(headers, self._tokens)
        body = await read(receive, headers, limits.v1_body, limits.body_pause)
        now = self._clock()
        ai = family is Family.V1_AI_EVENTS
        if len(body) > limits.in_thread:
            outcome = await asyncio.to_thread(v1.accept, body, caller, ai, limits)
        else:
            outcome = v1.accept(body, caller, ai, limits)
        for reason in outcome.dropped.values():
            self.counters.refuse(caller.project_id, reason)
        accepted = len(outcome.results) - len(outcome.dropped)
        if accepted:
            await self._store(
                Record(
                    caller.project_id,
                    Lane.V1,
                    now,
                    outcome.body.stored,
                    outcome.body.encoding,
                    "127.0.0.1" if outcome.internal else client_ip(scope, headers, self._trust_forwarded),
                    headers.get(b"user-agent", b"").decode("latin-1"),
                    caller.sent_at,
                    caller.sdk,
                    tuple(outcome.dropped),
                    outcome.historical,
                    ai,
                )
            )
            self.counters.events += accepted
        return outcome.answer(caller.request_id)

    async def _take_multipart(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Answer:
        limits = self._limits
        body = await read(receive, headers, limits.ai_multipart_body, limits.body_pause)
        accepted = multipart.accept(body, headers, self._tokens, limits)
        await self._store(
            Record(
                accepted.project_id,
                Lane.V0,
                self._clock(),
                accepted.body.stored,
                ip=client_ip(scope, headers, self._trust_forwarded),
                user_agent=headers.get(b"user-agent", b"").decode("latin-1"),
                ai=True,
            )
        )
        self.counters.events += 1
        return OK

    async def _take_otlp(self, query: dict[str, bytes], headers: dict[bytes, bytes], receive: Receive) -> Answer:
        """Telemetry of OpenTelemetry is not kept: exporters get the success that stops them from repeating, and the
        request is counted among the drops.
        """
        await read(receive, headers, self._limits.otlp_body, self._limits.body_pause)
        token = query.get("token", b"") or headers.get(b"authorization", b"").partition(b" ")[2]
        try:
            project_id = project_of(token.decode("latin-1"), self._tokens)
        except TokenUnknown as problem:
            raise Refusal(401, "invalid_token", str(problem)) from None
        self.counters.refuse(project_id, "telemetry_not_kept")
        return OTLP_OK

    async def _store(self, record: Record) -> None:
        started = time.perf_counter()
        await self._log.append(encode_record(record))
        self.counters.observe_append(time.perf_counter() - started)
        self.counters.body_bytes += len(record.body)

    def _refused(self, family: Family | None, problem: Exception) -> Answer:
        """The answer to a request that failed. Only what is refused for good is counted: the rest comes again."""
        if isinstance(problem, Refusal):
            refusal = problem
        elif isinstance(problem, PayloadTooLarge):
            refusal = Refusal(413, "body_too_large", f"body too big: {problem}")
        else:
            if not isinstance(problem, LogFull | TokensUnavailable):
                _log.error("a request failed", exc_info=problem)
            refusal = Refusal(503, "unavailable", "temporarily unavailable, please retry")
        if 400 <= refusal.status < 500 and refusal.status not in (404, 405, 408):
            self.counters.refuse(refusal.project_id, refusal.reason, refusal.count)
        if family in _V1 and not isinstance(refusal, V1Refusal):
            refusal = V1Refusal(refusal.status, _V1_TAGS.get(refusal.status, "internal_error"), refusal.text)
        return refusal.answer()

    async def report(self) -> None:
        """Write what was refused since the last report into the log; it is kept for the next one when that fails."""
        counts = self.counters.take_refused()
        if not counts:
            return
        try:
            await self._log.append(encode_record(encode_report(counts, self._clock())))
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


def _sent_at(query: dict[str, bytes]) -> int | None:
    for name in ("sent_at", "_"):
        if name in query:
            return parse_query_time(query[name].decode("latin-1"))
    return None
