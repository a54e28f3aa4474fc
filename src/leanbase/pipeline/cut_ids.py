"""Distinct ids of more than 200 characters: their events are kept under the first 200, and the project is told."""

from collections.abc import Sequence

from leanbase.model.dropped import Warning_
from leanbase.model.event import Event
from leanbase.model.ids import MAX_DISTINCT_ID
from leanbase.model.record import Lane, Record
from leanbase.model.wire import plain_body
from leanbase.model.wire_v0 import decode_v0, uncut_distinct_id


def cut_id_warnings(record: Record, events: Sequence[Event]) -> list[Warning_]:
    """One warning for each distinct id of a V0 record that was cut (V1 refuses those). ``events`` are the record's."""
    if record.lane is not Lane.V0:
        return []
    suspects = {event.distinct_id: event for event in reversed(events) if len(event.distinct_id) == MAX_DISTINCT_ID}
    if not suspects:
        return []
    lengths: dict[str, int] = {}
    for sent in decode_v0(plain_body(record)).events:
        whole = uncut_distinct_id(sent)
        if len(whole) > MAX_DISTINCT_ID:
            lengths.setdefault(whole[:MAX_DISTINCT_ID], len(whole))
    return [
        Warning_(
            record.project_id,
            "distinct_id_truncated",
            {
                "distinctId": distinct_id,
                "distinctIdLength": lengths[distinct_id],
                "event": event.event,
                "eventUuid": str(event.uuid),
            },
            record.received_at,
        )
        for distinct_id, event in suspects.items()
        if distinct_id in lengths
    ]
