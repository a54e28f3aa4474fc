"""Visitors without cookies: counted by a hash of the day, with nothing that could tell who they were afterwards.

posthog-js in cookieless mode sends the distinct id ``$posthog_cookieless``. The server replaces it by a keyed hash of
project, address, host, user agent and an optional extra; the key is random, made for a day in the visitor's time zone
and destroyed when that day is over everywhere. Address and user agent do not survive.
"""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo

from leanbase.model.event import Event
from leanbase.model.ids import uuid7
from leanbase.pipeline.geoip import add_country
from leanbase.pipeline.turn import Turn

COOKIELESS_ID = "$posthog_cookieless"
_MAX_EXTRA = 100
_GONE = ("$ip", "$raw_user_agent", "$cookieless_extra", "$device_id")
_NEEDED = (("$ip", "ip"), ("$host", "host"), ("$raw_user_agent", "user_agent"), ("$timezone", "timezone"))


def name_cookieless(events: list[Event], turn: Turn) -> list[Event]:
    """Give cookieless events the distinct id and session of their visitor's day; drop those that lack what it needs."""
    # An event in cookieless mode that is identified says itself who it is.
    return [event for event in events if event.distinct_id != COOKIELESS_ID or _name(event, turn)]


def _name(event: Event, turn: Turn) -> bool:
    properties = event.touch()
    values: list[str] = []
    for key, name in _NEEDED:
        value = properties.get(key)
        if key == "$raw_user_agent" and not value:
            value = event.user_agent
        if not isinstance(value, str) or not value:
            turn.drop(event, "cookieless_incomplete", f"{key} is missing")
            turn.warn(event, f"cookieless_missing_{name}")
            return False
        values.append(value)
    ip, host, user_agent, timezone = values
    day = datetime.fromtimestamp(event.timestamp / 1_000_000, UTC).astimezone(_zone(timezone)).strftime("%Y-%m-%d")
    salt = turn.salts.of(day)
    if salt is None:
        turn.drop(event, "cookieless_out_of_range", f"the secret of {day} does not exist")
        turn.warn(event, "cookieless_timestamp_out_of_range")
        return False
    add_country([event], turn)  # the address is gone when its own step comes
    extra = properties.get("$cookieless_extra")
    text = "\0".join((str(event.project.id), ip, _root(host), user_agent, str(extra or "")[:_MAX_EXTRA]))
    digest = blake2b(text.encode(errors="replace"), key=salt, digest_size=16).hexdigest()
    event.distinct_id = f"cookieless_{digest}"
    for key in _GONE:
        properties.pop(key, None)
    event.ip = event.user_agent = ""
    if not properties.get("$session_id"):
        # One session a day: without storage nothing tells when a visit ends.
        midnight = int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()) * 1_000_000
        properties["$session_id"] = str(uuid7(midnight, int(digest[:15], 16), 0))
    return True


@lru_cache(maxsize=1000)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC


def _root(host: str) -> str:
    """The host without port and without the first label of three or more, so that www and app are one site."""
    labels = host.lower().split(":")[0].split(".")
    return ".".join(labels[-2:]) if not labels[-1].isdigit() else ".".join(labels)
