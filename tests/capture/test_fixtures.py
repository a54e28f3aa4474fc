"""Every request that a real SDK was recorded sending, byte for byte."""

import base64
import gzip
import json
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from backports import zstd

from leanbase.model.record import Lane
from leanbase.model.strictjson import read_object
from leanbase.model.wire import decode_events, plain_body
from tests.capture.asgi import Door, KnownTokens

FOLDER = Path(__file__).parents[2].parent / "shared" / "fixtures" / "wire"
OURS = ("/batch", "/e/", "/i/v0", "/i/v1/analytics", "/i/v1/ai", "/capture", "/track", "/engage", "/s/")


def recorded() -> list[Any]:
    cases: list[Any] = []
    for file in sorted(FOLDER.glob("*.json")):
        content = json.loads(file.read_text())
        groups = {file.stem: content.get("requests", [])}
        groups |= {f"{file.stem}-{one['version']}": one["requests"] for one in content.get("generations", [])}
        for name, requests in groups.items():
            for number, request in enumerate(requests):
                if request["method"] == "POST" and request["path"].startswith(OURS) and "body" in request:
                    cases.append(pytest.param(request, id=f"{name}-{number}"))
    return cases


def wire_body(request: Any) -> bytes:
    """The exact bytes; where the fixture leaves them out for their length, the decoded body packed anew."""
    if "wire_body_b64" in request:
        return base64.b64decode(request["wire_body_b64"])
    text = json.dumps(request["body"]).encode()
    return gzip.compress(text) if request["wire_encoding"] == "gzip" else text


CASES = recorded()


class AnyToken(KnownTokens):
    def project_id_of(self, token: str) -> int | None:
        return 7 if token.startswith("phc_") else None


def plain(request: Any) -> Any:
    """What the SDK meant, decoded here without any code of the product."""
    body = wire_body(request)
    if request["headers"].get("content-encoding") == "deflate":
        body = zlib.decompress(body)
    elif request["headers"].get("content-encoding") == "zstd":
        body = zstd.decompress(body)
    elif body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    elif body.startswith(b"data="):
        data = parse_qs(body.decode())["data"][0].replace(" ", "+")
        body = base64.b64decode(data)
        if body[:2] == b"\x1f\x8b":
            body = gzip.decompress(body)
    return json.loads(body)


def events_of(meant: Any) -> list[dict[str, Any]]:
    if isinstance(meant, list):
        return meant
    return meant.get("batch", [meant])


@pytest.mark.skipif(not FOLDER.exists(), reason="the recorded requests are not beside this checkout")
def test_the_fixtures_are_there() -> None:
    assert len(CASES) > 40


@pytest.mark.parametrize("request_", CASES)
def test_what_sdks_send_is_taken_as_they_meant_it(request_: Any) -> None:
    door = Door(tokens=AnyToken({}))
    headers = {name: value for name, value in request_["headers"].items() if name != "content-length"}
    reply = door.call("POST", request_["path"], wire_body(request_), headers, urlencode(request_["query"]))
    meant = events_of(plain(request_))
    record = door.record
    assert record.project_id == 7
    assert record.ip == "203.0.113.9"
    assert record.user_agent == request_["headers"]["user-agent"]
    if "/i/v1/" in request_["path"]:
        assert reply.status == 200
        assert reply.json == {"results": {event["uuid"]: {"result": "ok"} for event in meant}}
        assert reply.header("posthog-request-id") == request_["headers"]["posthog-request-id"]
        assert record.lane is Lane.V1
    elif request_["query"].get("beacon") == "1":
        assert (reply.status, reply.body) == (204, b"")
    else:
        assert (reply.status, reply.body) == (200, b'{"status":"Ok"}')
    assert reply.header("content-type") == (None if reply.status == 204 else "application/json")
    if request_["path"] == "/s/":
        assert record.lane is Lane.REPLAY
        assert events_of(json.loads(plain_body(record))) == meant
        return
    assert record.ai == ("/ai/" in request_["path"])
    found = decode_events(record)
    assert [one.event for one in found] == [event["event"] for event in meant]
    for one, event in zip(found, meant, strict=True):
        properties = event.get("properties", {})
        given = event.get("distinct_id") or properties.get("distinct_id")
        assert one.distinct_id == str(given)
        assert (str(one.uuid) if one.uuid else None) == (event.get("uuid") or None)
        assert read_object(one.properties) == (properties or {})
        assert one.set_ == event.get("$set", {})
        assert one.set_once == event.get("$set_once", {})
