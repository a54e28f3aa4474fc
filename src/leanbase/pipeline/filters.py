"""Events that become no rows: each is counted by its reason."""

from leanbase.model.event import Event
from leanbase.pipeline.turn import Turn

_UNWANTED = frozenset({"", "$performance_event", "$snapshot", "$$client_ingestion_warning"})


def drop_repeated(events: list[Event], turn: Turn) -> list[Event]:
    """Leave out events whose uuid was processed before: retries of SDKs, and of Leanbase itself after a crash."""
    repeats = turn.recent.repeated([event.project.id for event in events], [event.uuid.int for event in events])
    if True not in repeats:
        return events
    kept: list[Event] = []
    for event, repeat in zip(events, repeats, strict=True):
        if repeat:
            turn.drop(event, "repeated_uuid", str(event.uuid))
        else:
            kept.append(event)
    return kept


def drop_unwanted(events: list[Event], turn: Turn) -> list[Event]:
    """Leave out what cannot be an event: no name, no distinct id, and the kinds that PostHog filters too."""
    return [
        event
        for event in events
        if (event.event not in _UNWANTED and event.distinct_id) or not _drop_unwanted(event, turn)
    ]


def _drop_unwanted(event: Event, turn: Turn) -> bool:
    name = event.event
    if not name:
        turn.drop(event, "missing_event_name")
    elif not event.distinct_id:
        turn.drop(event, "missing_distinct_id")
        turn.warn(event, "missing_distinct_id")
    elif name == "$performance_event":
        turn.drop(event, "performance_event")
    elif name == "$snapshot":
        turn.drop(event, "snapshot_on_event_path", "session recordings are sent to /s/")
    elif name == "$$client_ingestion_warning":
        message = event.properties.get("$$client_ingestion_warning_message")
        turn.warn(event, "client_ingestion_warning", message=message)
        turn.drop(event, "client_ingestion_warning")
    else:
        return False
    return True
