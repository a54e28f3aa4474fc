"""The older wire protocol ("v0": /e/, /batch/, …): its JSON shapes, and where tokens and distinct ids hide in them.

Capture checks a body with these functions, and the pipeline reads the stored body with the same ones.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Raw, UnsetType

from leanbase.model.ids import MAX_DISTINCT_ID
from leanbase.model.strictjson import tidy_text


class Fault(StrEnum):
    """Why a whole body is refused."""

    MALFORMED = "malformed"  # no JSON, or a field has a type that cannot be used
    NO_EVENT_NAME = "no_event_name"  # an event, or the only object, has no "event"
    NO_BATCH_TOKEN = "no_batch_token"  # a batch without api_key
    EMPTY = "empty"  # an empty list of events


class WireError(ValueError):
    """The body is none of the shapes; the message says why and where."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


class V0Event(msgspec.Struct, rename={"dollar_distinct_id": "$distinct_id", "dollar_token": "$token", "set_": "$set",
                                      "set_once": "$set_once"}):  # fmt: skip
    """One event as sent. Unknown members are ignored; nested values stay bytes."""

    event: str | UnsetType = UNSET
    distinct_id: str | None = None
    dollar_distinct_id: str | None = None
    uuid: UUID | None = None
    properties: Raw = Raw()
    timestamp: str | None = None
    offset: int | None = None
    token: str | None = None
    dollar_token: str | None = None
    api_key: str | None = None
    set_: Raw = Raw()
    set_once: Raw = Raw()
    sent_at: str | None = None  # on replay events, and on the envelope


class _Envelope(V0Event, rename={"dollar_distinct_id": "$distinct_id", "dollar_token": "$token", "set_": "$set",
                                 "set_once": "$set_once"}):  # fmt: skip
    """A batch object, or a single event: told apart by ``batch``."""

    batch: list[V0Event] | UnsetType = UNSET
    historical_migration: bool | None = None


class V0Body(msgspec.Struct, frozen=True):
    """A decoded body. ``token`` is that of the envelope (None: look at the events); ``sent_at`` its text."""

    events: list[V0Event]
    token: str | None = None
    sent_at: str | None = None
    historical: bool = False


class _Peek(msgspec.Struct):
    token: str | None = None
    distinct_id: str | None = None


class _LoosePeek(msgspec.Struct):
    token: Raw = Raw()
    distinct_id: Raw = Raw()


class _CookielessPeek(msgspec.Struct, rename={"cookieless_mode": "$cookieless_mode"}):
    cookieless_mode: bool | UnsetType | None = UNSET


_envelope = msgspec.json.Decoder(_Envelope)
_events = msgspec.json.Decoder(list[V0Event])
_members = msgspec.json.Decoder(dict[str, Raw])
_items = msgspec.json.Decoder(list[Raw])
_peek = msgspec.json.Decoder(_Peek)
_loose_peek = msgspec.json.Decoder(_LoosePeek)
_cookieless_peek = msgspec.json.Decoder(_CookielessPeek)
_any = msgspec.json.Decoder()


def decode_v0(body: bytes) -> V0Body:
    """The events of a strict JSON body, tried in this order: an array of events, a batch object with a token, a
    single event. Raises :class:`WireError`; ``msgspec.DecodeError`` or ``RecursionError`` when it is no strict JSON.
    """
    try:
        if body.lstrip()[:1] == b"[":
            return _of_list(_events.decode(body))
        return _of_envelope(_envelope.decode(body))
    except msgspec.ValidationError:
        return _decode_loosely(body)


def _of_list(events: list[V0Event]) -> V0Body:
    _require_names(events)
    return V0Body(events)


def _of_envelope(envelope: _Envelope) -> V0Body:
    batch = envelope.batch
    token = envelope.api_key if envelope.api_key is not None else envelope.token
    if batch is UNSET:
        _require_names([envelope])
        return V0Body([envelope], sent_at=envelope.sent_at, historical=bool(envelope.historical_migration))
    if token is None:
        raise WireError(Fault.NO_BATCH_TOKEN, 'the batch has no "api_key"')
    _require_names(batch)
    return V0Body(batch, token, envelope.sent_at, bool(envelope.historical_migration))


def _require_names(events: list[V0Event]) -> None:
    if not events:
        raise WireError(Fault.EMPTY, "there are no events in the body")
    for index, event in enumerate(events):
        if event.event is UNSET:
            raise WireError(Fault.NO_EVENT_NAME, f'event {index} has no "event" (its name)')


# What follows is the slow way for bodies with a member of an unusual type.


def _decode_loosely(body: bytes) -> V0Body:
    if body.lstrip()[:1] == b"[":
        return _of_list(_loose_events(body))
    try:
        members = _members.decode(body)
    except msgspec.ValidationError:
        raise WireError(Fault.MALFORMED, "the body is neither an object nor an array of objects") from None
    if "batch" not in members:
        event = _loose_event(members, 0)
        _require_names([event])
        return V0Body([event], sent_at=event.sent_at, historical=_is_true(members))
    token = _text(members, "api_key", 'the batch\'s "api_key"') or _text(members, "token", 'the batch\'s "token"')
    if token is None:
        raise WireError(Fault.NO_BATCH_TOKEN, 'the batch has no "api_key"')
    events = _loose_events(members["batch"])
    _require_names(events)
    return V0Body(events, token, _lenient_text(members, "sent_at"), _is_true(members))


def _loose_events(raw: Raw | bytes) -> list[V0Event]:
    try:
        items = _items.decode(raw)
    except msgspec.ValidationError:
        raise WireError(Fault.MALFORMED, '"batch" is not an array') from None
    events: list[V0Event] = []
    for index, item in enumerate(items):
        try:
            members = _members.decode(item)
        except msgspec.ValidationError:
            raise WireError(Fault.MALFORMED, f"event {index} is not an object") from None
        events.append(_loose_event(members, index))
    return events


def _loose_event(members: dict[str, Raw], index: int) -> V0Event:
    name = _text(members, "event", f'"event" of event {index}')
    event = V0Event(UNSET if name is None else name)
    event.distinct_id = _compact(members.get("distinct_id", Raw()))
    event.dollar_distinct_id = _compact(members.get("$distinct_id", Raw()))
    event.uuid = _uuid(members)
    event.properties = members.get("properties", Raw())
    event.timestamp = _lenient_text(members, "timestamp")
    event.offset = _integer(members)
    event.token = _text(members, "token", f'"token" of event {index}')
    event.dollar_token = _text(members, "$token", f'"$token" of event {index}')
    event.api_key = _text(members, "api_key", f'"api_key" of event {index}')
    event.set_ = members.get("$set", Raw())
    event.set_once = members.get("$set_once", Raw())
    event.sent_at = _lenient_text(members, "sent_at")
    return event


def _text(members: dict[str, Raw], name: str, what: str) -> str | None:
    value = _value(members, name)
    if value is None or isinstance(value, str):
        return value
    raise WireError(Fault.MALFORMED, f"{what} is not a string")


def _value(members: dict[str, Raw], name: str) -> Any:
    raw = members.get(name)
    if raw is None:
        return None
    try:
        return _any.decode(raw)
    except msgspec.ValidationError:  # a number beyond a double
        return bytes(raw).decode()


def _lenient_text(members: dict[str, Raw], name: str) -> str | None:
    value = _value(members, name)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _uuid(members: dict[str, Raw]) -> UUID | None:
    """Empty and unreadable uuids count as absent: the pipeline makes one."""
    value = _value(members, "uuid")
    try:
        return UUID(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None


def _integer(members: dict[str, Raw]) -> int | None:
    value = _value(members, "offset")
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e18:
        return None
    return int(value)


def _is_true(members: dict[str, Raw]) -> bool:
    return _value(members, "historical_migration") is True


def _compact(raw: Raw) -> str | None:
    """Text of a distinct id that may be any JSON value: its compact JSON unless it is a string; null is absent."""
    if not raw:
        return None
    try:
        value = _any.decode(raw)
    except msgspec.ValidationError:
        return bytes(raw).decode()
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def has_object(raw: Raw) -> bool:
    """Whether ``properties`` can be used: an object, absent, null, or the ``[]`` that PHP writes for an empty map."""
    if not raw:
        return True
    first = memoryview(raw)[0]
    if first == 0x7B:
        return True
    return bytes(raw) == b"null" or (first == 0x5B and not _items.decode(raw))


def peek(event: V0Event) -> tuple[str | None, str | None]:
    """Token and distinct id from inside the properties, where browsers put them."""
    return _peek_into(event.properties)


def _peek_into(raw: Raw) -> tuple[str | None, str | None]:
    if not raw:
        return None, None
    try:
        found = _peek.decode(raw)
        return found.token, found.distinct_id
    except msgspec.ValidationError:
        try:
            loose = _loose_peek.decode(raw)
        except msgspec.ValidationError:
            return None, None
    return _compact(loose.token), _compact(loose.distinct_id)


def distinct_id_of(event: V0Event, *, trim: bool = True) -> str:
    """The distinct id of an event, "" when it has none: top level before properties, tidied, trimmed, 200 characters.

    Replay does not trim.
    """
    return outer_distinct_id(event, trim=trim) or inner_distinct_id(event.properties, trim=trim)


def outer_distinct_id(event: V0Event, *, trim: bool = True) -> str:
    """The distinct id at the top level of an event, "" when it has none there."""
    given = event.distinct_id or event.dollar_distinct_id
    return tidy_distinct_id(given, trim=trim) if given else ""


def inner_distinct_id(properties: Raw, *, trim: bool = True) -> str:
    """The distinct id inside the properties, "" when there is none."""
    given = _peek_into(properties)[1]
    return tidy_distinct_id(given, trim=trim) if given else ""


def uncut_distinct_id(event: V0Event) -> str:
    """The distinct id of an event without its length cut: what :func:`distinct_id_of` begins like."""
    outer = (event.distinct_id or event.dollar_distinct_id or "").strip()
    return tidy_text(outer or (_peek_into(event.properties)[1] or "").strip())


def tidy_distinct_id(text: str, *, trim: bool = True) -> str:
    """A distinct id without what databases refuse, trimmed and cut."""
    if trim:
        text = text.strip()
    return tidy_text(text[:MAX_DISTINCT_ID]) if not text.isascii() or "\x00" in text else text[:MAX_DISTINCT_ID]


def token_of(event: V0Event) -> str | None:
    """The project token that an event carries itself, as sent."""
    if event.token is not None:
        return event.token
    if event.dollar_token is not None:
        return event.dollar_token
    if event.api_key is not None:
        return event.api_key
    return peek(event)[0]


def has_valid_cookieless_mode(event: V0Event) -> bool:
    """Whether ``$cookieless_mode`` is a boolean or absent; anything else refuses the request."""
    if not event.properties:
        return True
    try:
        return _cookieless_peek.decode(event.properties).cookieless_mode is not None
    except msgspec.ValidationError:
        return memoryview(event.properties)[0] != 0x7B
