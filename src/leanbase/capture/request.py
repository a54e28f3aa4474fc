"""A request as capture sees it: the headers it needs, and its body within limits."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from leanbase.capture.answers import Refusal
from leanbase.capture.bodies import PLAIN, Wrapping
from leanbase.capture.routes import Family
from leanbase.model.record import RecordForm

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Disconnected(Exception):
    """The client is gone; nobody waits for an answer."""


class Request(msgspec.Struct):
    """A request but for its body. Of repeated headers the last counts; their names are in lower case.

    The posts of a connection that have the same head share one, so it also keeps what follows from the head alone.
    """

    family: Family
    query: dict[str, bytes]
    headers: dict[bytes, bytes]
    peer: str  # address of the connection, "" when unknown
    repeated: bool = False  # more posts have this head than the first
    wrapping: Wrapping | None = None  # once it was asked for
    forms: dict[tuple[int, str, bool], RecordForm] = {}  # by project, encoding of the body, historical


def query_of(raw: bytes) -> dict[str, bytes]:
    """The query parameters, of repeated ones the last; plus signs stay what they are (they occur in base64)."""
    if not raw:
        return {}
    query: dict[str, bytes] = {}
    for part in raw.split(b"&", 100):
        name, _, value = part.partition(b"=")
        query[name.decode("latin-1")] = unquote_to_bytes(value)
    return query


def wrapping_of(headers: dict[bytes, bytes], query: dict[str, bytes]) -> Wrapping:
    """How the body is packed, by what the request says."""
    encoding = headers.get(b"content-encoding")
    content_type = headers.get(b"content-type", b"")
    if not query and encoding is None and b"form" not in content_type:
        return PLAIN
    return Wrapping(
        query.get("data", b""),
        query.get("compression", b"").decode("latin-1").lower(),
        content_type.partition(b";")[0].decode("latin-1").strip().lower(),
        (encoding or b"").decode("latin-1").strip().lower(),
    )


async def read(receive: Receive, headers: dict[bytes, bytes], limit: int, pause: float) -> bytes:
    """The whole body. Raises :class:`Refusal` 413 beyond ``limit`` bytes and 408 when nothing comes for ``pause``
    seconds; :class:`Disconnected`.
    """
    length = headers.get(b"content-length")
    if length is not None and length.isdigit() and int(length) > limit:
        raise Refusal(413, "body_too_large", f"body too big: at most {limit} bytes")
    loop = asyncio.get_running_loop()
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(pause) as patience:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Disconnected
                part: bytes = message.get("body", b"")
                if not message.get("more_body", False):
                    if not parts:
                        return _within(part, limit)
                    parts.append(part)
                    return _within(b"".join(parts), limit)
                parts.append(part)
                size += len(part)
                if size > limit:
                    raise Refusal(413, "body_too_large", f"body too big: at most {limit} bytes")
                patience.reschedule(loop.time() + pause)
    except TimeoutError:
        raise Refusal(408, "body_timeout", "the rest of the body did not come in time") from None


def _within(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise Refusal(413, "body_too_large", f"body too big: at most {limit} bytes")
    return body


@lru_cache(4096)
def is_near(address: str) -> bool:
    """Whether an address is loopback or private: a proxy of ours, whose word on the client's address counts."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address == ""  # a Unix socket
    return parsed.is_loopback or parsed.is_private


def client_ip(peer: str, headers: dict[bytes, bytes], trust_forwarded: bool) -> str:
    """The address of the client, behind proxies the first one they name; "" when unknown. ``peer`` is the address of
    the connection.
    """
    if trust_forwarded:
        forwarded = headers.get(b"x-forwarded-for")
        if forwarded is not None and is_near(peer):
            return _first_address(forwarded) or peer
    return peer


@lru_cache(4096)
def _first_address(forwarded: bytes) -> str:
    first = forwarded.partition(b",")[0].decode("latin-1").strip().strip('"')
    if first.startswith("["):  # [2001:db8::1]:443
        first = first[1:].partition("]")[0]
    elif first.count(":") == 1:  # 192.0.2.1:443
        first = first.partition(":")[0]
    try:
        return str(ip_address(first))
    except ValueError:
        return ""
