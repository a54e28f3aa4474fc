"""Times that were not taken: the event counts at its arrival, and the project is told."""

from leanbase.model.clock import parse_time
from leanbase.model.dropped import Warning_
from leanbase.model.event import Event
from leanbase.model.wire import WireEvent

_SHOWN = 100  # characters of what was sent


def time_warnings(event: Event, sent: WireEvent) -> list[Warning_]:
    """What there is to tell of the time of an event: unreadable, or so far in the future that a clock must be wrong."""
    if event.timestamp != event.received_at or sent.timestamp is None or sent.offset is not None:
        return []
    parsed = parse_time(sent.timestamp)
    if parsed == event.timestamp:
        return []
    details: dict[str, object] = {
        "eventUuid": str(event.uuid),
        "event": event.event,
        "distinctId": event.distinct_id,
        "field": "timestamp",
        "value": sent.timestamp[:_SHOWN],
    }
    kind = "ignored_invalid_timestamp" if parsed is None else "event_timestamp_in_future"
    return [Warning_(event.project.id, kind, details, event.received_at)]
