"""Times that cannot be taken are told, once an hour of one distinct id."""

import json

from tests.pipeline.world import NOON, World, an_event


def test_unreadable_and_future_times_are_told(world: World) -> None:
    sent = {
        "fine": "2026-03-02T11:59:00Z",
        "soon": "2026-03-03T10:00:00Z",
        "unreadable": "yesterday",
        "far": "2026-03-09T00:00:00Z",
    }
    events = [an_event(name, name) | {"timestamp": text} for name, text in sent.items()]
    world.send(
        *events, an_event("none", "none"), an_event("offset", "o") | {"timestamp": "x", "offset": 0}, received_at=NOON
    )
    world.send(an_event("again", "unreadable") | {"timestamp": "tomorrow"})
    world.drain()
    told = [
        (kind, json.loads(details))
        for kind, details in world.state_rows("SELECT type, details FROM ingestion_warnings ORDER BY id")
    ]
    assert [(kind, each["event"], each["value"]) for kind, each in told] == [
        ("ignored_invalid_timestamp", "unreadable", "yesterday"),
        ("event_timestamp_in_future", "far", "2026-03-09T00:00:00Z"),
    ]
    assert len(world.events()) == 7
