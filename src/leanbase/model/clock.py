"""When an event happened, from what client and server say about it. Pure; times are microseconds since 1970, UTC."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A client clock may be ahead by less than a day; what lies further in the future is taken as "now".
FUTURE_LIMIT = 23 * 3600 * SECOND
# Skew is corrected in steps of five minutes, so that a slow request does not move an event.
SKEW_STEP = 300 * SECOND
_YEAR_0 = -62_167_219_200 * SECOND
_YEAR_10000 = 253_402_300_800 * SECOND
# A bare number beyond this is in milliseconds: as seconds it would be after the year 5138.
_LARGEST_SECONDS = 100_000_000_000
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")
_YEAR_2021 = 1_609_459_200_000


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of a moment; one without zone is in UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds  # half the price of a division


def parse_time(text: str) -> int | None:
    """Microseconds of a time in any accepted form, or None. Never raises.

    ISO 8601 (also ``+03`` zones, date only, a space for the T, slashes), RFC 2822, and numbers in seconds or
    milliseconds. Without a zone it is UTC.
    """
    if text.isdigit():
        return _parse_unusual(text)
    try:
        return micros(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return _parse_unusual(text.strip())


def _parse_number(text: str) -> int | None:
    if _NUMBER.fullmatch(text) is None:
        return None
    whole, _, fraction = text.partition(".")
    in_milliseconds = abs(int(whole)) > _LARGEST_SECONDS
    micro = int(whole + fraction[:6].ljust(6, "0"))
    return micro // 1000 if in_milliseconds else micro


def _parse_unusual(text: str) -> int | None:
    if not text or len(text) > 100:
        return None
    number = _parse_number(text)
    if number is not None:
        return number
    candidates = [text, text.replace("/", "-")]
    head, _, rest = text.partition(" ")
    parts = head.replace("-", "/").split("/")
    if len(parts) == 3 and len(parts[2]) == 4:  # 11/21/2026, the American order
        candidates.append(f"{parts[2]}-{parts[0]:0>2}-{parts[1]:0>2} {rest}".strip())
    elif len(parts) == 3 and len(parts[0]) == 4:  # 2026/1/5
        candidates.append(f"{parts[0]}-{parts[1]:0>2}-{parts[2]:0>2} {rest}".strip())
    for candidate in candidates:
        try:
            return micros(datetime.fromisoformat(candidate))
        except (ValueError, OverflowError):
            continue
    try:
        return micros(parsedate_to_datetime(text))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def parse_rfc3339(text: str) -> int | None:
    """Microseconds of a full RFC 3339 time (date, time and zone), or None: what v1 demands."""
    if len(text) < 20 or text[10] not in "Tt " or text[4] + text[7] + text[13] + text[16] != "--::":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return micros(moment) if moment.tzinfo is not None else None


def parse_query_time(text: str) -> int | None:
    """Send time from a query parameter: integer milliseconds. A number that means a year before 2021 is no such time
    (old SDKs send seconds, or a counter) and is ignored.
    """
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        return None
    milliseconds = int(text)
    return milliseconds * 1000 if milliseconds >= _YEAR_2021 else None


def round_skew(skew: int) -> int:
    """Skew in whole steps; half a step rounds away from zero."""
    steps = (abs(skew) + SKEW_STEP // 2) // SKEW_STEP
    return steps * SKEW_STEP if skew >= 0 else -steps * SKEW_STEP


class RequestClock:
    """When the events of one request happened: what is the same for all of them is worked out once."""

    __slots__ = ("_latest", "_now", "_skew")

    def __init__(self, now: int, sent_at: int | None) -> None:
        """``now`` is the arrival at the server, ``sent_at`` the client's clock when it sent (None: unknown)."""
        self._now = now
        self._latest = now + FUTURE_LIMIT
        # Less than half a step is rounded to none.
        self._skew = 0 if sent_at is None or abs(sent_at - now) < SKEW_STEP // 2 else round_skew(sent_at - now)

    @property
    def is_skewed(self) -> bool:
        """Whether the client's clock was so wrong that times are corrected, unless an event says to leave them."""
        return self._skew != 0

    def time(self, timestamp: str | None, offset: int | None, ignore_sent_at: bool = False, clamp: bool = True) -> int:
        """When an event happened; see :func:`event_time`. Never raises."""
        moment = now = self._now
        if timestamp is not None:
            try:
                # What nearly all SDKs send, a date, a time and a zone: as ``parse_time`` reads it, for half its price.
                since = datetime.fromisoformat(timestamp) - _EPOCH
                parsed = (since.days * 86_400 + since.seconds) * SECOND + since.microseconds
            except (ValueError, TypeError, OverflowError):
                parsed = parse_time(timestamp)
            if parsed is not None:
                moment = parsed if ignore_sent_at else parsed - self._skew
        if offset is not None:
            moment = now - offset * 1000
        if clamp and moment > self._latest:
            moment = now
        return moment if _YEAR_0 <= moment < _YEAR_10000 else 0


def event_time(
    *,
    now: int,
    timestamp: str | None,
    offset: int | None = None,
    sent_at: int | None = None,
    ignore_sent_at: bool = False,
    clamp: bool = True,
) -> int:
    """When the event happened. Never raises.

    ``now`` is the arrival at the server, ``sent_at`` the client's clock when it sent (None: unknown), ``offset``
    milliseconds before now, which wins over ``timestamp``. ``clamp`` False leaves future times alone: v1 with
    ``disable_skew_correction``. What is unreadable is ``now``; what is outside the years 0 to 9999 is 1970.
    """
    return RequestClock(now, sent_at).time(timestamp, offset, ignore_sent_at, clamp)
