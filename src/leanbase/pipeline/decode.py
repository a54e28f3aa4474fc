"""Stored requests become events; what cannot is a dead letter."""

from collections.abc import Callable
from typing import Any, cast

import msgspec
from msgspec import UNSET, Raw

from leanbase.model.clock import RequestClock
from leanbase.model.dropped import Warning_
from leanbase.model.event import Event
from leanbase.model.ids import uuid7
from leanbase.model.project import Project
from leanbase.model.record import Lane, Record
from leanbase.model.strictjson import read_lenient, read_object
from leanbase.model.wire import WireEvent, decode_events, decode_v0_record, event_name
from leanbase.model.wire_v0 import V0Event, inner_distinct_id, outer_distinct_id, tidy_distinct_id
from leanbase.pipeline.cut_ids import cut_id_warnings
from leanbase.pipeline.odd_times import time_warnings
from leanbase.pipeline.turn import DeadLetter

# 1900-01-01 and 2299-12-31: what the store's type of time can hold.
EARLIEST = -2_208_988_800_000_000
LATEST = 10_413_791_999_999_999

_decode = msgspec.json.Decoder().decode
_DECODING = (msgspec.MsgspecError, RecursionError)


def record_events(
    record: Record, position: int, project: Project, warnings: list[Warning_] | None = None
) -> tuple[list[Event], list[DeadLetter]]:
    """The events of an accepted request, in order. ``position`` is that of its log entry; ``warnings`` gets what the
    project should know of them.

    An event without a uuid gets one that is made of its time and its place in the log: the same at every repeat.
    One event that cannot be read does not hold up the others.
    """
    try:
        sent, make = _sent(record, position, project)
    except (ValueError, *_DECODING) as problem:
        return [], [DeadLetter(project.id, record.received_at, "unreadable_body", str(problem), record.body)]
    events: list[Event] = []
    dead: list[DeadLetter] = []
    received_at = record.received_at
    for index, one in sent:
        try:
            event = make(index, one)
        except (ValueError, *_DECODING) as problem:
            payload = bytes(one.properties)
            dead.append(DeadLetter(project.id, received_at, "unreadable_event", str(problem), payload))
            continue
        events.append(event)
        if warnings is not None and event.timestamp == received_at:
            warnings += time_warnings(event, one.timestamp, one.offset)
    if warnings is not None:
        warnings += cut_id_warnings(record, events)
    return events, dead


def _sent(record: Record, position: int, project: Project) -> tuple[list[tuple[int, Any]], Callable[[int, Any], Event]]:
    """The events as the protocol has them, each with its index in the request, and what makes events of those."""
    if record.lane is Lane.V0:
        sent, sent_at = decode_v0_record(record)
        return sent, _Request(record, position, project, sent_at).v0_event
    return [(wire.index, wire) for wire in decode_events(record)], _Request(record, position, project, None).v1_event


class _Request:
    """Makes the events of one request. Those of V0, which most are, come straight from what the decoder gave."""

    __slots__ = ("_clock", "_position", "_project", "_record", "_sent_at")

    def __init__(self, record: Record, position: int, project: Project, sent_at: int | None) -> None:
        self._record = record
        self._position = position
        self._project = project
        self._clock = RequestClock(record.received_at, sent_at)
        self._sent_at = sent_at

    def v0_event(self, index: int, sent: V0Event) -> Event:
        """Raises ``ValueError``, ``msgspec.MsgspecError`` or ``RecursionError`` when it cannot be read."""
        properties, raw = _read_properties(sent.properties)
        record = self._record
        clock = self._clock
        ignore_clock = clock.is_skewed and properties.get("$ignore_sent_at") is True
        timestamp = _storable(clock.time(sent.timestamp, sent.offset, ignore_clock))
        event = Event(
            project=self._project,
            event=event_name(sent.event) if sent.event is not UNSET else "",
            distinct_id=outer_distinct_id(sent) or _inner_distinct_id(sent.properties, properties, raw),
            uuid=sent.uuid or uuid7(timestamp, self._position, index),
            timestamp=timestamp,
            received_at=record.received_at,
            properties=properties,
            raw=raw,
            ip=record.ip,
            user_agent=record.user_agent,
            sent_at=self._sent_at,
            ai=record.ai,
        )
        if sent.set_:
            _put_over(event, "$set", read_object(sent.set_))
        if sent.set_once:
            _put_over(event, "$set_once", read_object(sent.set_once))
        return event

    def v1_event(self, index: int, wire: WireEvent) -> Event:
        """Raises as :meth:`v0_event`."""
        properties, raw = _read_properties(wire.properties)
        record = self._record
        timestamp = _storable(wire.time(record.received_at, properties))
        event = Event(
            project=self._project,
            event=wire.event,
            distinct_id=wire.distinct_id,
            uuid=wire.uuid or uuid7(timestamp, self._position, index),
            timestamp=timestamp,
            received_at=record.received_at,
            properties=properties,
            raw=raw,
            ip=record.ip,
            user_agent=record.user_agent,
            sent_at=wire.sent_at,
            ai=record.ai,
        )
        for key, extra in (wire.extra or {}).items():
            event.add(key, extra)
        return event


def _read_properties(sent: Raw) -> tuple[dict[str, Any], bytes | None]:
    """The properties, and the bytes that say the same, where the store can read those."""
    raw = bytes(sent) or b"{}"
    try:
        value = _decode(raw)
    except _DECODING:
        # Numbers beyond a double, lone surrogates: the engine could not read these bytes either.
        value, raw = read_lenient(raw), None
    if type(value) is dict:
        return cast("dict[str, Any]", value), raw
    return {}, None  # PHP writes an empty map as []


def _storable(timestamp: int) -> int:
    if EARLIEST <= timestamp <= LATEST:
        return timestamp
    return EARLIEST if timestamp < EARLIEST else LATEST


def _inner_distinct_id(sent: Raw, properties: dict[str, Any], raw: bytes | None) -> str:
    """The distinct id in the properties, where browsers put it. Taken from those that are decoded: looking for it in
    the bytes takes 0.9 us of a browser event.
    """
    found = properties.get("distinct_id")
    if raw is not None and type(found) is str:
        return tidy_distinct_id(found)
    return inner_distinct_id(sent)


def _put_over(event: Event, key: str, above: dict[str, Any]) -> None:
    """Members of the top level of an event win over those in its properties."""
    if above:
        below = event.properties.get(key)
        event.touch()[key] = {**cast("dict[str, Any]", below), **above} if isinstance(below, dict) else above
