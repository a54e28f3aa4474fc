"""Recordings: bodies go into the log as they are; only what makes them unusable is refused here."""

import re

import msgspec
from msgspec import Raw

from leanbase.capture.answers import Refusal
from leanbase.capture.bodies import Body, Wrapping, read_body
from leanbase.capture.limits import MAX_SESSION_ID, Limits
from leanbase.capture.projects import Tokens
from leanbase.capture.routes import Family
from leanbase.capture.v0 import Accepted, parse, project_of_events
from leanbase.model.wire_v0 import V0Body, distinct_id_of

_SESSION_ID = re.compile(rf"[A-Za-z0-9-]{{1,{MAX_SESSION_ID}}}")


class _Snapshot(msgspec.Struct, rename={"session_id": "$session_id", "data": "$snapshot_data"}):
    session_id: Raw = Raw()
    data: Raw = Raw()


_snapshot = msgspec.json.Decoder(_Snapshot)
_any = msgspec.json.Decoder()


def read_recordings(body: bytes, wrapping: Wrapping, limits: Limits) -> tuple[Body, V0Body]:
    """Unpack and parse a request of /s/: recordings carry gzip inside of strings. Raises :class:`Refusal`."""
    return parse(read_body(body, wrapping, limits.replay_text, binary=True), Family.REPLAY, binary=True)


def accept(read: Body, parsed: V0Body, tokens: Tokens) -> Accepted:
    """Check a parsed request of /s/: one bad event refuses it. Raises :class:`Refusal`, ``TokensUnavailable``."""
    project_id = project_of_events(parsed, tokens)

    def refusal(reason: str, text: str) -> Refusal:
        return Refusal(400, reason, text, project_id, len(parsed.events))

    for index, event in enumerate(parsed.events):
        try:
            snapshot = _snapshot.decode(event.properties) if event.properties else _Snapshot()
        except msgspec.ValidationError:
            raise refusal("malformed_event_properties", f'"properties" of event {index} is not an object') from None
        if not snapshot.data or memoryview(snapshot.data)[0] not in b"[{":
            raise refusal("missing_snapshot_data", f"event {index} has no $snapshot_data (an array or an object)")
        if not snapshot.session_id or bytes(snapshot.session_id) == b"null":
            raise refusal("missing_session_id", f"event {index} has no $session_id")
        session_id = _any.decode(snapshot.session_id)
        if not isinstance(session_id, str) or _SESSION_ID.fullmatch(session_id) is None:
            raise refusal(
                "invalid_session_id",
                f"$session_id of event {index} is invalid: at most {MAX_SESSION_ID} letters, digits and hyphens",
            )
        if not distinct_id_of(event, trim=False):
            raise refusal("missing_distinct_id", f"event {index} has no distinct_id")
    return Accepted(project_id, read, len(parsed.events))
