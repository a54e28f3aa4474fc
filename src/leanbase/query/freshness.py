"""How fresh an answer is, and what it says about that."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from leanbase.query.cache import SQL, Cached, next_client_refresh


def interval_of(kind: str, query: Mapping[str, Any]) -> str | None:
    """The interval that decides how long a result is fresh."""
    if kind in ("HogQLQuery", "EventsQuery"):
        return SQL
    interval = query.get("interval")
    return interval if isinstance(interval, str) else None


def range_ends(body: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """The ends of the range that a result covers, as far as it says so."""
    resolved = body.get("resolved_date_range")
    ends: list[datetime | None] = []
    for name in ("date_from", "date_to"):
        text = resolved.get(name) if isinstance(resolved, Mapping) else None
        try:
            moment = datetime.fromisoformat(str(text).replace("Z", "+00:00")) if text else None
        except ValueError:
            moment = None
        ends.append(moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment)
    return ends[0], ends[1]


def freshness(cached: Cached, key: str, *, is_cached: bool) -> dict[str, Any]:
    """PostHog's fields about when a result was computed and when it will be again."""
    stale_at = cached.stale_at()
    return {
        "is_cached": is_cached,
        "last_refresh": iso_time(cached.last_refresh),
        "cache_key": key,
        "cache_target_age": iso_time(stale_at) if stale_at else None,
        "next_allowed_client_refresh": iso_time(next_client_refresh(cached)),
    }


def iso_time(moment: datetime) -> str:
    """A moment in UTC as ISO text with Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
