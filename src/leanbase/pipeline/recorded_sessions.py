"""Which sessions a stored request of recordings belongs to. Everything else in it is the replay product's matter."""

import msgspec

from leanbase.model.record import Record
from leanbase.model.wire import plain_body
from leanbase.model.wire_v0 import decode_v0

_UNREADABLE = (ValueError, msgspec.MsgspecError, RecursionError)


class _Snapshot(msgspec.Struct):
    session_id: str = msgspec.field(name="$session_id", default="")


_snapshot = msgspec.json.Decoder(_Snapshot)


def session_ids(record: Record) -> set[str]:
    """The session ids of a record of the replay lane: one, usually. None for a body that nobody can read."""
    try:
        events = decode_v0(plain_body(record)).events
        return {_snapshot.decode(event.properties).session_id for event in events if event.properties} - {""}
    except _UNREADABLE:
        return set()
