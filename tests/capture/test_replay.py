import gzip
import json
from typing import Any

import pytest

from leanbase.model.record import Lane
from leanbase.model.wire import plain_body
from tests.capture.asgi import PROJECT, TOKEN, Door


def snapshot(**properties: Any) -> dict[str, Any]:
    given = {
        "token": TOKEN,
        "distinct_id": "ann",
        "$session_id": "0190a0a0-0000-7000-8000-000000000001",
        "$snapshot_data": [{"type": 4}],
        **properties,
    }
    return {"event": "$snapshot", "properties": {name: value for name, value in given.items() if value is not ...}}


@pytest.mark.parametrize("body", [snapshot(), [snapshot()], [snapshot(), snapshot()]])
@pytest.mark.parametrize("path", ["/s", "/s/", "/ingest/s/"])
def test_recordings_go_into_the_log(body: Any, path: str) -> None:
    door = Door()
    reply = door.call("POST", path, gzip.compress(json.dumps(body).encode()))
    assert (reply.status, reply.body) == (200, b'{"status":"Ok"}')
    assert (door.record.lane, door.record.project_id) == (Lane.REPLAY, PROJECT)
    assert json.loads(plain_body(door.record)) == body


@pytest.mark.parametrize("extra", [{}, {"ratio": float("nan")}, {"word": "\ud800"}])
def test_bytes_inside_of_strings_survive(extra: dict[str, Any]) -> None:
    packed = gzip.compress(bytes(range(256)) * 3).decode("latin-1")
    assert "\x00" in packed
    door = Door()
    body = [snapshot(**{"$snapshot_data": [{"type": 2, "cv": "2024-10", "data": packed}]}, **extra)]
    assert door.call("POST", "/s/", json.dumps(body).encode()).status == 200
    stored = json.loads(plain_body(door.record))
    assert stored[0]["properties"]["$snapshot_data"][0]["data"] == packed


REFUSED = [
    ({"$snapshot_data": ...}, "$snapshot_data", "missing_snapshot_data"),
    ({"$snapshot_data": None}, "$snapshot_data", "missing_snapshot_data"),
    ({"$snapshot_data": "x"}, "$snapshot_data", "missing_snapshot_data"),
    ({"$session_id": ...}, "$session_id", "missing_session_id"),
    ({"$session_id": None}, "$session_id", "missing_session_id"),
    ({"$session_id": 5}, "$session_id", "invalid_session_id"),
    ({"$session_id": ""}, "$session_id", "invalid_session_id"),
    ({"$session_id": "x" * 71}, "$session_id", "invalid_session_id"),
    ({"$session_id": "a b"}, "$session_id", "invalid_session_id"),
    ({"$session_id": "ä"}, "$session_id", "invalid_session_id"),
    ({"distinct_id": ...}, "distinct_id", "missing_distinct_id"),
]


@pytest.mark.parametrize(("members", "says", "reason"), REFUSED)
def test_one_bad_recording_refuses_the_request(members: dict[str, Any], says: str, reason: str) -> None:
    door = Door()
    reply = door.post([snapshot(), snapshot(**members)], "/s/")
    assert reply.status == 400
    assert says in reply.text and "event 1" in reply.text
    assert door.log.records == []
    assert door.capture.counters.refused == {reason: 2}


@pytest.mark.parametrize("members", [{"$session_id": "x" * 70}, {"$snapshot_data": {}}, {"distinct_id": " "}])
def test_what_is_good_enough(members: dict[str, Any]) -> None:
    assert Door().post([snapshot(**members)], "/s/").status == 200


def test_properties_that_are_none() -> None:
    reply = Door().post([{"event": "$snapshot", "token": TOKEN, "distinct_id": "a", "properties": "x"}], "/s/")
    assert reply.status == 400
