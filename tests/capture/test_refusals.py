"""Every refusal of v0: status, a text that says what was wrong, and a count."""

import asyncio
import base64
import gzip
import json
import zlib
from typing import Any

import brotli
import pytest
from backports import zstd

from leanbase.capture.limits import Limits
from leanbase.projects.tokens import TokensUnavailable
from tests.capture.asgi import PROJECT, TOKEN, Door, batch, event

SMALL = Limits(v0_body=5000, v0_text=20_000, replay_body=6000, replay_text=20_000, event=2000, ai_event=4000)
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def packed(value: object) -> bytes:
    return json.dumps(value).encode()


def body(text: bytes) -> bytes:
    return b'{"api_key":"%s","batch":[%s]}' % (TOKEN.encode(), text)


CASES: dict[str, tuple[str, bytes, dict[str, str], int, str, str]] = {
    "nothing": ("/e/", b"", {}, 400, "payload missing", "empty_body"),
    "an empty form": ("/e/", b"data=&ver=1", FORM, 400, "payload missing", "empty_body"),
    "a strange form": ("/e/", b"foo=bar", FORM, 400, "cannot decode the form", "undecodable_body"),
    "no base64 in a form": ("/e/", b"data=!!!", FORM, 400, "cannot parse", "malformed_json"),
    "damaged gzip": ("/e/", gzip.compress(packed(batch(event())))[:-9], {}, 400, "bad gzip", "undecodable_body"),
    "gzip in name only": ("/e/", b"\x00\x01", {"content-encoding": "gzip"}, 400, "bad gzip", "undecodable_body"),
    "damaged br": ("/e/", b"\xff\xff\xff", {"content-encoding": "br"}, 400, "bad br", "undecodable_body"),
    "damaged zstd": ("/e/", b"\xff\xff\xff", {"content-encoding": "zstd"}, 400, "bad zstd", "undecodable_body"),
    "damaged deflate": (
        "/e/",
        b"\xff\xff\xff",
        {"content-encoding": "deflate"},
        400,
        "bad deflate",
        "undecodable_body",
    ),
    "not UTF-8": ("/e/", body(b'{"event":"\xff","distinct_id":"a"}'), {}, 400, "not UTF-8", "malformed_json"),
    "noise": ("/e/", b"\xfe\xff\x00", {}, 400, "cannot decode", "undecodable_body"),
    "words": ("/e/", b"hello there", {}, 400, "cannot parse", "malformed_json"),
    "half of it": ("/e/", packed(batch(event()))[:-5], {}, 400, "cannot parse", "malformed_json"),
    "two values": ("/e/", packed(batch(event())) + b"{}", {}, 400, "cannot parse", "malformed_json"),
    "too deep": ("/e/", b"[" * 100_000 + b"]" * 100_000, {}, 400, "cannot parse", "malformed_json"),
    "too deep inside": (
        "/e/",
        body(b'{"event":"e","distinct_id":"d","properties":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001),
        {},
        400,
        "cannot parse",
        "malformed_json",
    ),
    "a number": ("/e/", b"42", {}, 400, "cannot parse", "malformed_json"),
    "a list of numbers": ("/e/", b"[1]", {}, 400, "event 0 is not an object", "malformed_json"),
    "a batch that is none": ("/e/", packed({"api_key": TOKEN, "batch": 3}), {}, 400, "not an array", "malformed_json"),
    "a name that is none": ("/e/", body(b'{"event":3}'), {}, 400, "not a string", "malformed_json"),
    "no name": ("/e/", packed({"token": TOKEN, "distinct_id": "a"}), {}, 400, 'no "event"', "missing_event_name"),
    "no name in a batch": (
        "/e/",
        packed(batch(event(), {"distinct_id": "a"})),
        {},
        400,
        "event 1",
        "missing_event_name",
    ),
    "an empty name": ("/e/", packed(batch(event(""))), {}, 400, "event 0 has an empty name", "missing_event_name"),
    "no events": ("/e/", b"[]", {}, 400, "no events", "no_events"),
    "an empty batch": ("/e/", packed(batch()), {}, 400, "no events", "no_events"),
    "a batch without token": ("/batch", packed({"batch": [event()]}), {}, 400, "api_key", "missing_token"),
    "no distinct_id": ("/e/", packed(batch(event(), event(distinct_id=""))), {}, 400, "event 1", "missing_distinct_id"),
    "blank distinct_id": ("/e/", packed(batch(event(distinct_id=" \t "))), {}, 400, "event 0", "missing_distinct_id"),
    "null distinct_id": (
        "/e/",
        packed(batch({"event": "e", "distinct_id": None})),
        {},
        400,
        "0",
        "missing_distinct_id",
    ),
    "properties of text": (
        "/e/",
        packed(batch(event(properties="x"))),
        {},
        400,
        "event 0",
        "malformed_event_properties",
    ),
    "properties in a list": (
        "/e/",
        packed(batch(event(properties=[1]))),
        {},
        400,
        "event 0",
        "malformed_event_properties",
    ),
    "cookieless of text": (
        "/e/",
        packed(batch(event(properties={"$cookieless_mode": "yes"}))),
        {},
        400,
        "$cookieless_mode",
        "invalid_cookieless_mode",
    ),
    "no token": ("/e/", packed([event()]), {}, 401, "key missing", "missing_token"),
    "two tokens": (
        "/e/",
        packed([{**event(), "token": TOKEN}, {**event(), "token": "phc_other"}]),
        {},
        401,
        "keys differ",
        "differing_tokens",
    ),
    "an empty token": ("/e/", packed({"api_key": " ", "batch": [event()]}), {}, 401, "empty", "invalid_token"),
    "a long token": ("/e/", packed({"api_key": "x" * 65, "batch": [event()]}), {}, 401, "too_long", "invalid_token"),
    "a token with umlauts": (
        "/e/",
        packed({"api_key": "ä", "batch": [event()]}),
        {},
        401,
        "not_ascii",
        "invalid_token",
    ),
    "a personal key": (
        "/e/",
        packed({"api_key": "phx_1", "batch": [event()]}),
        {},
        401,
        "personal_api_key",
        "invalid_token",
    ),
    "an unknown token": (
        "/e/",
        packed({"api_key": "phc_x", "batch": [event()]}),
        {},
        401,
        "no project",
        "invalid_token",
    ),
    "a token that is none": (
        "/e/",
        packed({"api_key": 5, "batch": [event()]}),
        {},
        400,
        "not a string",
        "malformed_json",
    ),
    "not AI": ("/i/v0/ai/batch/", packed(batch(event())), {}, 400, "bought", "not_an_ai_event"),
    "too many bytes": ("/e/", b" " * 5001, {}, 413, "5000", "body_too_large"),
    "too many bytes unpacked": ("/e/", gzip.compress(b" " * 20_001), {}, 413, "20000", "body_too_large"),
    "a bomb of br": ("/e/", brotli.compress(b" " * 9**8), {"content-encoding": "br"}, 413, "20000", "body_too_large"),
    "a bomb of zstd": ("/e/", zstd.compress(b" " * 9**8), {"content-encoding": "zstd"}, 413, "20000", "body_too_large"),
    "a bomb of deflate": (
        "/e/",
        zlib.compress(b" " * 999_999),
        {"content-encoding": "deflate"},
        413,
        "20000",
        "body_too_large",
    ),
    "a bomb that lies": ("/e/", gzip.compress(b" " * 999_999)[:-4] + b"\x09\0\0\0", {}, 413, "20000", "body_too_large"),
    "one event too big": (
        "/e/",
        packed(batch(event(properties={"a": "x" * 2000}))),
        {},
        413,
        "at most 2000",
        "event_too_big",
    ),
    "one AI event too big": (
        "/i/v0/ai/batch",
        packed(batch(event("$ai_span", properties={"a": "x" * 4000}))),
        {},
        413,
        "4000",
        "event_too_big",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_refusal_says_why_and_is_counted(name: str) -> None:
    path, content, headers, status, says, reason = CASES[name]
    limits = Limits() if "deep" in name else SMALL
    door = Door(limits=limits)
    reply = door.call("POST", path, content, headers)
    assert (reply.status, reply.header("content-type")) == (status, "text/plain; charset=utf-8"), reply.text
    assert says in reply.text
    assert len(reply.text) < 300
    assert door.log.records == []
    assert list(door.capture.counters.refused) == [reason]


def test_what_could_be_counted_is_counted_by_event_and_project() -> None:
    door = Door()
    door.post(batch(event(), event(), event("")))
    door.post([event()] * 2)
    assert [(one.project_id, one.reason, one.count) for one in door.capture.counters.take_refused()] == [
        (PROJECT, "missing_event_name", 3),
        (0, "missing_token", 2),
    ]


def test_a_body_that_says_its_size_is_refused_before_it_is_read() -> None:
    door = Door(limits=SMALL)
    reply = door.call("POST", "/e/", [b"x"], {"content-length": "5001"})
    assert reply.status == 413


def test_a_body_in_parts_is_bounded_too() -> None:
    door = Door(limits=SMALL)
    assert door.call("POST", "/e/", [b" " * 1000] * 6).status == 413


def test_recordings_may_be_larger() -> None:
    door = Door(limits=SMALL)
    snapshot = {"token": TOKEN, "$session_id": "s", "$snapshot_data": [{"a": "x" * 5400}], "distinct_id": "d"}
    body = packed([{"event": "$snapshot", "properties": snapshot}])
    assert SMALL.v0_body < len(body) < SMALL.replay_body
    assert door.call("POST", "/s/", body).status == 200
    assert door.call("POST", "/s/", b" " * 6001).status == 413


def test_the_limits_are_those_of_the_protocol() -> None:
    limits = Limits()
    assert (limits.v0_body, limits.v0_text) == (20 * 2**20, 100 * 2**20)
    assert limits.replay_body == 25 * 2**20
    assert (limits.v1_body, limits.v1_text) == (10 * 2**20, 50 * 2**20)
    assert (limits.event, limits.ai_event) == (1_000_000, 8 * 2**20)


def test_a_body_that_stalls_gets_408() -> None:
    door = Door(limits=Limits(body_pause=0.01))

    async def run() -> list[Any]:
        sent: list[Any] = []

        async def receive() -> Any:
            await asyncio.sleep(3600)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/e/", "query_string": b"", "headers": [], "client": None}
        await door.capture(scope, receive, send)
        return sent

    assert asyncio.run(run())[0]["status"] == 408


def test_a_client_that_left_gets_no_answer() -> None:
    door = Door()

    async def run() -> list[Any]:
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/e/", "query_string": b"", "headers": [], "client": None}
        await door.capture(scope, receive, send)
        return sent

    assert asyncio.run(run()) == []


@pytest.mark.parametrize("path", ["/batch/", "/s/"])
def test_trouble_of_ours_asks_to_come_again_and_counts_nothing_as_lost(path: str) -> None:
    door = Door()
    snapshot = {"$session_id": "s", "$snapshot_data": []}
    door.log.full = True
    reply = door.post(batch(event(properties=snapshot)), path)
    assert (reply.status, reply.header("retry-after")) == (503, "1")
    door.log.full = False
    door.tokens.failure = TokensUnavailable("no database")
    reply = door.post(batch(event(properties=snapshot)), path)
    assert (reply.status, reply.header("retry-after")) == (503, "1")
    door.tokens.failure = None
    assert not door.capture.counters.refused
    assert door.post(batch(event(properties=snapshot)), path).status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
def test_other_methods_are_refused(method: str) -> None:
    assert Door().call(method, "/e/").status == 405


def test_a_damaged_base64_text_is_no_crash() -> None:
    text = base64.b64encode(packed(batch(event())))[:-7]
    assert Door().call("POST", "/e/", text).status == 400
