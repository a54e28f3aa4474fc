"""Which paths are capture's, with and without slash, under any prefix; and the headers that browsers need."""

import json

import pytest

from leanbase.capture.routes import PATHS, Family, family_of
from tests.capture.asgi import TOKEN, Door, batch, event


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("prefix", ["", "/ingest", "/a/b"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_every_path_is_found_under_any_prefix(path: str, prefix: str, slash: str) -> None:
    for method in ("POST", "OPTIONS"):
        assert family_of(prefix + path + slash, method, b"") is PATHS[path]


@pytest.mark.parametrize(
    ("path", "method", "query"),
    [
        ("/", "POST", b""),
        ("", "POST", b""),
        ("/api/e", "POST", b""),
        ("/api/projects/1/batch/", "POST", b""),
        ("/ingest/api/projects/1/track", "POST", b""),
        ("/static/s", "POST", b""),
        ("/array/phc_x/e", "POST", b""),
        ("/project/1/s", "GET", b""),
        ("/flags/", "POST", b""),
        ("/decide", "POST", b""),
        ("/batches", "POST", b""),
        ("/xbatch", "POST", b""),
        ("/" + "a/" * 20 + "e", "POST", b""),
    ],
)
def test_what_is_not_ours_is_left_alone(path: str, method: str, query: bytes) -> None:
    assert family_of(path, method, query) is None


def test_gets_under_a_prefix_are_ours_when_they_bring_events() -> None:
    assert family_of("/ingest/e/", "GET", b"data=e30=") is Family.EVENTS
    assert family_of("/ingest/e/", "GET", b"") is Family.EVENTS, "it is told what is missing, not shown the web app"
    assert family_of("/project/1/e/", "GET", b"") is None
    assert family_of("/e/", "GET", b"") is Family.EVENTS


def test_nothing_is_redirected() -> None:
    for path in PATHS:
        for slash in ("", "/"):
            assert Door().call("POST", path + slash).status not in range(300, 400)


def test_unknown_paths_are_404() -> None:
    assert Door().call("POST", "/nothing").status == 404


ORIGIN = {"origin": "https://shop.example"}
CORS = {
    "access-control-allow-origin": "https://shop.example",
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": "GET,POST,OPTIONS",
    "vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
}
GOOD = json.dumps(batch(event())).encode()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/e/", GOOD, 200),
        ("GET", "/e/", b"", 400),
        ("POST", "/e/", b"{", 400),
        ("POST", "/batch", json.dumps({"api_key": "phc_x", "batch": [event()]}).encode(), 401),
        ("POST", "/e/", b" " * (20 * 2**20 + 1), 413),
        ("POST", "/i/v1/analytics/events", b"", 400),
        ("PUT", "/e/", b"", 405),
        ("PUT", "/ingest/e/", b"", 405),
        ("DELETE", "/project/1/batch", b"", 405),
        ("POST", "/s/", GOOD, 400),
        *(("OPTIONS", path, b"", 200) for path in PATHS),
    ],
)
def test_the_answer_may_be_read_by_the_page(method: str, path: str, body: bytes, status: int) -> None:
    reply = Door().call(method, path, body, ORIGIN)
    assert reply.status == status
    assert {name: reply.header(name) for name in CORS} == CORS
    assert reply.header("access-control-allow-headers") is None
    if method == "OPTIONS":
        assert reply.body == b'{"status":"Ok"}'


def test_requested_headers_are_echoed() -> None:
    asked = {**ORIGIN, "access-control-request-method": "POST", "access-control-request-headers": "content-type,x-odd"}
    assert Door().call("OPTIONS", "/e/", b"", asked).header("access-control-allow-headers") == "content-type,x-odd"


def test_temporary_trouble_may_be_read_too() -> None:
    door = Door()
    door.log.full = True
    reply = door.call("POST", "/e/", GOOD, ORIGIN)
    assert (reply.status, reply.header("access-control-allow-origin")) == (503, "https://shop.example")


def test_without_an_origin_there_is_only_vary() -> None:
    reply = Door().call("POST", "/e/", GOOD)
    assert reply.header("access-control-allow-origin") is None
    assert reply.header("vary") == CORS["vary"]


ADDRESSES = [
    ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
    ("10.1.2.3", "198.51.100.7, 10.0.0.1", "198.51.100.7"),
    ("::1", "2001:db8::5", "2001:db8::5"),
    ("127.0.0.1", "[2001:db8::5]:443", "2001:db8::5"),
    ("127.0.0.1", "198.51.100.7:1234", "198.51.100.7"),
    ("127.0.0.1", "unknown", "127.0.0.1"),
    ("127.0.0.1", "", "127.0.0.1"),
    ("8.8.8.8", "198.51.100.7", "8.8.8.8"),  # a stranger may say what it likes
]


@pytest.mark.parametrize(("peer", "forwarded", "expected"), ADDRESSES)
def test_the_client_s_address(peer: str, forwarded: str, expected: str) -> None:
    door = Door(client=(peer, 1))
    door.call("POST", "/e/", GOOD, {"x-forwarded-for": forwarded})
    assert door.record.ip == expected


def test_black_hole_accepts_and_forgets() -> None:
    door = Door()
    assert door.call("POST", "/test/black_hole", b"anything").body == b'{"status":"Ok"}'
    assert door.log.records == []


@pytest.mark.parametrize("path", ["/i/v1/logs", "/i/v1/traces", "/i/v1/metrics/", "/i/v0/ai/otel"])
def test_telemetry_is_answered_and_counted(path: str) -> None:
    door = Door()
    assert door.call("POST", path, b"{}", {}, f"token={TOKEN}").body == b"{}"
    assert door.call("POST", path, b"{}", {"authorization": f"Bearer {TOKEN}"}).status == 200
    assert door.call("POST", path, b"{}", {}, "token=phc_x").status == 401
    assert door.call("POST", path, b"{}").status == 401
    assert door.capture.counters.refused == {"telemetry_not_kept": 2, "invalid_token": 2}
