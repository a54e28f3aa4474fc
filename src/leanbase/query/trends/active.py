"""Weekly and monthly active persons: at every point, who was active in the days that end with it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from leanbase.query.errors import QueryError
from leanbase.query.intervals import ELAPSED, Interval, TooManyIntervals, index_sql, shift, start_of, starts_between
from leanbase.query.trends.masks import MOST_BITS, bit_counts, byte_counts, grouped_masks, has_bit, reaching
from leanbase.query.trends.selection import Selection, select

_FAR = 1 << 40  # units; later than any activity


def active_actors(selection: Selection, days: int) -> str:
    """For one number: distinct persons of the last ``days`` days up to the end, wherever the range begins."""
    first_day = start_of(selection.period.end, "day") - timedelta(days=days - 1)
    return selection.grouped(selection.uniques(), selection.where(first_day))


def sliding_actors(selection: Selection, days: int) -> tuple[str, bool]:
    """How many were active in the days up to each bucket; True when values are what that changes by, in each bucket.

    Activity counts by day, or by the interval where that is shorter. Who is active in unit i is counted from i up to,
    but not including, i + window. Units are bits where they fit, with the window before the range: 227 days for a
    month, 3 days by the hour for a week. A longer range is counted over arrays, four times slower.
    """
    interval, starts, bind = selection.period.interval, selection.period.starts, selection.bind
    unit: Interval = interval if interval in ELAPSED else "day"
    window = days * 86_400 // ELAPSED[unit] if unit in ELAPSED else days
    origin = shift(starts[0], unit, 1 - window)
    after = shift(starts[-1], unit)
    units: list[datetime] | None = None
    if unit in ELAPSED:
        unit_sql = index_sql(bind, selection.timestamp, [origin, shift(origin, unit)], open_end=True)
    else:
        units = _days(origin, starts[-1])
        unit_sql = index_sql(bind, selection.timestamp, units)
    extra = f"{selection.timestamp} < {selection.moment(after)} AND ({selection.has_actor() or '1'})"
    where = selection.where(origin, extra)
    count = len(units) if units else window - 1 + len(starts)
    if count <= MOST_BITS:
        shown = [sum(unit <= start for unit in units) - 1 for start in starts] if units else range(window - 1, count)
        return _by_masks(selection, unit_sql, count, where, window, shown), False
    positions = _positions(units, starts, window) if units and interval != "day" else None
    return _by_steps(selection, unit_sql, where, window, positions), True


def _by_masks(selection: Selection, unit: str, units: int, where: str, window: int, shown: Sequence[int]) -> str:
    """Rows (bucket, b, value); bucket n is unit ``shown[n]``."""
    masks = grouped_masks(selection, unit, units, where)
    defined, active = reaching("mask", window)
    if selection.breakdown:
        # A sum for each bucket and not counts of bytes: there may be many values.
        each = f"sumForEach(arrayMap(place -> {has_bit(active, 'place')}, {list(shown)}))"
        counts = f"WITH {defined} SELECT b, {each} AS counts FROM ({masks}) GROUP BY b"
        kept = "b, value"
    else:
        columns = ", ".join(f"{sql} AS {name}" for sql, name in byte_counts(active, shown, "bytes"))
        counts = f"SELECT {bit_counts(shown, 'bytes')} AS counts FROM (WITH {defined} SELECT {columns} FROM ({masks}))"
        kept = "value"
    return (
        f"SELECT toInt64(place) - 1 AS bucket, {kept} FROM ({counts})"
        " ARRAY JOIN counts AS value, arrayEnumerate(counts) AS place WHERE value > 0"
    )


def _by_steps(selection: Selection, unit: str, where: str, window: int, positions: list[int] | None) -> str:
    """Rows (bucket, b, value): one +1 and one -1 for each activity, and not a row for every bucket that it reaches.

    Activity ends with the window or at the next activity, which takes over.
    """
    breakdown = [(selection.breakdown, "b")] if selection.breakdown else []
    columns = [*breakdown, (selection.actor(), "actor"), (f"arraySort(groupUniqArray({unit}))", "units")]
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
    count = selection.bind(len(selection.period.starts), "Int64")
    return select([*keys, ("sum(step.2)", "value")], stepped, f"step.1 < {count}", 1)


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
