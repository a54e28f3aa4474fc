import json
from typing import Any

import pytest

from leanbase.model.strictjson import read_object
from leanbase.model.wire import decode_events
from tests.capture.asgi import TOKEN, Door

AUTH = {"authorization": f"Bearer {TOKEN}", "content-type": "multipart/form-data; boundary=xyz"}
EVENT = {"event": "$ai_generation", "distinct_id": "ann", "properties": {"$ai_model": "m"}}


def parts(**given: tuple[str, bytes]) -> bytes:
    pieces = [
        b'--xyz\r\nContent-Disposition: form-data; name="%s"\r\nContent-Type: %s\r\n\r\n%s\r\n'
        % (name.replace("__", ".").encode(), kind.encode(), content)
        for name, (kind, content) in given.items()
    ]
    return b"".join(pieces) + b"--xyz--\r\n"


def as_json(value: object) -> tuple[str, bytes]:
    return "application/json", json.dumps(value).encode()


def test_parts_become_one_event() -> None:
    door = Door()
    body = parts(
        event=as_json(EVENT),
        event__properties=as_json({"b": 1}),
        event__properties__input=as_json([{"role": "user"}]),
        event__properties__output=("text/plain", b"hi\r\nthere"),
    )
    reply = door.call("POST", "/i/v0/ai", body, AUTH)
    assert (reply.status, reply.body) == (200, b'{"status":"Ok"}')
    (found,) = decode_events(door.record)
    assert (found.event, found.distinct_id, door.record.ai) == ("$ai_generation", "ann", True)
    assert read_object(found.properties) == {
        "$ai_model": "m", "b": 1, "input": [{"role": "user"}], "output": "hi\r\nthere",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (parts(event=as_json(EVENT)), {"authorization": "Bearer phc_x"}, 401),
        (parts(event=as_json(EVENT)), {"authorization": TOKEN}, 401),
        (parts(event=as_json(EVENT)), {"content-type": "application/json"}, 400),
        (b"", {}, 400),
        (parts(other=as_json(EVENT)), {}, 400),
        (parts(event=("application/json", b"{")), {}, 400),
        (parts(event=as_json([1])), {}, 400),
        (parts(event=as_json({**EVENT, "event": "bought"})), {}, 400),
        (parts(event=as_json({**EVENT, "distinct_id": ""})), {}, 400),
        (parts(event=as_json({**EVENT, "properties": {}})), {}, 400),
        (parts(event=as_json(EVENT), event__properties__image=("image/png", b"\xff\x00")), {}, 400),
        (parts(event=as_json({**EVENT, "properties": {"$ai_model": "m", "x": "y" * 9_000_000}})), {}, 413),
    ],
)
def test_refusals(body: bytes, headers: dict[str, Any], status: int) -> None:
    door = Door()
    assert door.call("POST", "/i/v0/ai/", body, AUTH | headers).status == status
    assert door.log.records == []
