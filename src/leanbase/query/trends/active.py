"""Weekly and monthly active persons: at every point, who was active in the days that end with it."""

from datetime import datetime, timedelta

from leanbase.query.errors import QueryError
from leanbase.query.intervals import ELAPSED, Interval, TooManyIntervals, index_sql, shift, start_of, starts_between
from leanbase.query.trends.selection import Selection, select

_FAR = 1 << 40  # units; later than any activity


def active_actors(selection: Selection, days: int) -> str:
    """For one number: distinct persons of the last ``days`` days up to the end, wherever the range begins."""
    first_day = start_of(selection.period.end, "day") - timedelta(days=days - 1)
    return selection.grouped(selection.uniques(), selection.where(first_day))


def sliding_actors(selection: Selection, days: int) -> str:
    """What the number of active persons changes by, in each bucket.

    Activity counts by day, or by the interval where that is shorter. Who is active in unit i is counted from i up to,
    but not including, i + window, or up to their next activity, which takes over. So each activity is one +1 and one
    -1, and not a row for every bucket it reaches (168 for a week by the hour).
    """
    interval, starts, bind = selection.period.interval, selection.period.starts, selection.bind
    unit: Interval = interval if interval in ELAPSED else "day"
    window = days * 86_400 // ELAPSED[unit] if unit in ELAPSED else days
    origin = shift(starts[0], unit, 1 - window)
    after = shift(starts[-1], unit)
    positions: list[int] | None = None
    if unit in ELAPSED:
        unit_sql = index_sql(bind, selection.timestamp, [origin, shift(origin, unit)], open_end=True)
    else:
        units = _days(origin, starts[-1])
        unit_sql = index_sql(bind, selection.timestamp, units)
        positions = None if interval == "day" else _positions(units, starts, window)

    breakdown = [(selection.breakdown, "b")] if selection.breakdown else []
    columns = [*breakdown, (selection.actor(), "actor"), (f"arraySort(groupUniqArray({unit_sql}))", "units")]
    extra = f"{selection.timestamp} < {selection.moment(after)} AND ({selection.has_actor() or '1'})"
    where = selection.where(origin, extra)
    persons = select(columns, selection.source(), where, 1)

    begin = _bucket(selection, "unit", window, positions)
    end = _bucket(selection, f"least(unit + {window}, following)", window, positions)
    steps = (
        f"arrayJoin(arrayConcat(arrayMap(unit -> ({begin}, 1), units), arrayMap((unit, following) -> ({end}, -1),"
        f" units, arrayPushBack(arrayPopFront(units), toInt64({_FAR})))))"
    )
    value = "b, " if selection.breakdown else ""
    keys = [("step.1", "bucket"), *([("b", "b")] if selection.breakdown else [])]
    stepped = f"(SELECT {value}{steps} AS step FROM ({persons}))"
    return select([*keys, ("sum(step.2)", "value")], stepped, f"step.1 < {bind(len(starts), 'Int64')}", 1)


def _days(first: datetime, last: datetime) -> list[datetime]:
    try:
        return starts_between(first, last, "day")
    except TooManyIntervals as problem:
        raise QueryError(f"Active users of this date range need {problem}.", attr="dateRange") from None


def _positions(units: list[datetime], starts: list[datetime], window: int) -> list[int]:
    """For each unit, and those a window beyond, the first bucket that begins with it or later."""
    return [sum(start < unit for start in starts) for unit in units] + [len(starts)] * (window + 1)


def _bucket(selection: Selection, unit: str, window: int, positions: list[int] | None) -> str:
    """SQL of the first bucket that sees what is active from ``unit`` on."""
    if positions is None:
        count = selection.bind(len(selection.period.starts), "Int64")
        return f"toInt64(least(greatest({unit} - {window - 1}, 0), {count}))"
    table = selection.bind(positions, "Array(Int64)")
    return f"{table}[toUInt32(least({unit}, {len(positions) - 1})) + 1]"
