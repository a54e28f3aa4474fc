"""``/flags`` and ``/decide``: every version, every body form, every recorded request of real SDKs."""

import base64
import gzip
import json
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leanbase.api.sdk.bodies import BadBody, decode_body

RECORDED = Path(__file__).parents[2] / "fixtures" / "wire" / "flags-requests.json"


@pytest.fixture
def token(world) -> str:
    return world.credentials.project_api_key


@pytest.fixture
def sdk(world):
    return world.client()


def ask(sdk, token: str, path: str = "/flags/?v=2", **more: Any):
    return sdk.post(path, json={"token": token, "distinct_id": "d", **more})


@pytest.mark.parametrize("version", [2, 3, 4])
def test_records(sdk, token: str, version: int) -> None:
    answer = ask(sdk, token, f"/flags/?v={version}")
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == {"flags", "errorsWhileComputingFlags", "requestId", "evaluatedAt"}
    assert (body["flags"], body["errorsWhileComputingFlags"]) == ({}, False)
    assert uuid.UUID(body["requestId"]) and body["evaluatedAt"] > 1_700_000_000_000


@pytest.mark.parametrize(
    ("path", "flags", "config"),
    [
        ("/flags", {"flags": {}}, True),
        ("/flags/?v=1", {"featureFlags": {}, "featureFlagPayloads": {}}, False),
        ("/flags/?config=true", {"featureFlags": {}, "featureFlagPayloads": {}}, True),
        ("/flags/?v=2&config=true", {"flags": {}}, True),
        ("/decide/", {"featureFlags": []}, True),
        ("/decide?v=1", {"featureFlags": []}, True),
        ("/decide/?v=2", {"featureFlags": {}}, True),
        ("/decide/?v=3", {"featureFlags": {}, "featureFlagPayloads": {}}, True),
        ("/decide/?v=4", {"flags": {}}, True),
        ("/ingest/flags/?v=2", {"flags": {}}, False),
        ("/a/b/decide/?v=3&config=false", {"featureFlags": {}, "featureFlagPayloads": {}}, False),
    ],
)
def test_shapes(sdk, token: str, path: str, flags: dict[str, Any], config: bool) -> None:
    body = ask(sdk, token, path).json()
    assert flags.items() <= body.items()
    assert ("supportedCompression" in body) is config
    assert ("autocapture_opt_out" in body) is config


@pytest.mark.parametrize("key", ["token", "$token", "api_key"])
@pytest.mark.parametrize("person", [{"distinct_id": 5}, {"$distinct_id": "d"}, {"distinct_id": ""}])
def test_aliases(sdk, token: str, key: str, person: dict[str, Any]) -> None:
    assert sdk.post("/flags/?v=2", json={key: token, **person}).status_code == 200


def forms(body: bytes) -> dict[str, tuple[bytes, str, dict[str, str]]]:
    packed = base64.b64encode(body)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return {
        "plain text": (body, "", {"Content-Type": "text/plain"}),
        "no type": (body, "", {}),
        "gzip by header": (gzip.compress(body), "", {"Content-Encoding": "gzip"}),
        "gzip by query": (gzip.compress(body), "&compression=gzip-js", {"Content-Type": "text/plain"}),
        "gzip by its magic": (gzip.compress(body), "", {"Content-Type": "text/plain"}),
        "form of base64": (urlencode({"data": packed}).encode(), "&compression=base64", form),
        "form that says so itself": (urlencode({"data": packed, "compression": "base64"}).encode(), "", form),
        "form with raw plus signs": (b"data=" + packed, "", form),
        "form of JSON": (urlencode({"data": body}).encode(), "", form),
        "base64": (packed, "&compression=base64", {"Content-Type": "text/plain"}),
        "base64 of gzip": (base64.b64encode(gzip.compress(body)), "&compression=base64", {}),
    }


@pytest.mark.parametrize("name", list(forms(b"{}")))
def test_body_forms(sdk, token: str, name: str) -> None:
    text = json.dumps({"token": token, "distinct_id": "ünï>>>???"}).encode()
    body, query, headers = forms(text)[name]
    answer = sdk.post(f"/flags/?v=2{query}", content=body, headers=headers)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b'{"distinct_id": "d"}', 401, "token"),
        (b'{"token": "phc_unknown", "distinct_id": "d"}', 401, "token"),
        (b'{"token": 5, "distinct_id": "d"}', 401, "token"),
        (b'{"token": "TOKEN"}', 400, "distinct_id"),
        (b'{"token": "TOKEN", "distinct_id": []}', 400, "distinct_id"),
        (b'{"token": "TOKEN", "distinct_id": true}', 400, "distinct_id"),
        (b'{"token": "TOKEN"', 400, "JSON"),
        (b"", 400, "empty"),
        (b"[]", 400, "object"),
        (b"data=%%%", 400, "base64"),
        (b"\x1f\x8b\x08broken", 400, "decompressed"),
        (gzip.compress(b" " * (20 << 20)), 413, "bytes"),
        (b" " * (3 << 20), 413, "larger"),
        (b"[" * 100_000, 400, "JSON"),
    ],
)
def test_errors_are_plain_text(sdk, token: str, body: bytes, status: int, word: str) -> None:
    answer = sdk.post("/flags/?v=2", content=body.replace(b"TOKEN", token.encode()))
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/plain") and word in answer.text


def test_numbers_that_json_does_not_have(sdk, token: str) -> None:
    body = f'{{"token": "{token}", "distinct_id": "d", "person_properties": {{"a": NaN, "b": Infinity}}}}'
    assert sdk.post("/flags/?v=2", content=body).status_code == 200


def test_a_wrong_version(sdk, token: str) -> None:
    assert ask(sdk, token, "/flags/?v=two").status_code == 400
    assert ask(sdk, token, "/flags/?v=99").json()["flags"] == {}


def test_other_methods(sdk) -> None:
    assert sdk.get("/flags/?v=2").json()["flags"] == {}
    assert sdk.get("/decide/?v=3").json()["featureFlags"] == {}
    head = sdk.request("HEAD", "/flags/")
    assert (head.status_code, head.content) == (200, b"")
    assert sdk.put("/flags/", json={}).status_code == 405


def test_the_request_id_is_kept(sdk, token: str) -> None:
    mine = str(uuid.uuid4())
    body = {"token": token, "distinct_id": "d"}
    assert sdk.post("/flags/?v=2", json=body, headers={"X-REQUEST-ID": mine}).json()["requestId"] == mine
    other = sdk.post("/flags/?v=2", json=body, headers={"X-REQUEST-ID": "x"}).json()["requestId"]
    assert uuid.UUID(other)


def test_the_test_clock_is_honoured_only_where_it_is_on(make_world) -> None:
    headers = {"X-Leanbase-Now": "2020-01-01T00:00:00Z"}
    for on in (True, False):
        world = make_world(test_clock=on)
        body = {"token": world.credentials.project_api_key, "distinct_id": "d"}
        answer = world.client().post("/flags/?v=2", json=body, headers=headers).json()
        assert (answer["evaluatedAt"] == 1_577_836_800_000) is on


def recorded() -> list[Any]:
    requests = json.loads(RECORDED.read_text())["requests"]
    wanted = [request for request in requests if request["method"] == "POST" and "wire_body_b64" in request]
    return [pytest.param(request, id=str(request["note"])) for request in wanted]


@pytest.mark.parametrize("request_", recorded())
def test_what_real_sdks_sent(world, request_: dict[str, Any]) -> None:
    """The exact bytes; the project gets the token that is in them."""
    body = request_["body"]
    token = next(body[key] for key in ("token", "api_key", "$token") if key in body)
    world.context.projects.create(world.context.projects.list()[0].organization_id, "recorded", api_token=token)
    raw = base64.b64decode(request_["wire_body_b64"])
    path = request_["path"] + ("?" + urlencode(request_["query"]) if request_["query"] else "")
    kept = {"content-type", "content-encoding", "user-agent", "origin"}
    headers = {name: value for name, value in request_["headers"].items() if name in kept}
    answer = world.client().post(path, content=raw, headers=headers)
    assert answer.status_code == 200, answer.text
    assert "flags" in answer.json() or "featureFlags" in answer.json()


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=80).map(lambda text: b"data=" + text.encode("utf-8", "replace"))
    ),
    st.sampled_from(["", "gzip", "gzip-js", "base64", "lz64"]),
    st.sampled_from(["", "gzip", "deflate", "br"]),
)
def test_no_bytes_are_more_than_a_bad_body(raw: bytes, compression: str, encoding: str) -> None:
    try:
        decoded = decode_body(raw, compression, encoding)
    except BadBody:
        return
    assert isinstance(decoded, dict)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.integers()))
def test_every_form_says_the_same(value: dict[str, int]) -> None:
    for body, query, headers in forms(json.dumps(value).encode()).values():
        compression = query.partition("compression=")[2]
        assert decode_body(body, compression, headers.get("Content-Encoding", "")) == value
