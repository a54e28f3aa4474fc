"""Results that were computed before, for as long as PostHog's rules call them fresh."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SQL = "sql"
# SQL and lists of events are what people and scripts look at to see whether something has arrived: PostHog keeps their
# answers for six hours, we only long enough to answer a burst once. Dashboards ask lazily, and may keep them longer.
SQL_STALE_AFTER = timedelta(seconds=1)
STALE_AFTER = {
    SQL: SQL_STALE_AFTER,
    "minute": 5 * MINUTE,
    "hour": HOUR,
    "day": 6 * HOUR,
    "week": DAY,
    "month": DAY,
    None: 6 * HOUR,
}
STALE_AFTER_LAZY = {
    SQL: 12 * HOUR,
    "minute": 15 * MINUTE,
    "hour": 2 * HOUR,
    "day": 12 * HOUR,
    "week": DAY,
    "month": DAY,
    None: 12 * HOUR,
}
SETTLED = timedelta(seconds=10)  # a range that ended this long before the last refresh cannot change any more

_encoder = msgspec.json.Encoder(enc_hook=str, order="sorted")


@dataclass(frozen=True)
class Cached:
    """A result as JSON, with when it was computed and what it is about."""

    body: bytes
    last_refresh: datetime
    interval: str | None
    date_to: datetime | None  # the end of the range it covers
    date_from: datetime | None = None  # its start

    def stale_at(self, *, lazy: bool = False) -> datetime | None:
        """When it must be computed again; None for never."""
        if self.date_to is not None and self.date_to < self.last_refresh - SETTLED:
            return None
        table = STALE_AFTER_LAZY if lazy else STALE_AFTER
        return self.last_refresh + table.get(self.interval, table[None])

    def is_fresh(self, now: datetime, *, lazy: bool = False) -> bool:
        at = self.stale_at(lazy=lazy)
        return at is None or now < at


def next_client_refresh(cached: Cached) -> datetime:
    """From when on a client may force a new calculation: after 15 minutes, 3 for hours and ranges of up to seven days,
    1 for minutes."""
    if cached.interval == "minute":
        return cached.last_refresh + MINUTE
    start, end = cached.date_from, cached.date_to
    short = start is not None and end is not None and end - start <= timedelta(days=7)
    return cached.last_refresh + (3 if cached.interval == "hour" or short else 15) * MINUTE


class ResultCache:
    """Results in memory, the least used given up first. Safe for any thread."""

    def __init__(self, max_bytes: int = 64 << 20) -> None:
        self._max_bytes = max_bytes
        self._held: OrderedDict[str, Cached] = OrderedDict()
        self._bytes = 0
        self._guard = threading.Lock()

    def get(self, key: str) -> Cached | None:
        with self._guard:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: str, cached: Cached) -> None:
        """Keep a result; one that is larger than a quarter of the cache is not kept."""
        with self._guard:
            old = self._held.pop(key, None)
            self._bytes -= len(old.body) if old else 0
            if len(cached.body) > self._max_bytes // 4:
                return
            self._held[key] = cached
            self._bytes += len(cached.body)
            while self._bytes > self._max_bytes:
                _, dropped = self._held.popitem(last=False)
                self._bytes -= len(dropped.body)

    def clear(self) -> None:
        with self._guard:
            self._held.clear()
            self._bytes = 0


def cache_key(project_id: int, *parts: Any) -> str:
    """A key of everything that decides the answer."""
    digest = blake2b(_encoder.encode(parts), digest_size=16).hexdigest()
    return f"cache_{project_id}_{digest}"
