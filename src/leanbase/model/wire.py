"""From a stored request to its events: the one function through which the pipeline reads the wire."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Raw

from leanbase.model.clock import event_time, parse_rfc3339, parse_time
from leanbase.model.ids import MAX_EVENT_NAME, is_personless_on_v1
from leanbase.model.inflate import gunzip
from leanbase.model.record import Lane, Record
from leanbase.model.strictjson import read_object, tidy_text
from leanbase.model.wire_v0 import V0Event, decode_v0, distinct_id_of
from leanbase.model.wire_v1 import InvalidOptions, V1Event, V1Options, decode_v1, read_options

# No stored body is larger than this when decompressed: capture checked it.
MAX_STORED_BYTES = 100 << 20


class WireEvent(msgspec.Struct, gc=False):
    """One event of a stored request. Times are microseconds since 1970, UTC.

    ``properties`` are the SDK's own bytes; :func:`read_object` decodes them (and forgives PHP's ``[]``). ``set_``
    and ``set_once`` come from the top level of the event, and win over those in the properties; a ``$unset`` counts
    in the properties alone, as in PostHog. ``extra`` is what a v1 SDK moved out of the properties; it is to be put
    over them.
    """

    index: int
    event: str
    distinct_id: str
    uuid: UUID | None
    properties: Raw
    timestamp: str | None
    offset: int | None
    sent_at: int | None
    set_: dict[str, Any]
    set_once: dict[str, Any]
    extra: dict[str, Any] | None = None
    ignore_sent_at: bool | None = None  # v1 says it beside the properties; None: see $ignore_sent_at in them
    clamp_future: bool = True

    def time(self, received_at: int, properties: dict[str, Any]) -> int:
        """When the event happened, by the rules of its protocol; never raises."""
        ignore = self.ignore_sent_at
        if ignore is None:
            ignore = properties.get("$ignore_sent_at") is True
        return event_time(
            now=received_at,
            timestamp=self.timestamp,
            offset=self.offset,
            sent_at=self.sent_at,
            ignore_sent_at=ignore,
            clamp=self.clamp_future,
        )


def plain_body(record: Record) -> bytes:
    """The JSON text of a record. Raises ``ValueError`` when it cannot be decompressed."""
    return gunzip(record.body, MAX_STORED_BYTES) if record.encoding == "gzip" else record.body


def decode_events(record: Record) -> list[WireEvent]:
    """The events of a V0 or V1 record, without those that were refused when it came.

    Raises ``ValueError``, ``msgspec.MsgspecError`` or ``RecursionError`` for a body that capture should not have let
    through (a dead letter); ``ValueError`` also for the other lanes.
    """
    if record.lane is Lane.V0:
        return _v0_events(record)
    if record.lane is Lane.V1:
        return _v1_events(record)
    raise ValueError(f"records of the lane {record.lane} hold no events")


def decode_v0_record(record: Record) -> tuple[list[tuple[int, V0Event]], int | None]:
    """The events of a V0 record as they were sent, each with its index, without those that were refused; and when
    the client says that it sent them. Raises as :func:`decode_events`.
    """
    body = decode_v0(plain_body(record))
    sent_at = parse_time(body.sent_at) if body.sent_at else None
    refused = record.refused
    events = [(index, event) for index, event in enumerate(body.events) if not refused or index not in refused]
    return events, sent_at if sent_at is not None else record.sent_at


def _v0_events(record: Record) -> list[WireEvent]:
    events, sent_at = decode_v0_record(record)
    return [
        WireEvent(
            index,
            event_name(event.event) if event.event is not UNSET else "",
            distinct_id_of(event),
            event.uuid,
            event.properties,
            event.timestamp,
            event.offset,
            sent_at,
            read_object(event.set_) if event.set_ else {},
            read_object(event.set_once) if event.set_once else {},
        )
        for index, event in events
    ]


def _v1_events(record: Record) -> list[WireEvent]:
    body = decode_v1(plain_body(record))
    name, _, version = record.sdk.partition("/")
    refused = record.refused
    return [
        _v1_event(index, event, record.sent_at, name, version)
        for index, event in enumerate(body.batch)
        if not refused or index not in refused
    ]


def _v1_event(index: int, event: V1Event, sent_at: int | None, lib: str, lib_version: str) -> WireEvent:
    try:
        options = read_options(event.options)
    except InvalidOptions:
        options = V1Options()
    distinct_id = event.distinct_id.strip()
    as_is = options.disable_skew_correction is True
    timestamp = event.timestamp.strip()
    return WireEvent(
        index,
        event_name(event.event),
        distinct_id if "\x00" not in distinct_id else tidy_text(distinct_id),
        UUID(event.uuid.strip()),
        event.properties,
        timestamp if parse_rfc3339(timestamp) is not None else None,
        None,
        sent_at,
        {},
        {},
        _extra(event, options, distinct_id, lib, lib_version),
        as_is,
        not as_is,
    )


def _extra(event: V1Event, options: V1Options, distinct_id: str, lib: str, lib_version: str) -> dict[str, Any]:
    extra: dict[str, Any] = {"$lib": lib}
    if lib_version:
        extra["$lib_version"] = lib_version
    if event.session_id is not None:
        extra["$session_id"] = event.session_id
    if event.window_id is not None:
        extra["$window_id"] = event.window_id
    if options.cookieless_mode is not None:
        extra["$cookieless_mode"] = options.cookieless_mode
    if options.disable_skew_correction is not None:
        extra["$ignore_sent_at"] = options.disable_skew_correction
    if options.product_tour_id is not None:
        extra["$product_tour_id"] = options.product_tour_id
    if options.process_person_profile is not None:
        extra["$process_person_profile"] = options.process_person_profile
    if is_personless_on_v1(distinct_id):
        extra["$process_person_profile"] = False
    return extra


def event_name(name: str) -> str:
    """The name of an event, cut to its length and without what databases refuse."""
    if len(name) > MAX_EVENT_NAME:
        name = name[:MAX_EVENT_NAME]
    return tidy_text(name) if "\x00" in name else name
