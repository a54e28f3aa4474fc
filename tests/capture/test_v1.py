"""The newer protocol: its headers, its whole-request errors, and its answer for every event."""

import gzip
import json
import zlib
from typing import Any

import brotli
import pytest
from backports import zstd

from leanbase.capture.limits import Limits
from leanbase.model.strictjson import read_object
from leanbase.model.wire import decode_events
from tests.capture.asgi import NOW, PROJECT, TOKEN, Door

PATH = "/i/v1/analytics/events"
REQUEST_ID = "0e8af19c-2d3f-4885-9818-6ed9b6dd0a9c"
HEADERS = {
    "authorization": f"Bearer {TOKEN}",
    "content-type": "application/json",
    "user-agent": "posthog-python/8.0",
    "posthog-sdk-info": "posthog-python/8.0.1",
    "posthog-attempt": "1",
    "posthog-request-id": REQUEST_ID,
    "posthog-request-timestamp": "2026-11-21T08:20:00Z",
}


def uuid(number: int = 1) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def event(**members: Any) -> dict[str, Any]:
    return {
        "event": "bought", "uuid": uuid(), "distinct_id": "ann", "timestamp": "2026-11-21T08:19:59Z", **members,
    }  # fmt: skip


def body(*events: dict[str, Any], **members: Any) -> bytes:
    return json.dumps({"created_at": "2026-11-21T08:19:59Z", "batch": list(events), **members}).encode()


def send(door: Door, content: bytes, path: str = PATH, **headers: str | None) -> Any:
    given = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    return door.call("POST", path, content, {name: value for name, value in given.items() if value is not None})


def assert_error(reply: Any, status: int, tag: str) -> None:
    assert (reply.status, reply.json["error"]) == (status, tag), reply.text
    assert set(reply.json) == {"error", "error_description", "error_uri"}
    assert reply.header("content-type") == "application/json"
    assert reply.header("accept") == "application/json"
    assert reply.header("accept-encoding") == "gzip, deflate, br, zstd"
    assert reply.header("retry-after") == ("1" if status in (408, 429) or status >= 500 else None)


HEADER_CASES = [
    ({"posthog_attempt": "0"}, 400, "invalid_header_value"),
    ({"posthog_attempt": "x"}, 400, "invalid_header_value"),
    ({"posthog_request_id": "x"}, 400, "invalid_header_value"),
    ({"posthog_request_timestamp": "yesterday"}, 400, "invalid_header_value"),
    ({"posthog_request_timestamp": "2026-11-21T08:20:00"}, 400, "invalid_header_value"),
    ({"posthog_sdk_info": "posthog-python"}, 400, "invalid_header_value"),
    ({"content_type": "text/plain"}, 415, "unsupported_content_type"),
    ({"content_encoding": "lz4"}, 415, "unsupported_encoding"),
    ({"authorization": "Bearer phc_unknown"}, 401, "invalid_api_token"),
    ({"authorization": "Bearer phx_personal"}, 401, "invalid_api_token"),
    ({"authorization": f"Basic {TOKEN}"}, 401, "invalid_api_token"),
    ({"authorization": "Bearer"}, 401, "invalid_api_token"),
    *(
        ({name.replace("-", "_"): missing}, 400, "missing_required_headers")
        for name in HEADERS
        for missing in (None, " ")
        if name != "user-agent" or missing == " "
    ),
]


@pytest.mark.parametrize(("headers", "status", "tag"), HEADER_CASES)
def test_headers_are_a_gate(headers: dict[str, str | None], status: int, tag: str) -> None:
    door = Door()
    assert_error(send(door, body(event()), **headers), status, tag)
    assert door.log.records == []


def test_all_missing_headers_are_named_at_once() -> None:
    reply = Door().call("POST", PATH, body(event()))
    for name in ("Authorization", "Content-Type", "PostHog-Sdk-Info", "PostHog-Attempt", "PostHog-Request-Id"):
        assert name in reply.json["error_description"]


@pytest.mark.parametrize("authorization", [f"bearer {TOKEN}", f"BEARER   {TOKEN} "])
def test_the_scheme_is_read_leniently(authorization: str) -> None:
    assert send(Door(), body(event()), authorization=authorization).status == 200


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        (None, bytes),
        ("identity", bytes),
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("zstd", zstd.compress),
    ],
)
@pytest.mark.parametrize("path", [PATH, f"{PATH}/", f"/ingest{PATH}"])
def test_every_encoding_is_read(encoding: str | None, pack: Any, path: str) -> None:
    door = Door()
    reply = send(door, pack(body(event())), path, content_encoding=encoding)
    assert reply.status == 200, reply.text
    assert reply.body == b'{"results":{"%s":{"result":"ok"}}}' % uuid().encode()
    assert reply.header("posthog-request-id") == REQUEST_ID
    assert reply.header("retry-after") is None
    record = door.record
    assert (record.project_id, record.sdk, record.sent_at) == (PROJECT, "posthog-python/8.0.1", NOW)
    assert [one.event for one in decode_events(record)] == ["bought"]


WHOLE = [
    (b"", 400, "empty_body"),
    (b"{", 400, "request_parsing_error"),
    (b"[]", 400, "request_parsing_error"),
    (b"\xff", 400, "request_parsing_error"),
    (b"[" * 50_000, 400, "request_parsing_error"),
    (body(), 400, "empty_batch"),
    (body(event(), created_at="x"), 400, "invalid_batch"),
    (b'{"batch":[]}', 400, "request_parsing_error"),
    *((body({k: v for k, v in event().items() if k != name}), 400, "request_parsing_error")
      for name in ("event", "uuid", "distinct_id", "timestamp")),
    *((body(event(**{name: 5})), 400, "request_parsing_error")
      for name in ("event", "uuid", "distinct_id", "timestamp", "session_id", "window_id")),
    (body(event(uuid=" ")), 400, "missing_event_uuid"),
    (body(event(uuid="x")), 400, "invalid_event_uuid"),
    (body(event(), event(uuid=uuid(2)), event(uuid=uuid().upper())), 400, "duplicate_event_uuid"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "status", "tag"), WHOLE)
def test_errors_of_the_whole_request(content: bytes, status: int, tag: str) -> None:
    door = Door()
    assert_error(send(door, content), status, tag)
    assert door.log.records == []


def test_bad_compression_and_bombs() -> None:
    assert_error(send(Door(), b"xx", content_encoding="gzip"), 400, "request_decoding_error")
    assert_error(send(Door(), b"xx", content_encoding="zstd"), 400, "request_decoding_error")
    small = Door(limits=Limits(v1_body=500, v1_text=1000))
    assert_error(send(small, gzip.compress(b" " * 1001), content_encoding="gzip"), 413, "payload_too_large")
    assert_error(send(small, b" " * 501), 413, "payload_too_large")


def test_trouble_of_ours_is_503() -> None:
    door = Door()
    door.log.full = True
    assert_error(send(door, body(event())), 503, "service_unavailable")


DROPS = [
    ({"event": "$performance_event"}, "dropped_performance_event"),
    ({"event": ""}, "missing_event_name"),
    ({"event": " "}, "missing_event_name"),
    ({"event": "x" * 201}, "event_name_too_long"),
    ({"event": "ä" * 101}, "event_name_too_long"),
    ({"distinct_id": ""}, "missing_distinct_id"),
    ({"distinct_id": " \n"}, "missing_distinct_id"),
    ({"distinct_id": "x" * 201}, "distinct_id_too_large"),
    ({"distinct_id": "ä" * 101}, "distinct_id_too_large"),
    ({"timestamp": "yesterday"}, "invalid_event_timestamp"),
    ({"timestamp": "2026-11-21"}, "invalid_event_timestamp"),
    ({"timestamp": "2026-11-21T08:19:59"}, "invalid_event_timestamp"),
    ({"properties": "x"}, "malformed_event_properties"),
    ({"properties": [1]}, "malformed_event_properties"),
    ({"options": []}, "invalid_options"),
    ({"options": "x"}, "invalid_options"),
    ({"options": {"process_person_profile": "perhaps"}}, "invalid_options"),
    ({"options": {"cookieless_mode": []}}, "invalid_options"),
    ({"options": {"disable_skew_correction": {}}}, "invalid_options"),
    ({"options": {"product_tour_id": 5}}, "invalid_options"),
    ({"distinct_id": "$posthog_cookieless"}, "cookieless_mode_required"),
    ({"distinct_id": "$posthog_cookieless", "options": {"cookieless_mode": False}}, "cookieless_mode_required"),
    ({"properties": {"a": "x" * 1_000_000}}, "event_too_big"),
]


@pytest.mark.parametrize(("members", "details"), DROPS)
def test_a_bad_event_is_dropped_alone(members: dict[str, Any], details: str) -> None:
    door = Door()
    good = event(uuid=uuid(2))
    reply = send(door, body(event(**members), good))
    assert reply.status == 200
    assert reply.json == {"results": {uuid(): {"result": "drop", "details": details}, uuid(2): {"result": "ok"}}}
    assert list(reply.json["results"]) == [uuid(), uuid(2)]
    assert [str(one.uuid) for one in decode_events(door.record)] == [uuid(2)]
    assert door.capture.counters.refused == {details: 1}


def test_when_every_event_is_bad_the_answer_is_200_and_nothing_is_stored() -> None:
    door = Door()
    reply = send(door, body(event(event=""), event(uuid=uuid(2), distinct_id="")))
    assert (reply.status, len(reply.json["results"])) == (200, 2)
    assert door.log.records == []


ACCEPTED = [
    {"event": "ä" * 100},
    {"distinct_id": "ä" * 100},
    {"properties": None},
    {"properties": []},
    {"options": None},
    {"options": {"process_person_profile": "no", "unknown": [1]}},
    {"options": {"process_person_profile": 0, "cookieless_mode": "1", "disable_skew_correction": " "}},
    {"distinct_id": "$posthog_cookieless", "options": {"cookieless_mode": "yes"}},
    {"uuid": f" {uuid().upper()} "},
    {"timestamp": "2026-11-21T08:19:59.123456789+03:00"},
]


@pytest.mark.parametrize("members", ACCEPTED)
def test_what_is_good_enough(members: dict[str, Any]) -> None:
    door = Door()
    reply = send(door, body(event(**members)))
    assert reply.json == {"results": {uuid(): {"result": "ok"}}}
    assert len(decode_events(door.record)) == 1


@pytest.mark.parametrize("distinct_id", ["anonymous", " Guest ", "NaN", "0", "[object Object]", "SYSTEM"])
def test_ids_of_everybody_are_accepted_without_a_person(distinct_id: str) -> None:
    door = Door()
    reply = send(door, body(event(distinct_id=distinct_id, options={"process_person_profile": True})))
    assert reply.json == {"results": {uuid(): {"result": "ok", "details": "person_processing_disabled"}}}
    assert decode_events(door.record)[0].extra["$process_person_profile"] is False


def test_the_ai_path_takes_ai_events_alone() -> None:
    door = Door(limits=Limits(event=1000, ai_event=2000))
    big = {"properties": {"a": "x" * 1500}}
    reply = send(
        door,
        body(
            event(event="$ai_span", **big),
            event(uuid=uuid(2)),
            event(uuid=uuid(3), event="$ai_trace", properties={"a": "x" * 2000}),
        ),
        "/i/v1/ai/events/",
    )
    assert [one.get("details") for one in reply.json["results"].values()] == [None, "rejected", "ai_event_too_big"]
    assert door.record.ai


def test_what_sdks_take_out_is_put_back() -> None:
    door = Door()
    send(
        door,
        body(
            event(
                session_id="s1",
                window_id="w1",
                options={
                    "process_person_profile": "false",
                    "cookieless_mode": 0,
                    "disable_skew_correction": True,
                    "product_tour_id": "t",
                },
                properties={"$lib": "mine", "$session_id": "other", "a": 1},
            ),
            event(uuid=uuid(2)),
        ),
    )
    full, bare = decode_events(door.record)
    assert read_object(full.properties) | full.extra == {
        "a": 1,
        "$lib": "posthog-python",
        "$lib_version": "8.0.1",
        "$session_id": "s1",
        "$window_id": "w1",
        "$process_person_profile": False,
        "$cookieless_mode": False,
        "$ignore_sent_at": True,
        "$product_tour_id": "t",
    }
    assert bare.extra == {"$lib": "posthog-python", "$lib_version": "8.0.1"}


def test_internal_capture_hides_the_address() -> None:
    door = Door()
    send(door, body(event(), capture_internal="yes", historical_migration=True))
    assert (door.record.ip, door.record.historical) == ("127.0.0.1", True)


def test_time_is_corrected_by_the_request_s_clock() -> None:
    door = Door()
    hour = "2026-11-21T09:20:00Z"  # the client's clock is an hour ahead
    send(
        door,
        body(
            event(timestamp=hour),
            event(uuid=uuid(2), timestamp=hour, options={"disable_skew_correction": True}),
            event(uuid=uuid(3), timestamp="2027-11-21T09:20:00Z"),
            event(uuid=uuid(4), timestamp="2027-11-21T09:20:00Z", options={"disable_skew_correction": True}),
        ),
        posthog_request_timestamp=hour,
    )
    corrected, as_is, clamped, far = (one.time(NOW, {}) for one in decode_events(door.record))
    assert (corrected, clamped) == (NOW, NOW)
    assert (as_is, far) == (NOW + 3600 * 1_000_000, NOW + (365 * 24 + 1) * 3600 * 1_000_000)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_posts(method: str) -> None:
    assert Door().call(method, PATH).status == 405
