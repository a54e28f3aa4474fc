"""Events and heatmaps as columns of the store's tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from leanbase.model.event import NO_GROUPS, Event
from leanbase.pipeline.turn import Heatmap

_encode = msgspec.json.Encoder().encode

Columns = Mapping[str, Sequence[Any]]


def stored_properties(event: Event) -> bytes:
    """The properties as they are stored: the SDK's own bytes with what was added, or encoded anew when more changed."""
    raw = event.raw
    if raw is None:
        return _encode(event.properties)
    added = event.added
    if not added:
        return raw
    if len(added) == len(event.properties):  # the SDK sent an empty object
        return _encode(added)
    return b"".join((raw.strip()[:-1], b",", _encode(added)[1:]))  # three quarters of what two sums take


def event_columns(events: Sequence[Event], inserted_at: int) -> Columns:
    """Rows of ``events``. Persons must have been resolved."""
    columns: dict[str, Sequence[Any]] = {
        "project_id": [event.project.id for event in events],
        "event": [event.event for event in events],
        "timestamp": [event.timestamp for event in events],
        "distinct_id": [event.distinct_id for event in events],
        "person_id": [event.person_id for event in events],
        "uuid": [event.uuid for event in events],
        "properties": [stored_properties(event) for event in events],
        "person_properties": [event.person_properties for event in events],
        "person_created_at": [event.person_created_at for event in events],
        "person_mode": [event.person_mode for event in events],
        "inserted_at": [inserted_at] * len(events),
    }
    # Columns that most turns leave empty: the engine fills what is not given.
    rare: dict[str, Sequence[str]] = {
        "session_id": [event.session_id for event in events],
        "window_id": [event.window_id for event in events],
        "elements_chain": [event.elements_chain for event in events],
    }
    if any(event.groups is not NO_GROUPS and any(event.groups) for event in events):
        rare |= {f"group_{index}": [event.groups[index] for event in events] for index in range(5)}
    columns.update((name, values) for name, values in rare.items() if any(values))
    return columns


def heatmap_columns(heatmaps: Sequence[Heatmap], inserted_at: int) -> Columns:
    """Rows of ``heatmaps``."""
    return {
        "project_id": [heatmap.project_id for heatmap in heatmaps],
        "timestamp": [heatmap.timestamp for heatmap in heatmaps],
        "distinct_id": [heatmap.distinct_id for heatmap in heatmaps],
        "session_id": [heatmap.session_id for heatmap in heatmaps],
        "uuid": [heatmap.uuid for heatmap in heatmaps],
        "current_url": [heatmap.current_url for heatmap in heatmaps],
        "properties": [heatmap.properties for heatmap in heatmaps],
        "inserted_at": [inserted_at] * len(heatmaps),
    }
