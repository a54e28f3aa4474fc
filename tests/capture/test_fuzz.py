"""Whatever a client sends: an answer below 500, no exception, and every stored record can be read again."""

import asyncio
import base64
import gzip
import json
import zlib
from typing import Any
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from leanbase.capture.routes import PATHS
from leanbase.model.record import Lane
from leanbase.model.strictjson import read_object
from leanbase.model.wire import decode_events, plain_body
from tests.capture.asgi import NOW, TOKEN, Door
from tests.capture.test_v1 import HEADERS as V1_HEADERS
from tests.capture.test_v1 import uuid

TEXT = st.text(st.characters(), max_size=8)  # lone surrogates too
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["event", "distinct_id", "$distinct_id", "uuid", "timestamp", "offset", "properties", "$set", "$set_once", "$unset",
     "token", "$token", "api_key", "sent_at", "batch", "created_at", "options", "session_id", "historical_migration"]
)  # fmt: skip
PROPERTIES = st.dictionaries(
    st.sampled_from(["token", "distinct_id", "$cookieless_mode", "$ignore_sent_at", "$session_id", "$snapshot_data"])
    | TEXT,
    VALUES | st.just(TOKEN),
    max_size=4,
)


@st.composite
def events(draw: st.DrawFn) -> Any:
    good = {
        "event": "e",
        "distinct_id": "d",
        "uuid": uuid(draw(st.integers(0, 9))),
        "timestamp": "2026-11-21T08:19:59Z",
    }
    broken = draw(st.dictionaries(KEYS, VALUES | TEXT, max_size=2))
    return good | {"properties": draw(PROPERTIES | VALUES)} | broken


BODIES = st.one_of(
    st.fixed_dictionaries({"api_key": st.just(TOKEN), "batch": st.lists(events(), max_size=3)}),
    st.fixed_dictionaries({"created_at": st.just("2026-11-21T08:19:59Z"), "batch": st.lists(events(), max_size=3)}),
    st.lists(events(), max_size=3),
    events().map(lambda one: one | {"token": TOKEN}),
    VALUES,
)
PACKINGS = st.sampled_from(
    [
        bytes,
        gzip.compress,
        zlib.compress,
        base64.b64encode,
        lambda data: b"data=" + quote(base64.b64encode(data)).encode(),
        lambda data: data[: len(data) // 2],
        lambda data: gzip.compress(data)[:-5],
    ]
)
HEADER_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=12)
HEADERS = st.dictionaries(
    st.sampled_from([*V1_HEADERS, "content-encoding", "content-length", "origin", "x-forwarded-for"]),
    HEADER_TEXT
    | st.sampled_from(["gzip", "deflate", "br", "zstd", "application/x-www-form-urlencoded", "multipart/form-data"]),
    max_size=3,
)
QUERIES = st.one_of(
    st.just(b""),
    st.sampled_from(
        [b"compression=gzip-js", b"compression=lz64", b"compression=base64", b"beacon=1", b"_=%zz&sent_at=9"]
    ),
    st.binary(max_size=20),
)
PATH = st.sampled_from([*PATHS, "/e/", "/batch/", "/s/", "/i/v1/analytics/events", "/i/v1/analytics/events"])


def ask(path: str, body: bytes, headers: dict[str, str], query: bytes, method: str = "POST") -> None:
    door = Door(client=("127.0.0.1", 1))
    given_headers = (V1_HEADERS if "v1" in path else {}) | headers
    reply = asyncio.run(door.answer(method, path, body, given_headers, query))
    assert 200 <= reply.status < 500, reply.text
    for record in door.log.records:
        if record.lane is Lane.REPLAY:
            json.loads(plain_body(record))
            continue
        found = decode_events(record)
        assert found
        for event in found:
            properties = read_object(event.properties)
            assert event.event
            assert event.distinct_id
            json.dumps([event.event, event.distinct_id, event.set_, properties], ensure_ascii=False).encode()
            assert isinstance(event.time(NOW, properties), int)


@settings(max_examples=400, deadline=None)
@given(PATH, BODIES, PACKINGS, HEADERS, QUERIES)
def test_broken_events(path: str, body: Any, pack: Any, headers: dict[str, str], query: bytes) -> None:
    ask(path, pack(json.dumps(body).encode()), headers, query)


@settings(max_examples=300, deadline=None)
@given(PATH, st.binary(max_size=100), HEADERS, QUERIES, st.sampled_from(["POST", "GET", "OPTIONS", "PUT", "X"]))
def test_noise(path: str, body: bytes, headers: dict[str, str], query: bytes, method: str) -> None:
    ask(path, body, headers, query, method)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_one_byte_is_wrong(data: st.DataObject) -> None:
    good = json.dumps({"api_key": TOKEN, "batch": [{"event": "é", "distinct_id": "d", "properties": {"a": "😀"}}]})
    body = bytearray(data.draw(st.sampled_from([str.encode, lambda text: gzip.compress(text.encode())]))(good))
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    ask("/e/", bytes(body), {}, b"")
