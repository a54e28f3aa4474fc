"""Times that were not taken: the event counts at its arrival, and the project is told."""

from leanbase.model.clock import parse_time
from leanbase.model.dropped import Warning_
from leanbase.model.event import Event

_SHOWN = 100  # characters of what was sent


def time_warnings(event: Event, timestamp: str | None, offset: int | None) -> list[Warning_]:
    """What there is to tell of the time of an event: unreadable, or so far in the future that a clock must be wrong.

    ``timestamp`` and ``offset`` are as sent.
    """
    if event.timestamp != event.received_at or timestamp is None or offset is not None:
        return []
    parsed = parse_time(timestamp)
    if parsed == event.timestamp:
        return []
    details: dict[str, object] = {
        "eventUuid": str(event.uuid),
        "event": event.event,
        "distinctId": event.distinct_id,
        "field": "timestamp",
        "value": timestamp[:_SHOWN],
    }
    kind = "ignored_invalid_timestamp" if parsed is None else "event_timestamp_in_future"
    return [Warning_(event.project.id, kind, details, event.received_at)]
