"""A head that came before on a connection: recognised by its bytes, and nothing else taken for it."""

import json
from typing import Any

import pytest

from leanbase.capture.app import Capture
from leanbase.server.front_protocol import FrontProtocol
from leanbase.server.known_head import known_head
from tests.server.test_front_protocol import EVENT, OK, HeldLog, House, Tokens, play, post

LONGER = json.dumps(json.loads(EVENT) | {"properties": {"a": "x" * 5_000}}).encode()


def test_a_head_is_known_again_with_bodies_of_any_length() -> None:
    head = known_head(post(user_agent="x"))
    assert head is not None
    for body in (EVENT, LONGER, b"", b"\r\n\r\n"):
        assert head.body_of(post(body, user_agent="x"), 10_000) == body


@pytest.mark.parametrize(
    "data",
    [
        post(user_agent="y"),
        post(path="/batch", user_agent="x"),
        post(user_agent="x", connection="close"),
        post(LONGER, user_agent="x"),  # beyond the limit
        post(user_agent="x")[:-1],
        post(user_agent="x") + b"P",
        post(user_agent="x")[:30],
        post(user_agent="x", content_length="+93"),
        post(user_agent="x", content_length=""),
        post(user_agent="x", content_length="0000000093"),
        post(user_agent="x").replace(b"content-length: ", b"content-length:  "),
        post(user_agent="x").replace(b"\r\nuser-agent", b" \r\nuser-agent"),
    ],
)
def test_what_differs_in_more_than_the_length_is_left_to_the_parser(data: bytes) -> None:
    head = known_head(post(user_agent="x"))
    assert head is not None
    assert head.body_of(data, 1_000) is None


@pytest.mark.parametrize(
    "data",
    [
        post() + post(),
        post()[:-1],
        post(content_length_="3"),  # content-length-: a name that only begins so
        post().replace(b"content-length", b"x-length"),
        post(transfer_encoding="chunked"),
        post(x="y" * 5_000),
        b"POST /e/ HTTP/1.1",
    ],
)
def test_heads_that_are_not_remembered(data: bytes) -> None:
    assert known_head(data) is None


def test_requests_of_a_known_head_are_answered_as_by_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """All shapes on one connection, one behind the other: some with the last head, some with another."""
    taken: list[bool] = []
    take_known = FrontProtocol._take_known  # pyright: ignore[reportPrivateUsage]

    def counted(*arguments: Any) -> bool:
        taken.append(take_known(*arguments))
        return taken[-1]

    monkeypatch.setattr(FrontProtocol, "_take_known", counted)

    async def script(house: House) -> None:
        wire = await house.connect()
        expected = 0
        for request, status, known in (
            (post(), 200, False),
            (post(LONGER), 200, True),
            (post(b"{"), 400, True),
            (post(EVENT.replace(b"phc_t", b"phc_x")), 401, True),
            (post(b"x" * 50_001), 413, False),
            (post(), 200, True),
            (b"GET /page HTTP/1.1\r\nhost: t\r\n\r\n", 200, False),
            (post(), 200, True),
            (post(user_agent="other"), 200, False),
            (post(user_agent="other"), 200, True),
            (post(expect="nothing"), 200, False),
        ):
            wire.send(request)
            answered, _, body = await wire.answer()
            assert answered == status, request[:80]
            expected += body == OK
            assert bool(taken and taken[-1]) is known, request[:80]
            taken.clear()
        assert len(house.log.records) == expected
        assert [record.user_agent for record in house.log.records[-3:]] == ["other", "other", ""]

    play(script)


def test_a_known_head_waits_behind_a_request_that_is_not_answered_yet() -> None:
    async def script(house: House) -> None:
        wire = await house.connect()
        wire.send(post())
        assert (await wire.answer())[2] == OK
        whole = post(LONGER)
        for pieces in ((whole[:40], whole[40:]), (post() + post(LONGER),), (whole, post())):
            for piece in pieces:
                wire.send(piece)
            for _ in range(sum(piece.count(b"POST ") for piece in pieces)):
                assert (await wire.answer())[2] == OK
        assert [len(record.body) for record in house.log.records] == [
            len(body) for body in (EVENT, LONGER, EVENT, LONGER, LONGER, EVENT)
        ]

    play(script)


def test_a_known_head_goes_to_the_log_of_now() -> None:
    """A server that starts before its log can be opened refuses; connections of that time come to the log later."""

    async def script(house: House) -> None:
        wire = await house.connect()
        wire.send(post())
        assert (await wire.answer())[2] == OK
        opened = HeldLog()
        house.app.capture = Capture(opened, Tokens())
        wire.send(post())
        assert (await wire.answer())[2] == OK
        assert (len(house.log.records), len(opened.records)) == (1, 1)

    play(script)
