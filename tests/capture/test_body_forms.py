"""Every form in which a body may be packed, with the events that must come out."""

import base64
import gzip
import json
import zlib
from typing import Any
from urllib.parse import quote, quote_plus

import brotli
import pytest
from backports import zstd

from leanbase.model.wire import decode_events
from tests.capture.asgi import TOKEN, Door, batch, event
from tests.capture.lz import compress_base64

BATCH = json.dumps(batch(event(properties={"a": "ö+/ ="}))).encode()
SINGLE = json.dumps({**event(), "token": TOKEN}).encode()
FORM = {"content-type": "application/x-www-form-urlencoded"}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


FORMS: dict[str, tuple[bytes | list[bytes], dict[str, str], str]] = {
    "plain": (BATCH, {"content-type": "application/json"}, ""),
    "charset": (BATCH, {"content-type": "application/json; charset=utf-8"}, ""),
    "text": (BATCH, {"content-type": "text/plain"}, ""),
    "no type": (BATCH, {}, ""),
    "byte order mark": (b"\xef\xbb\xbf" + BATCH, {}, ""),
    "blanks": (b" \r\n\t" + BATCH + b"\n", {}, ""),
    "in parts": ([BATCH[:5], BATCH[5:50], b"", BATCH[50:]], {}, ""),
    "curl's form type around JSON": (BATCH, FORM, ""),
    "gzip by header": (gzip.compress(BATCH), {"content-encoding": "gzip"}, ""),
    "gzip by query": (gzip.compress(BATCH), {}, "compression=gzip"),
    "gzip-js": (
        gzip.compress(BATCH),
        {"content-type": "text/plain"},
        "compression=gzip-js&ver=1.360.2&_=1795249061349",
    ),
    "gzip by its magic": (gzip.compress(BATCH), {"content-type": "text/plain"}, ""),
    "gzip in two members": (gzip.compress(BATCH) + gzip.compress(b""), {}, ""),
    "gzip with bytes behind": (gzip.compress(BATCH) + b"trailing bytes", {}, ""),
    "plain in spite of the encoding": (BATCH, {"content-encoding": "gzip"}, ""),
    "base64": (b64(BATCH).encode(), {}, ""),
    "base64 of gzip": (b64(gzip.compress(BATCH)).encode(), {}, "compression=base64"),
    "base64 for URLs, no padding": (base64.urlsafe_b64encode(BATCH).rstrip(b"="), {}, ""),
    "form with base64": (f"data={quote(b64(BATCH), safe='')}".encode(), FORM, "compression=base64"),
    "form with plus signs": (f"data={b64(BATCH)}".encode(), FORM, ""),
    "form with JSON": (f"data={quote_plus(BATCH)}".encode(), FORM, ""),
    "form with gzip": (f"compression=gzip&data={quote(b64(gzip.compress(BATCH)), safe='')}".encode(), FORM, ""),
    "form with a charset": (
        f"ver=1.2&data={quote(b64(BATCH))}".encode(),
        {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"},
        "",
    ),
    "form without its type": (f"data={quote(b64(BATCH), safe='')}".encode(), {}, ""),
    "query": (b"", {}, f"data={quote(b64(BATCH), safe='')}"),
    "query with JSON": (b"", {}, f"data={quote(BATCH, safe='')}&ip=1"),
    "lz64": (compress_base64(BATCH.decode()).encode(), {}, "compression=lz64"),
    "lz-string in a form": (
        f"data={quote(compress_base64(BATCH.decode()), safe='')}&compression=lz-string".encode(),
        FORM,
        "",
    ),
    "br": (brotli.compress(BATCH), {"content-encoding": "br"}, ""),
    "zstd": (zstd.compress(BATCH), {"content-encoding": "zstd"}, ""),
    "deflate": (zlib.compress(BATCH), {"content-encoding": "deflate"}, ""),
    "bare deflate": (zlib.compress(BATCH)[2:-4], {"content-encoding": "Deflate"}, ""),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("path", ["/e/", "/batch", "/i/v0/e"])
def test_every_form_brings_the_same_events(name: str, path: str) -> None:
    body, headers, query = FORMS[name]
    door = Door()
    reply = door.call("POST", path, body, headers, query)
    assert (reply.status, reply.body) == (200, b'{"status":"Ok"}'), reply.text
    (found,) = decode_events(door.record)
    assert (found.event, found.distinct_id) == ("bought", "ann")
    if name == "byte order mark":
        assert json.loads(bytes(found.properties)) == {"a": "ö+/ ="}
    else:
        assert bytes(found.properties) == b'{"a": "\\u00f6+/ ="}'  # the SDK's own bytes
    assert door.record.project_id == 7


def test_a_get_brings_events_in_its_query() -> None:
    door = Door()
    query = f"data={quote(b64(SINGLE), safe='')}&_=1795249100000"
    assert door.call("GET", "/e/", b"", {}, query).status == 200
    assert door.record.sent_at == 1795249100000_000
    assert [one.event for one in decode_events(door.record)] == ["bought"]


@pytest.mark.parametrize(
    ("query", "sent_at"),
    [
        ("_=1795249100000", 1795249100000_000),
        ("sent_at=1795249100000&_=1", 1795249100000_000),
        ("_=1795249100", None),  # seconds: before 2021 if they were milliseconds
        ("_=abc", None),
        ("_=", None),
        ("", None),
    ],
)
def test_the_query_says_when_it_was_sent(query: str, sent_at: int | None) -> None:
    door = Door()
    door.call("POST", "/e/", BATCH, {}, query)
    assert door.record.sent_at == sent_at


def test_gzip_is_stored_as_it_came() -> None:
    door = Door()
    body = gzip.compress(BATCH)
    door.call("POST", "/e/", body)
    assert (door.record.body, door.record.encoding) == (body, "gzip")


@pytest.mark.parametrize(("count", "compressed"), [(10, False), (40, True)])
def test_only_the_largest_plain_bodies_are_stored_compressed(count: int, compressed: bool) -> None:
    door = Door()
    body = json.dumps(batch(*(event(properties={"n": n, "text": "x" * 250_000}) for n in range(count)))).encode()
    assert door.call("POST", "/e/", body).status == 200
    assert (door.record.encoding == "gzip") == compressed
    assert (len(door.record.body) < len(body) / 5) == compressed
    assert len(decode_events(door.record)) == count


ODD: list[tuple[bytes, Any]] = [
    (b'{"a": "x\\ud800y"}', {"a": "x�y"}),
    (b'{"a": "\\udc00"}', {"a": "�"}),
    (b'{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
    (b'{"a": "x\\u0000y", "\\u0000k": 1}', {"a": "x�y", "�k": 1}),
    (b'{"a": NaN, "b": [Infinity, -Infinity], "c": 1}', {"a": None, "b": [None, None], "c": 1}),
    (b'{"a": "tab\there"}', {"a": "tab\there"}),
    (b'{"a": 12345678901234567890123, "b": 1.50}', {"a": 12345678901234567890123, "b": 1.5}),
]


@pytest.mark.parametrize(("properties", "meant"), ODD)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_odd_json_becomes_strict_json(properties: bytes, meant: Any, pack: Any) -> None:
    door = Door()
    body = b'{"api_key":"%s","batch":[{"event":"e","distinct_id":"d","properties":%s}]}' % (TOKEN.encode(), properties)
    assert door.call("POST", "/e/", pack(body)).status == 200
    (found,) = decode_events(door.record)
    assert json.loads(bytes(found.properties)) == meant


@pytest.mark.parametrize(
    ("name", "key", "kept"),
    [
        ("$identify", "$anon_distinct_id", True),
        ("$create_alias", "alias", True),
        ("$merge_dangerously", "alias", True),
        ("$identify", "alias", False),
        ("$pageview", "$anon_distinct_id", False),
    ],
)
def test_the_id_that_a_merge_names_keeps_its_nul(name: str, key: str, kept: bool) -> None:
    """Without it, it would be another id, and a legal one."""
    door = Door()
    sent = event(name, properties={key: "a\0b\ud800", "text": "\0"})
    assert door.call("POST", "/batch/", json.dumps(batch(sent)).encode()).status == 200
    (found,) = decode_events(door.record)
    assert json.loads(bytes(found.properties)) == {key: "a\0b�" if kept else "a�b�", "text": "�"}


SHAPES: list[tuple[str, Any, list[tuple[str, str]]]] = [
    ("/batch", batch(event("a"), event("b", "bob")), [("a", "ann"), ("b", "bob")]),
    ("/batch", {"token": TOKEN, "batch": [event()]}, [("bought", "ann")]),
    ("/e", {**event(), "api_key": TOKEN}, [("bought", "ann")]),
    ("/e", {**event(), "token": TOKEN}, [("bought", "ann")]),
    ("/e", {"event": "e", "$distinct_id": "ann", "$token": TOKEN}, [("e", "ann")]),
    ("/e", {"event": "e", "properties": {"token": TOKEN, "distinct_id": "ann"}}, [("e", "ann")]),
    ("/e", [{"event": "e", "properties": {"token": TOKEN, "distinct_id": "ann"}}] * 2, [("e", "ann")] * 2),
    ("/e", [{**event(), "token": TOKEN}, event("b")], [("bought", "ann"), ("b", "ann")]),
    ("/batch", batch({"event": "e", "distinct_id": None, "properties": {"distinct_id": "ann"}}), [("e", "ann")]),
    ("/batch", batch(event(distinct_id=23)), [("bought", "23")]),  # type: ignore[arg-type]
    ("/batch", batch(event(distinct_id=["a", "b"])), [("bought", '["a","b"]')]),  # type: ignore[arg-type]
    ("/batch", batch({"event": "e", "properties": {"distinct_id": 5}}), [("e", "5")]),
    ("/batch", batch(event(distinct_id="  ann\n")), [("bought", "ann")]),
    ("/batch", batch(event(distinct_id="ä" * 300)), [("bought", "ä" * 200)]),
    ("/batch", batch(event(distinct_id="a\x00b")), [("bought", "a�b")]),
    ("/batch", batch(event("x" * 300)), [("x" * 200, "ann")]),
    ("/batch", batch(event(uuid="", properties=[])), [("bought", "ann")]),
    ("/batch", batch(event(uuid="not a uuid", properties=None)), [("bought", "ann")]),
    ("/batch", batch(event(groups=[], **{"$groups": [], "$set": [], "$set_once": []})), [("bought", "ann")]),
    ("/batch", batch(event("$performance_event"), event()), [("bought", "ann")]),
    ("/engage", {"$token": TOKEN, "$distinct_id": "ann", "$set": {"a": 1}}, [("$identify", "ann")]),
    ("/engage/", {"token": TOKEN, "event": "e", "distinct_id": "ann"}, [("e", "ann")]),
    ("/batch", {"api_key": f" {TOKEN}\n", "batch": [event()]}, [("bought", "ann")]),
]


@pytest.mark.parametrize(("path", "body", "expected"), SHAPES)
def test_every_json_shape_is_understood(path: str, body: Any, expected: list[tuple[str, str]]) -> None:
    door = Door()
    reply = door.post(body, path)
    assert reply.status == 200, reply.text
    assert [(one.event, one.distinct_id) for one in decode_events(door.record)] == expected
    assert door.record.project_id == 7


def test_only_performance_events_are_accepted_and_not_stored() -> None:
    door = Door()
    assert door.post(batch(event("$performance_event"))).body == b'{"status":"Ok"}'
    assert door.log.records == []
    assert door.capture.counters.refused["dropped_performance_event"] == 1


def test_historical_migration_is_noted() -> None:
    door = Door()
    door.post(batch(event(), historical_migration=True))
    door.post(batch(event(), historical_migration=False))
    assert [record.historical for record in door.log.records] == [True, False]


def test_a_beacon_gets_no_content() -> None:
    door = Door()
    reply = door.call("POST", "/e/", BATCH, {}, "ip=0&beacon=1")
    assert (reply.status, reply.body, reply.header("content-length")) == (204, b"", None)
    assert len(door.log.records) == 1
    assert door.call("POST", "/e/", b"{", {}, "beacon=1").status == 400
