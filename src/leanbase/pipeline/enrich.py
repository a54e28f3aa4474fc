"""What the server knows about an event and the SDK did not say. Nothing is derived that the SDK sent."""

import re
from datetime import UTC, datetime

from leanbase.model.event import Event
from leanbase.pipeline.turn import Turn

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def add_address(events: list[Event], turn: Turn) -> list[Event]:  # noqa: ARG001
    """``$ip`` of the connection, unless the event says one. Internal capture says so and gets the loopback address."""
    for event in events:
        properties = event.properties
        if "capture_internal" in properties:
            event.add("$ip", "127.0.0.1")
        elif "$ip" not in properties and event.ip:
            event.properties["$ip"] = event.added["$ip"] = event.ip
    return events


def hide_addresses(events: list[Event], turn: Turn) -> list[Event]:  # noqa: ARG001
    """Take ``$ip`` out of the events of projects that want it so. Comes after everything that needs the address."""
    for event in events:
        if event.project.anonymize_ips and "$ip" in event.properties:
            if "$ip" in event.added:
                del event.added["$ip"], event.properties["$ip"]
            else:
                del event.touch()["$ip"]
    return events


def add_sent_at(events: list[Event], turn: Turn) -> list[Event]:  # noqa: ARG001
    """``$sent_at``: when the client's clock said it sent the request."""
    last: int | None = None
    text = ""
    for event in events:
        sent_at = event.sent_at
        if sent_at is not None:
            if sent_at != last:
                last, text = sent_at, _iso(sent_at)
            if "$sent_at" in event.properties:
                event.add("$sent_at", text)
            else:  # the same, for a third of its price
                event.properties["$sent_at"] = event.added["$sent_at"] = text
    return events


def _iso(microseconds: int) -> str:
    try:
        moment = datetime.fromtimestamp(microseconds / 1_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_session(events: list[Event], turn: Turn) -> list[Event]:
    """The session and window of an event. A session id that is a uuid is compared in lower case."""
    fine: set[str] = set()  # uuids in lower case
    for event in events:
        properties = event.properties
        session = properties.get("$session_id")
        if isinstance(session, str):
            if session in fine:
                pass
            elif _UUID.fullmatch(session):
                lower = session.lower()
                if lower != session:
                    event.touch()["$session_id"] = lower
                session = lower
                fine.add(lower)
            elif session:
                turn.warn(event, "invalid_event_session_id", sessionId=session[:200])
            event.session_id = session
        window = properties.get("$window_id")
        if isinstance(window, str):
            event.window_id = window
    return events
