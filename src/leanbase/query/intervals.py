"""Intervals of a chart: where they begin in the project's time, how they are named, which one an event falls into.

Calendar intervals (day and longer) follow the local calendar, so a day of 23 or 25 hours is one interval. Intervals
below a day follow elapsed time, so the hour that repeats when clocks go back is two intervals.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal, get_args

from leanbase.query.binder import Binder

Interval = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]
INTERVALS: tuple[Interval, ...] = get_args(Interval)
ELAPSED: dict[str, int] = {"second": 1, "minute": 60, "hour": 3600}  # seconds

# A line of this many points is far beyond what a chart shows; a year by minute would be 525,600.
MAX_INTERVALS = 50_000

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SHORTEST: dict[str, int] = {
    **ELAPSED,
    "day": 82_800,
    "week": 601_200,
    "month": 28 * 82_800,
    "quarter": 90 * 82_800,
    "year": 365 * 82_800,
}  # seconds
_MICROS = 1_000_000
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}


class TooManyIntervals(ValueError):
    """A range that would need more than :data:`MAX_INTERVALS` points."""


def shift_months(moment: datetime, months: int) -> datetime:
    """The same wall time ``months`` later (or earlier); the 31st becomes the last day of a shorter month."""
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, days_in_month(year, month + 1)))


def days_in_month(year: int, month: int) -> int:
    following = datetime(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def start_of(moment: datetime, interval: Interval, week_start: int = 0) -> datetime:
    """The beginning of the interval that holds ``moment``, in its own zone. Weeks begin on Sunday (0) or Monday (1)."""
    match interval:
        case "second":
            return moment.replace(microsecond=0)
        case "minute":
            return moment.replace(second=0, microsecond=0)
        case "hour":
            return moment.replace(minute=0, second=0, microsecond=0)
        case "day":
            return _midnight(moment)
        case "week":
            weekday = moment.weekday() if week_start == 1 else moment.isoweekday() % 7
            return _midnight(moment) - timedelta(days=weekday)
        case "month":
            return _midnight(moment.replace(day=1))
        case "quarter":
            return _midnight(moment.replace(month=moment.month - (moment.month - 1) % 3, day=1))
        case "year":
            return _midnight(moment.replace(month=1, day=1))


def shift(moment: datetime, interval: Interval, count: int = 1) -> datetime:
    """``count`` intervals later, by elapsed time below a day and by the calendar from a day on."""
    if interval in ELAPSED:
        moved = moment.astimezone(UTC) + timedelta(seconds=count * ELAPSED[interval])
        return moved.astimezone(moment.tzinfo)
    if interval in _MONTHS_IN:
        return shift_months(moment, count * _MONTHS_IN[interval])
    return moment + timedelta(days=count * (7 if interval == "week" else 1))


def starts_between(first: datetime, last: datetime, interval: Interval, week_start: int = 0) -> list[datetime]:
    """The beginnings of all intervals that touch ``first`` to ``last`` (inclusive), in ``first``'s zone.

    Raises :class:`TooManyIntervals`.
    """
    begin, end = start_of(first, interval, week_start), last.astimezone(UTC)
    # Told from the shortest such interval (a day of 23 hours, a month of 28 days), before any is made.
    if (end - begin.astimezone(UTC)) // timedelta(seconds=_SHORTEST[interval]) > MAX_INTERVALS:
        raise TooManyIntervals(f"more than {MAX_INTERVALS} intervals of one {interval}")
    found: list[datetime] = []
    current = begin
    while current.astimezone(UTC) <= end:
        found.append(current)
        current = shift(begin, interval, len(found))
    return found


def day_text(moment: datetime, interval: Interval) -> str:
    """The ``days`` entry of a point: a date, with the time for intervals below a day."""
    return moment.strftime("%Y-%m-%d %H:%M:%S" if interval in ELAPSED else "%Y-%m-%d")


def label_text(moment: datetime, interval: Interval) -> str:
    """The ``labels`` entry of a point: ``9-Jan-2020``, ``5-Jan 07:00`` or ``Jan 2020``, whatever the locale."""
    month = _MONTHS[moment.month - 1]
    match interval:
        case "second":
            return f"{moment.day}-{month} {moment:%H:%M:%S}"
        case "minute" | "hour":
            return f"{moment.day}-{month} {moment:%H:%M}"
        case "month" | "quarter":
            return f"{month} {moment.year}"
        case "year":
            return str(moment.year)
        case "day" | "week":
            return f"{moment.day}-{month}-{moment.year}"


def epochs(starts: Sequence[datetime]) -> list[int]:
    return [int(moment.timestamp()) for moment in starts]


def index_sql(binder: Binder, moment: str, starts: Sequence[datetime], *, open_end: bool = False) -> str:
    """SQL for the number of the interval (0 is the first of ``starts``) that holds ``moment``, a DateTime64 expression.

    Only for moments from the first start to the end of the last interval. The boundaries come from here and not from
    the engine's calendar, so both sides agree on every zone and every change of clocks. Equal steps are a division,
    others a binary search. With ``open_end`` two starts stand for an endless row of equal steps.
    """
    seconds = epochs(starts)
    steps = {later - earlier for earlier, later in pairwise(seconds)} or {1 << 40}
    if len(steps) == 1:
        # The last interval may be longer than the steps before it: October after September, a day of 25 hours.
        # By microseconds, which are what is stored: seconds would be one division more, a ninth of a plain count.
        first, step = binder(seconds[0] * _MICROS, "Int64"), binder(steps.pop() * _MICROS, "Int64")
        place = f"intDiv(toUnixTimestamp64Micro({moment}) - {first}, {step})"
        return place if open_end else f"least({place}, {binder(len(seconds) - 1, 'Int64')})"
    array = binder(seconds, "Array(Int64)")
    indexes = f"range({binder(len(seconds), 'UInt32')})"
    rounded = f"roundDown(toUnixTimestamp64Second({moment}), {array})"
    return f"transform({rounded}, {array}, CAST({indexes}, 'Array(Int64)'), toInt64(-1))"


def index_of(moment: datetime, starts: Sequence[datetime]) -> int:
    """The same in Python; -1 before the first."""
    return bisect_right(epochs(starts), moment.timestamp()) - 1
