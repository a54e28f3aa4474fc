"""PostHog's date grammar: from the texts of a ``dateRange`` to the two ends of a period and its intervals.

Relative dates are the first match of *optional minus, number, unit, Start or End* anywhere in the text. The minus says
nothing: they always lead into the past. ``m`` is months and ``M`` minutes, ``q`` is 13 weeks.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from leanbase.query.errors import QueryError
from leanbase.query.intervals import (
    ELAPSED,
    Interval,
    TooManyIntervals,
    days_in_month,
    shift,
    shift_months,
    start_of,
    starts_between,
)

DEFAULT_DATE_FROM = "-7d"

_RELATIVE = re.compile(r"-?(?P<number>\d{1,9})?(?P<unit>[hdwmMqsy])(?P<anchor>Start|End)?")
_UNPADDED = re.compile(r"\s*(\d{4})-(\d{1,2})(?:-(\d{1,2}))?\s*")
_ELAPSED_UNITS = {"h": "hours", "M": "minutes", "s": "seconds"}
_DAY_UNITS = {"d": 1, "w": 7, "q": 91}
_MONTH_UNITS = {"m": 1, "y": 12}
_TICK = timedelta(microseconds=1)
# What the engine's times hold is 1900 to 2299; a comparison may look back as far again as the range is long.
_FIRST_YEAR, _LAST_YEAR = 1900, 2290


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A moment in the zone asked for. ``delta`` is empty for an absolute date, else what was subtracted, by unit."""

    moment: datetime
    relative: bool
    delta: Mapping[str, int] = field(default_factory=dict[str, int])


def parse_date(text: str, zone: ZoneInfo, now: datetime, *, truncate: bool = False) -> ParsedDate:
    """Read an absolute (ISO, also ``2020-1-9``) or relative (``-7d``, ``-1mStart``, ``dStart``) date.

    Absolute dates without an offset are in ``zone``. With ``truncate`` a relative date is cut to the start of its day,
    or of its hour when it counts hours. Raises :class:`QueryError` when the text is neither.
    """
    absolute = _absolute(text, zone)
    if absolute is not None:
        return ParsedDate(_possible(absolute, text), relative=False)
    match = _RELATIVE.search(text)
    if match is None:
        raise QueryError(
            f"{text!r} is not a date: use 2024-01-31, 2024-01-31T10:00:00Z or a relative one: -7d, -1mStart, all.",
            attr="dateRange",
        )
    unit, anchor = match["unit"], match["anchor"]
    number = int(match["number"]) if match["number"] else None
    try:
        moment = _anchored(_before(now.astimezone(zone), unit, number or 0), unit, anchor)
    except (OverflowError, ValueError):
        raise _impossible(text) from None
    _possible(moment, text)
    if truncate:
        moment = start_of(moment, "hour" if unit == "h" and number else "day")
    delta = {} if number is None else {"hours" if unit == "h" else "days" if unit == "d" else unit: number}
    return ParsedDate(moment, relative=True, delta=delta)


def _possible(moment: datetime, text: str) -> datetime:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise _impossible(text)
    return moment


def _impossible(text: str) -> QueryError:
    return QueryError(f"The date {text!r} is not between {_FIRST_YEAR} and {_LAST_YEAR}.", attr="dateRange")


def _absolute(text: str, zone: ZoneInfo) -> datetime | None:
    unpadded = _UNPADDED.fullmatch(text)
    try:
        if unpadded:
            year, month, day = unpadded.groups(default="1")
            return datetime(int(year), int(month), int(day), tzinfo=zone)
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _end_of_day(moment: datetime) -> datetime:
    return moment.replace(hour=23, minute=59, second=59, microsecond=999_999)


def _before(now: datetime, unit: str, number: int) -> datetime:
    if unit in _ELAPSED_UNITS:
        return (now.astimezone(UTC) - timedelta(**{_ELAPSED_UNITS[unit]: number})).astimezone(now.tzinfo)
    if unit in _DAY_UNITS:
        return now - timedelta(days=number * _DAY_UNITS[unit])
    return shift_months(now, -number * _MONTH_UNITS[unit])


def _anchored(moment: datetime, unit: str, anchor: str | None) -> datetime:
    """``Start`` and ``End`` keep what their unit does not name: ``mStart`` is day 1 at the present time of day."""
    match unit, anchor:
        case "h", "Start":
            return start_of(moment, "hour")
        case "h", "End":
            return moment.replace(minute=59, second=59, microsecond=999_999)
        case "d", "Start":
            return start_of(moment, "day")
        case "d", "End":
            return _end_of_day(moment)
        case "m", "Start":
            return moment.replace(day=1)
        case (("m" | "y"), "End"):  # a year's end only sets the day: PostHog's quirk
            return moment.replace(day=days_in_month(moment.year, moment.month))
        case "q", "Start":
            quarter = start_of(moment, "quarter")
            return moment.replace(month=quarter.month, day=1)
        case "y", "Start":
            return moment.replace(month=1, day=1)
        case _:
            return moment


@dataclass(frozen=True, slots=True)
class DateRange:
    """The ``dateRange`` of a query as it came."""

    date_from: str | None = None
    date_to: str | None = None
    explicit: bool = False
    complete: bool = False  # leaves out the first and the last interval unless they are whole


@dataclass(frozen=True)
class Period:
    """A resolved range in the project's zone.

    ``start`` and ``end`` are what the answer shows, ``end`` is its last microsecond. Events count from ``read_from``,
    which lies earlier than ``start`` where the first interval is read whole (months) and never in the first week.
    """

    start: datetime
    end: datetime
    read_from: datetime
    interval: Interval
    week_start: int = 0

    @cached_property
    def starts(self) -> list[datetime]:
        """The beginnings of the intervals, in order; empty when the range is. Raises :class:`QueryError`."""
        if self.end < self.start:
            return []
        try:
            return starts_between(self.start, self.end, self.interval, self.week_start)
        except TooManyIntervals as problem:
            raise QueryError(f"This date range has {problem}; use a longer interval.", attr="interval") from None

    @property
    def read_until(self) -> datetime:
        """The first moment after the period."""
        return self.end.astimezone(UTC) + _TICK

    def resolved(self) -> dict[str, str]:
        """The answer's ``resolved_date_range``."""
        return {"date_from": self.start.isoformat(), "date_to": self.end.isoformat()}


@dataclass(frozen=True)
class Calendar:
    """What a date text means: the project's zone, its weeks, and the present. ``now`` is aware."""

    zone: ZoneInfo
    now: datetime
    week_start: int = 0

    def local_now(self) -> datetime:
        return self.now.astimezone(self.zone)

    def resolve(
        self,
        dates: DateRange,
        interval: Interval,
        earliest: Callable[[], datetime | None] | None = None,
        *,
        exact: bool = False,
    ) -> Period:
        """The period of a query. ``earliest`` answers the first event's time for ``all``.

        ``exact`` (single numbers, explicit dates) neither truncates a relative start nor reads its whole interval, and
        ends at now. Raises :class:`QueryError`.
        """
        start, whole = self._start(dates, interval, earliest, exact=exact)
        end = self._end(dates, interval, exact=exact)
        if dates.complete:
            start, end = self._complete(start, end, interval)
        if exact or dates.explicit or not whole:
            read_from = start
        elif interval == "week":
            read_from = start_of(start, "day")  # the first week begins with the range, not with the week
        else:
            read_from = start_of(start, interval)
        return Period(start, end, read_from, interval, self.week_start)

    def _start(
        self, dates: DateRange, interval: Interval, earliest: Callable[[], datetime | None] | None, *, exact: bool
    ) -> tuple[datetime, bool]:
        """Where the range begins, and whether the interval around it is read whole."""
        text = dates.date_from
        if text == "all":
            first = (earliest() if earliest else None) or self.now - timedelta(days=7)
            return start_of(first.astimezone(self.zone), "day"), interval not in ELAPSED
        if not text:
            return start_of(self.local_now(), "day") - timedelta(days=7), True
        parsed = parse_date(text, self.zone, self.now, truncate=not exact and interval not in {"second", "minute"})
        if not parsed.relative:
            return parsed.moment, True
        by_hour = interval == "day" and "hours" in parsed.delta
        return parsed.moment, interval not in ELAPSED and not by_hour

    def _end(self, dates: DateRange, interval: Interval, *, exact: bool) -> datetime:
        if dates.date_to:
            parsed = parse_date(dates.date_to, self.zone, self.now)
            moment, relative = parsed.moment, parsed.relative
        elif exact:
            return self.local_now()
        else:
            moment, relative = self.local_now(), True
        if dates.explicit:
            return moment
        if interval not in ELAPSED:
            return _end_of_day(moment)
        return end_of(moment, interval) if relative else moment

    def _complete(self, start: datetime, end: datetime, interval: Interval) -> tuple[datetime, datetime]:
        """The range without an interval that is not over yet, or that it begins inside of; each only if some remain."""
        current = start_of(self.local_now(), interval, self.week_start)
        if start < current <= end:
            end = current - _TICK
        first = start_of(start, interval, self.week_start)
        following = shift(first, interval)
        return (following if first < start and following <= end else start), end

    def previous(self, period: Period, dates: DateRange) -> Period:
        """The period of the same length just before, aligned to the same time of day.

        A daily chart of ``-7d`` (or another whole number of weeks) up to now has one day too many; there the previous
        period is moved a day later, so that weekdays line up and the two overlap in one day.
        """
        length = _wall(period.end) - _wall(period.start)
        if period.interval in {"second", "minute"}:
            return self._moved(period, period.start - length - _TICK, period.start - _TICK)
        start = _with_time_of(period.start - length, period.start)
        if start >= period.start:  # less than a day by the hour: there is no earlier period at the same time of day
            return self._moved(period, period.start - length - _TICK, period.start - _TICK)
        if period.interval == "day" and not dates.date_to and not dates.complete and self._whole_weeks(dates.date_from):
            start += timedelta(days=1)
        return self._moved(period, start, _with_time_of(start + length, period.end))

    def _whole_weeks(self, text: str | None) -> bool:
        if text == "all":
            return False
        parsed = parse_date(text or DEFAULT_DATE_FROM, self.zone, self.now)
        days = parsed.delta.get("days", 0)
        return days > 0 and days % 7 == 0

    def compared_to(self, period: Period, text: str) -> Period:
        """The period moved back by ``-1w``, ``-2d``, ``-1m``, ``-1y`` and so on. Raises :class:`QueryError`."""
        parsed = parse_date(text, self.zone, period.start)
        if not parsed.relative:
            raise QueryError(f"compare_to takes a relative date such as -1w, not {text!r}.", attr="compareFilter")
        start = parsed.moment
        return self._moved(period, start, start + (_wall(period.end) - _wall(period.start)))

    def _moved(self, period: Period, start: datetime, end: datetime) -> Period:
        if period.read_from == period.start:
            read_from = start
        elif period.interval == "week":
            read_from = start_of(start, "day")
        else:
            read_from = start_of(start, period.interval, self.week_start)
        return Period(start, end, read_from, period.interval, self.week_start)


def end_of(moment: datetime, interval: Interval) -> datetime:
    """The last microsecond of the minute, hour or second that holds ``moment``."""
    match interval:
        case "hour":
            return moment.replace(minute=59, second=59, microsecond=999_999)
        case "minute":
            return moment.replace(second=59, microsecond=999_999)
        case _:
            return moment.replace(microsecond=999_999)


def _wall(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _with_time_of(moment: datetime, other: datetime) -> datetime:
    return moment.replace(hour=other.hour, minute=other.minute, second=other.second, microsecond=other.microsecond)
