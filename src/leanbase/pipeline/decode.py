"""Stored requests become events; what cannot is a dead letter."""

from collections.abc import Callable
from typing import Any, cast

import msgspec

from leanbase.model.dropped import Warning_
from leanbase.model.event import Event
from leanbase.model.ids import uuid7
from leanbase.model.project import Project
from leanbase.model.record import Lane, Record
from leanbase.model.strictjson import read_lenient
from leanbase.model.wire import WireEvent, decode_events
from leanbase.model.wire_v0 import inner_distinct_id, tidy_distinct_id
from leanbase.pipeline.cut_ids import cut_id_warnings
from leanbase.pipeline.odd_times import time_warnings
from leanbase.pipeline.turn import DeadLetter

# 1900-01-01 and 2299-12-31: what the store's type of time can hold.
EARLIEST = -2_208_988_800_000_000
LATEST = 10_413_791_999_999_999

_decode = msgspec.json.Decoder().decode
_DECODING = (msgspec.MsgspecError, RecursionError)

ProjectLookup = Callable[[int], Project | None]


def record_events(
    record: Record, position: int, project: Project, warnings: list[Warning_] | None = None
) -> tuple[list[Event], list[DeadLetter]]:
    """The events of an accepted request, in order. ``position`` is that of its log entry; ``warnings`` gets what the
    project should know of them.

    An event without a uuid gets one that is made of its time and its place in the log: the same at every repeat.
    One event that cannot be read does not hold up the others.
    """
    try:
        sent = decode_events(record, look_inside=False)
    except (ValueError, *_DECODING) as problem:
        return [], [DeadLetter(project.id, record.received_at, "unreadable_body", str(problem), record.body)]
    events: list[Event] = []
    dead: list[DeadLetter] = []
    for wire in sent:
        try:
            event = _event(wire, record, position, project)
        except (ValueError, *_DECODING) as problem:
            payload = bytes(wire.properties)
            dead.append(DeadLetter(project.id, record.received_at, "unreadable_event", str(problem), payload))
            continue
        events.append(event)
        if warnings is not None and event.timestamp == record.received_at:
            warnings += time_warnings(event, wire)
    if warnings is not None:
        warnings += cut_id_warnings(record, events)
    return events, dead


def _event(wire: WireEvent, record: Record, position: int, project: Project) -> Event:
    raw: bytes | None = bytes(wire.properties) or b"{}"
    try:
        value = _decode(raw)
    except _DECODING:
        # Numbers beyond a double, lone surrogates: the engine could not read these bytes either.
        value, raw = read_lenient(raw), None
    if not isinstance(value, dict):
        value, raw = {}, None  # PHP writes an empty map as []
    properties: dict[str, Any] = value
    timestamp = wire.time(record.received_at, properties)
    if not EARLIEST <= timestamp <= LATEST:
        timestamp = EARLIEST if timestamp < EARLIEST else LATEST
    uuid = wire.uuid
    event = Event(
        project=project,
        event=wire.event,
        distinct_id=wire.distinct_id or _inner_distinct_id(wire, record, properties, raw),
        uuid=uuid if uuid is not None else uuid7(timestamp, position, wire.index),
        timestamp=timestamp,
        received_at=record.received_at,
        properties=properties,
        raw=raw,
        ip=record.ip,
        user_agent=record.user_agent,
        sent_at=wire.sent_at,
        ai=record.ai,
    )
    if wire.extra:
        for key, extra in wire.extra.items():
            event.add(key, extra)
    if wire.set_:
        event.touch()["$set"] = _over(properties.get("$set"), wire.set_)
    if wire.set_once:
        event.touch()["$set_once"] = _over(properties.get("$set_once"), wire.set_once)
    return event


def _inner_distinct_id(wire: WireEvent, record: Record, properties: dict[str, Any], raw: bytes | None) -> str:
    """The distinct id in the properties, where browsers put it; v1 has none there."""
    if record.lane is not Lane.V0:
        return ""
    found = properties.get("distinct_id")
    if raw is not None and type(found) is str:
        return tidy_distinct_id(found)
    return inner_distinct_id(wire.properties)


def _over(below: Any, above: dict[str, Any]) -> dict[str, Any]:
    """Two objects in one; the members of ``above`` win (those of the top level of an event do)."""
    return {**cast("dict[str, Any]", below), **above} if isinstance(below, dict) else above
