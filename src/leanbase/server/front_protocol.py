"""HTTP of the public port: uvicorn's protocol, and a short way through it for what nearly every request is.

ASGI makes a scope, a task, an event and a timer for each request, which takes more CPU than all that capture does with
it. So a plain post of events goes from the parser to the log and back by calls alone, and one with the same head as the
last one of its connection needs no parser. Whatever is unusual about a request (another method or route, HTTP/1.0,
Expect, pipelining, a body that takes long to read) goes uvicorn's way.
"""

import asyncio
from functools import lru_cache, partial
from typing import Any, ClassVar, Protocol, cast

from httptools import HttpRequestParser
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from leanbase.capture.answers import OK, Answer, Refusal
from leanbase.capture.app import Capture
from leanbase.capture.request import Request, query_of
from leanbase.capture.routes import Family, family_of
from leanbase.model.cors import cors_headers
from leanbase.server.known_head import KnownHead, known_head


class TakesEvents(Protocol):
    """The ASGI application behind the protocol, as far as it matters here."""

    @property
    def capture(self) -> Capture: ...


class _Post:
    """A request on the short way. To the rest of the protocol it looks like one of uvicorn's."""

    message_event: ClassVar = asyncio.Event()  # uvicorn sets it when the client leaves; here nobody waits for it
    __slots__ = (
        "capture",
        "crosses",
        "disconnected",
        "keep_alive",
        "limit",
        "parts",
        "request",
        "response_complete",
        "size",
    )

    def __init__(self, capture: Capture, request: Request, limit: int, keep_alive: bool) -> None:
        self.capture = capture
        self.crosses = b"origin" in request.headers  # origins, so the answer has headers of its own
        self.request = request
        self.limit = limit
        self.keep_alive = keep_alive
        self.parts: list[bytes] = []
        self.size = 0
        self.response_complete = False
        self.disconnected = False


class FrontProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._front = cast("TakesEvents", config.app)
        self._incoming: _Post | None = None  # its body is not complete
        self._between = True  # the parser has seen whole requests only
        self._last: _Post | None = None  # the last one that the parser took, on the short way
        self._known: tuple[KnownHead, _Post] | None = None  # its head, when it may come again
        self._quiet_since = self._heard = self.loop.time()
        self._idle_timer: asyncio.TimerHandle | None = None
        self._body_timer: asyncio.TimerHandle | None = None
        self._date_headers: list[tuple[bytes, bytes]] = []
        self._ok = b""

    # The connection.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._idle_timer = self.loop.call_later(self.timeout_keep_alive, self._close_when_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        self._incoming = None
        for timer in (self._idle_timer, self._body_timer):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def _close_when_idle(self) -> None:
        """One timer a connection, that looks again, instead of one for each request. Also ends a connection whose
        client takes as long for the headers of a request.
        """
        left: float = self.timeout_keep_alive
        if self._is_free():
            left -= self.loop.time() - self._quiet_since
            if left <= 0:
                self.transport.close()
                return
        self._idle_timer = self.loop.call_later(left, self._close_when_idle)

    def _is_free(self) -> bool:
        """Whether no request is under way whose headers were read."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is None or cycle.response_complete

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self._quiet_since = self.loop.time()
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())

    # A request.

    def on_message_begin(self) -> None:
        """Without the scope, which the short way does not need."""
        self._between = False
        self._last = None
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def data_received(self, data: bytes) -> None:
        first = self._between
        if first and self._known is not None and self._take_known(data, *self._known):
            return
        super().data_received(data)
        if first and self._between and self._last is not None and self._last.keep_alive:
            head = known_head(data)
            self._known = None if head is None else (head, self._last)
            self._last.request.repeated = head is not None
        if self._incoming is not None:
            self._heard = self.loop.time()
            if self._body_timer is None:
                self._body_timer = self.loop.call_later(self._body_pause(), self._refuse_slow_body)

    def _take_known(self, data: bytes, head: KnownHead, post: _Post) -> bool:
        """Take a request whose head says the same as that of ``post``, which has been answered and becomes the new
        one. False: the parser has to look at it.
        """
        if not self._is_free() or self.flow.write_paused or post.capture is not self._front.capture:
            return False
        body = head.body_of(data, post.limit)
        if body is None:
            return False
        post.response_complete = False
        self.cycle = cast("Any", post)
        self._take(post, body)
        return True

    def on_headers_complete(self) -> None:
        post = self._short_way()
        if post is None:
            url, headers, expect_100_continue = self.url, self.headers, self.expect_100_continue
            super().on_message_begin()
            self.url, self.expect_100_continue = url, expect_100_continue
            self.headers.extend(headers)
            super().on_headers_complete()
        else:
            self._incoming = self._last = post
            self.cycle = cast("Any", post)

    def _short_way(self) -> _Post | None:
        """The request, when it may go the short way."""
        parser = cast("HttpRequestParser", self.parser)  # None once the connection is lost
        if (
            parser.get_method() != b"POST"
            or self.expect_100_continue
            or not self._is_free()
            or self.flow.write_paused
            or parser.should_upgrade()
        ):
            return None
        keep_alive = parser.should_keep_alive()
        if not keep_alive and parser.get_http_version() != "1.1":
            return None
        path, _, query = self.url.partition(b"?")
        family = _family_of(path)
        if family is None or b"#" in query:
            return None
        headers = dict(self.headers)
        capture = self._front.capture
        limit = capture.intake.body_limit(family)
        length = headers.get(b"content-length")
        if length is not None and int(length) > limit:
            return None
        request = Request(family, query_of(query), headers, self.client[0] if self.client else "")
        return _Post(capture, request, limit, keep_alive)

    def on_body(self, body: bytes) -> None:
        post = self._incoming
        if post is None:
            super().on_body(body)
            return
        post.parts.append(body)
        post.size += len(body)
        if post.size > post.limit:
            self._refuse(post, Refusal(413, "body_too_large", f"body too big: at most {post.limit} bytes"))

    def on_message_complete(self) -> None:
        self._between = True
        post = self._incoming
        if post is None:
            super().on_message_complete()
            return
        self._incoming = None
        if self._body_timer is not None:
            self._body_timer.cancel()
            self._body_timer = None
        body = post.parts[0] if len(post.parts) == 1 else b"".join(post.parts)
        post.parts.clear()
        self._take(post, body)

    def _take(self, post: _Post, body: bytes) -> None:
        if not post.capture.intake.take(post.request, body, partial(self._reply, post)):
            task = self.loop.create_task(self._take_long(post, body))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _take_long(self, post: _Post, body: bytes) -> None:
        self._reply(post, await post.capture.answer(post.request, body))

    def _body_pause(self) -> float:
        return self._front.capture.intake.limits.body_pause

    def _refuse_slow_body(self) -> None:
        self._body_timer = None
        post = self._incoming
        if post is None:
            return
        left = self._heard + self._body_pause() - self.loop.time()
        if left > 0:
            self._body_timer = self.loop.call_later(left, self._refuse_slow_body)
        else:
            post.keep_alive = False
            self._refuse(post, Refusal(408, "body_timeout", "the rest of the body did not come in time"))

    def _refuse(self, post: _Post, refusal: Refusal) -> None:
        """Answer before the body is complete; what still comes of it is passed over."""
        self._incoming = None
        post.parts.clear()
        self._reply(post, post.capture.intake.refuse(post.request.family, refusal))

    def _reply(self, post: _Post, answer: Answer) -> None:
        post.response_complete = True
        if self.transport.is_closing():
            return
        if answer is OK and post.keep_alive and not post.crosses:
            if self._date_headers is not self.server_state.default_headers:  # uvicorn makes them once a second
                self._date_headers = self.server_state.default_headers
                self._ok = _response_bytes(OK, self._date_headers, {}, True)
            self.transport.write(self._ok)
        else:
            dated = self.server_state.default_headers
            self.transport.write(_response_bytes(answer, dated, post.request.headers, post.keep_alive))
            if not post.keep_alive:
                self.transport.close()
        self.on_response_complete()


@lru_cache(1024)
def _family_of(path: bytes) -> Family | None:
    """The family of a POST; None also for a path that is written in an unusual way."""
    if len(path) > 200 or not path.startswith(b"/") or b"%" in path or b"#" in path or not path.isascii():
        return None
    return family_of(path.decode("ascii"), "POST", b"")


def _response_bytes(
    answer: Answer, first: list[tuple[bytes, bytes]], asked: dict[bytes, bytes], keep_alive: bool
) -> bytes:
    headers = [
        *first,
        *answer.headers,
        *cors_headers(asked.get(b"origin"), asked.get(b"access-control-request-headers")),
    ]
    if answer.status != 204:
        headers.append((b"content-length", b"%d" % len(answer.body)))
    if not keep_alive:
        headers.append((b"connection", b"close"))
    lines = b"".join(b"%s: %s\r\n" % header for header in headers)
    return b"%s%s\r\n%s" % (STATUS_LINE[answer.status], lines, answer.body)
