"""Clicks and scroll depths go to a table of their own; they are no events that anybody counts."""

from typing import Any

import msgspec

from leanbase.model.event import Event
from leanbase.pipeline.turn import Heatmap, Turn

_encode = msgspec.json.Encoder().encode

# What says where on a page something happened; the rest of the event's properties is no heatmap.
_KEPT = (
    "$heatmap_data", "$prev_pageview_pathname", "$prev_pageview_max_scroll", "$prev_pageview_last_scroll",
    "$prev_pageview_max_content", "$prev_pageview_last_content", "$prev_pageview_max_scroll_percentage",
    "$prev_pageview_max_content_percentage", "$viewport_height", "$viewport_width", "$current_url", "$raw_user_agent",
)  # fmt: skip


def split_heatmaps(events: list[Event], turn: Turn) -> list[Event]:
    """Take the heatmap out of events that carry one: ``$heatmap_data``, or how far the page before was scrolled.

    An event named ``$$heatmap`` is nothing else and leaves the line; any other goes on without ``$heatmap_data``.
    """
    return [
        event
        for event in events
        if (
            "$heatmap_data" not in (properties := event.properties)
            and "$prev_pageview_pathname" not in properties
            and event.event != "$$heatmap"
        )
        or _split(event, turn)
    ]


def _split(event: Event, turn: Turn) -> bool:
    """Whether the event goes on without its heatmap."""
    properties = event.properties
    alone = event.event == "$$heatmap"
    if alone or "$heatmap_data" in properties or "$current_url" in properties:
        turn.heatmaps.append(_heatmap(event))
    if alone:
        turn.drop(event, "kept_as_heatmap")
        return False
    if "$heatmap_data" in properties:
        del event.touch()["$heatmap_data"]
    return True


def _heatmap(event: Event) -> Heatmap:
    properties = event.properties
    return Heatmap(
        project_id=event.project.id,
        timestamp=event.timestamp,
        distinct_id=event.distinct_id,
        session_id=_text(properties.get("$session_id")),
        uuid=event.uuid,
        current_url=_text(properties.get("$current_url")),
        properties=_encode({key: properties[key] for key in _KEPT if key in properties}),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
