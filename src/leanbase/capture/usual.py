"""The usual body of v0, checked in one decode.

Nearly every request is a batch, a list or one event of plain members: a name, a distinct_id, an object of properties.
The decoder checks those types while it parses, which leaves next to nothing to ask event by event (a third of the CPU
of the full rules). What is unusual in any way gets no answer here: ``v0`` judges it, and says what is wrong with it.
"""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

_Name = Annotated[str, Meta(min_length=1)]


class _Properties(msgspec.Struct, rename={"cookieless_mode": "$cookieless_mode"}, gc=False):
    token: str | None = None
    distinct_id: str | None = None
    cookieless_mode: bool = False


class _Event(msgspec.Struct, rename={"dollar_token": "$token"}, gc=False):
    event: _Name
    distinct_id: str | None = None
    properties: _Properties | None = None
    token: str | None = None
    dollar_token: str | None = None
    api_key: str | None = None


_Events = Annotated[list[_Event], Meta(min_length=1)]


class _Envelope(_Event, rename={"dollar_token": "$token"}, gc=False):
    """A batch object, or a single event: told apart by ``batch``."""

    event: _Name = "batch"
    batch: _Events | UnsetType = UNSET
    historical_migration: bool | None = None


class Usual(msgspec.Struct, gc=False):
    """A body without fault but for its token, which is still to be looked up."""

    token: str
    events: int
    historical: bool


_envelope = msgspec.json.Decoder(_Envelope)
_list = msgspec.json.Decoder(_Events)


def usual_body(text: bytes) -> Usual | None:
    """What is to be known of a body of strict text, or None when it is not of the usual shape."""
    try:
        if text.startswith(b"["):
            events, token, historical = _list.decode(text), None, False
        else:
            envelope = _envelope.decode(text)
            historical = bool(envelope.historical_migration)
            if envelope.batch is UNSET:
                # An object without a name has its own rules, and its default must not pass for one.
                events, token = ([envelope] if envelope.event != "batch" else []), None
            else:
                events, token = envelope.batch, envelope.api_key
                if token is None:
                    return None
    except (msgspec.DecodeError, RecursionError):
        return None
    for event in events:
        properties = event.properties
        distinct_id = event.distinct_id or (properties.distinct_id if properties is not None else None)
        if not distinct_id or distinct_id.isspace() or event.event == "$performance_event":
            return None
    token = token if token is not None else _common_token(events)
    return Usual(token, len(events), historical) if token is not None else None


def _common_token(events: list[_Event] | list[_Envelope]) -> str | None:
    """The one token that every event names; None when they differ, or one names none."""
    found: str | None = None
    for event in events:
        token = event.token
        if token is None:
            token = event.dollar_token if event.dollar_token is not None else event.api_key
        if token is None and event.properties is not None:
            token = event.properties.token
        if token is None or (found is not None and token != found):
            return None
        found = token
    return found
