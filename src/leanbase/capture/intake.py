"""From a whole request to its answer, in three steps that both ways in share: open, read, accept.

One way is ASGI (``app``); the other is the quick one of the server's protocol, which takes small requests without a
task of their own (``take``).
"""

import logging
import time
from collections.abc import Callable
from functools import partial

import msgspec

from leanbase.capture import multipart, replay, v0, v1
from leanbase.capture.answers import NO_CONTENT, OK, OTLP_OK, Answer, Refusal, V1Refusal
from leanbase.capture.bodies import PLAIN, Body, Wrapping
from leanbase.capture.counters import Counters
from leanbase.capture.limits import Limits
from leanbase.capture.projects import Tokens, TokenUnknown, project_of
from leanbase.capture.request import Request, client_ip, wrapping_of
from leanbase.capture.routes import V1_FAMILIES, Family
from leanbase.capture.usual import Usual
from leanbase.eventlog.contracts import LogFull, LogWriter, PayloadTooLarge
from leanbase.model.clock import parse_query_time
from leanbase.model.record import Lane, Record, RecordForm, encode_record
from leanbase.model.wire_v0 import V0Body
from leanbase.projects.tokens import TokensUnavailable

_log = logging.getLogger(__name__)

# On v1 the tags are fixed; on v0 SDKs see the status alone.
_V1_TAGS = {408: "body_read_timeout", 413: "payload_too_large", 503: "service_unavailable", 405: "invalid_header_value"}
_V0_FAMILIES = frozenset((Family.EVENTS, Family.ENGAGE, Family.AI_EVENTS))
_SLOW_PACKING = 8 << 10  # LZ-string of this size takes a millisecond
_MOST_FORMS = 16  # of one head: a client that writes for several projects
_QUICK_STARTS = (b"{", b"[", b"\x1f")  # JSON and gzip, whatever the request says about its body

Opened = v1.Caller | Wrapping
Reading = tuple[Body, V0Body | Usual] | tuple[Body, V0Body] | v1.Outcome | bytes


class Storable(msgspec.Struct, gc=False):
    """A good request: ``answer`` is true once ``payload``, its record, is in the log."""

    payload: bytes
    body_bytes: int
    events: int
    answer: Answer


class Intake:
    """Judges requests and puts what is good into the log. For one event loop."""

    def __init__(
        self, log: LogWriter, tokens: Tokens, clock: Callable[[], int], limits: Limits, trust_forwarded: bool
    ) -> None:
        """``clock`` gives microseconds since 1970."""
        self._log = log
        self._tokens = tokens
        self._trust_forwarded = trust_forwarded
        larger = {
            Family.REPLAY: limits.replay_body,
            Family.V1_EVENTS: limits.v1_body,
            Family.V1_AI_EVENTS: limits.v1_body,
            Family.AI_MULTIPART: limits.ai_multipart_body,
            Family.OTLP: limits.otlp_body,
        }
        self._body_limits = {family: larger.get(family, limits.v0_body) for family in Family}
        self.clock = clock
        self.limits = limits
        self.counters = Counters()

    def body_limit(self, family: Family) -> int:
        """The most bytes that a body may have as sent."""
        return self._body_limits[family]

    def open(self, request: Request) -> Opened:
        """What the headers say of the body. Raises :class:`Refusal`, ``TokensUnavailable``."""
        if request.family in V1_FAMILIES:
            return v1.read_caller(request.headers, self._tokens)
        if request.wrapping is None:
            request.wrapping = wrapping_of(request.headers, request.query)
        return request.wrapping

    def is_slow(self, opened: Opened, body: bytes) -> bool:
        """Whether reading would hold the event loop up."""
        size = len(body)
        if isinstance(opened, Wrapping) and opened is not PLAIN:
            size += len(opened.query_data)
            if size > _SLOW_PACKING and opened.content_encoding != "gzip" and body[:1] not in _QUICK_STARTS:
                return True
        return size > self.limits.in_thread

    def read(self, request: Request, opened: Opened, body: bytes) -> Reading:
        """Unpack and parse; touches nothing, so it may run beside the event loop. Raises :class:`Refusal`."""
        family = request.family
        if not isinstance(opened, Wrapping):
            return v1.accept(body, opened, family is Family.V1_AI_EVENTS, self.limits)
        if family in _V0_FAMILIES:
            return v0.read_events(body, opened, family, self.limits)
        return replay.read_recordings(body, opened, self.limits) if family is Family.REPLAY else body

    def accept(self, request: Request, opened: Opened, reading: Reading, now: int) -> Answer | Storable:
        """Judge what was read; ``now`` is when it had come. Raises :class:`Refusal`, ``TokensUnavailable``."""
        if isinstance(reading, tuple):
            return self._accept_events(request, reading, now)
        if isinstance(opened, v1.Caller):
            assert isinstance(reading, v1.Outcome)
            return self._accept_v1(request, opened, reading, now)
        assert isinstance(reading, bytes)
        if request.family is Family.AI_MULTIPART:
            accepted = multipart.accept(reading, request.headers, self._tokens, self.limits)
            return self._storable(request, accepted, now, OK)
        if request.family is Family.OTLP:
            return self._refuse_telemetry(request)
        return OK

    def take(self, request: Request, body: bytes, reply: Callable[[Answer], None]) -> bool:
        """Judge a request at once and have ``reply`` called when its answer is true, perhaps at once. False: reading it
        would hold the event loop up, so it has to come by ASGI.
        """
        try:
            opened = self.open(request)
            if self.is_slow(opened, body):
                return False
            outcome = self.accept(request, opened, self.read(request, opened, body), self.clock())
            if not isinstance(outcome, Answer):
                self._submit(request.family, outcome, reply)
                return True
        except Exception as problem:
            outcome = self.refused(request.family, problem)
        self.count(request.family, outcome)
        reply(outcome)
        return True

    def refuse(self, family: Family, refusal: Refusal) -> Answer:
        """Refuse a request whose body did not come whole."""
        answer = self.refused(family, refusal)
        self.count(family, answer)
        return answer

    def _submit(self, family: Family, good: Storable, reply: Callable[[Answer], None]) -> None:
        self._log.submit(good.payload, partial(self._tell, family, good, time.perf_counter(), reply))

    def _tell(
        self, family: Family, good: Storable, started: float, reply: Callable[[Answer], None], end: int | LogFull
    ) -> None:
        if isinstance(end, int):
            self.note_stored(good, started)
            answer = good.answer
        else:
            answer = self.refused(family, end)
        self.count(family, answer)
        reply(answer)

    def note_stored(self, good: Storable, started: float) -> None:
        """Count a record that is in the log."""
        counters = self.counters
        counters.observe_append(time.perf_counter() - started)
        counters.body_bytes += good.body_bytes
        counters.events += good.events

    def count(self, family: Family | None, answer: Answer) -> None:
        """Count a request that is being answered."""
        self.counters.requests[family or "unknown", answer.status] += 1

    def _accept_events(self, request: Request, reading: tuple[Body, V0Body | Usual], now: int) -> Answer | Storable:
        packed, parsed = reading
        family = request.family
        if family is Family.REPLAY:
            assert isinstance(parsed, V0Body)
            accepted = replay.accept(packed, parsed, self._tokens)
        else:
            accepted = v0.accept(packed, parsed, family, self._tokens, self.limits)
        answer = NO_CONTENT if request.query and request.query.get("beacon") == b"1" else OK
        if accepted.refused:
            for _ in accepted.refused:
                self.counters.refuse(accepted.project_id, "dropped_performance_event")
            if len(accepted.refused) == accepted.events:
                return answer
        return self._storable(request, accepted, now, answer)

    def _storable(self, request: Request, accepted: v0.Accepted, now: int, answer: Answer) -> Storable:
        body = accepted.body
        if request.repeated and not accepted.refused:
            kind = accepted.project_id, body.encoding, accepted.historical
            form = request.forms.get(kind)
            if form is None:
                if len(request.forms) >= _MOST_FORMS:
                    request.forms.clear()
                form = request.forms[kind] = RecordForm(self._record(request, accepted, now))
            payload = form.encode(now, body.stored)
        else:
            payload = encode_record(self._record(request, accepted, now))
        return Storable(payload, len(body.stored), accepted.events - len(accepted.refused), answer)

    def _record(self, request: Request, accepted: v0.Accepted, now: int) -> Record:
        family, headers = request.family, request.headers
        return Record(
            accepted.project_id,
            Lane.REPLAY if family is Family.REPLAY else Lane.V0,
            now,
            accepted.body.stored,
            accepted.body.encoding,
            client_ip(request.peer, headers, self._trust_forwarded),
            headers.get(b"user-agent", b"").decode("latin-1"),
            _sent_at(request.query) if request.query and family is not Family.AI_MULTIPART else None,
            "",
            accepted.refused,
            accepted.historical,
            family in (Family.AI_EVENTS, Family.AI_MULTIPART),
        )

    def _accept_v1(self, request: Request, caller: v1.Caller, outcome: v1.Outcome, now: int) -> Answer | Storable:
        for reason in outcome.dropped.values():
            self.counters.refuse(caller.project_id, reason)
        accepted = len(outcome.results) - len(outcome.dropped)
        answer = outcome.answer(caller.request_id)
        if not accepted:
            return answer
        headers = request.headers
        record = Record(
            caller.project_id,
            Lane.V1,
            now,
            outcome.body.stored,
            outcome.body.encoding,
            "127.0.0.1" if outcome.internal else client_ip(request.peer, headers, self._trust_forwarded),
            headers.get(b"user-agent", b"").decode("latin-1"),
            caller.sent_at,
            caller.sdk,
            tuple(outcome.dropped),
            outcome.historical,
            request.family is Family.V1_AI_EVENTS,
        )
        return Storable(encode_record(record), len(record.body), accepted, answer)

    def _refuse_telemetry(self, request: Request) -> Answer:
        """Telemetry of OpenTelemetry is not kept: exporters get the success that stops them from repeating, and the
        request is counted among the drops.
        """
        token = request.query.get("token", b"") or request.headers.get(b"authorization", b"").partition(b" ")[2]
        try:
            project_id = project_of(token.decode("latin-1"), self._tokens)
        except TokenUnknown as problem:
            raise Refusal(401, "invalid_token", str(problem)) from None
        self.counters.refuse(project_id, "telemetry_not_kept")
        return OTLP_OK

    def refused(self, family: Family | None, problem: Exception) -> Answer:
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
        if family in V1_FAMILIES and not isinstance(refusal, V1Refusal):
            refusal = V1Refusal(refusal.status, _V1_TAGS.get(refusal.status, "internal_error"), refusal.text)
        return refusal.answer()


def _sent_at(query: dict[str, bytes]) -> int | None:
    for name in ("sent_at", "_"):
        if name in query:
            return parse_query_time(query[name].decode("latin-1"))
    return None
