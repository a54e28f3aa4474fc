"""A funnel over time inside the engine: per interval in which somebody began, how far they came from there.

Read from the end, every event knows the time of the next event of each step. In an ordered funnel the chain of an entry
is the next event of step 2, from there the next of step 3, and so on; in an unordered one every event is an entry and
its depth the number of steps that follow within the window, itself included.
"""

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.funnels.timelines import Timelines, timelines
from leanbase.query.intervals import index_sql
from leanbase.store.sql import Sql

_FAR = 1 << 62


def entrances_sql(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Sql:
    """Rows (actor, value, interval, depth, intricate): the best depth per interval. Of the intricate one row is there,
    of which only the actor is right.
    """
    binder = Binder()
    return binder.sql(_entrances(ctx, funnel, over, binder))


def entered_sql(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Sql:
    """Rows (value, interval, entered, converted, intricate): people per interval; the intricate are not counted."""
    binder = Binder()
    rows = _entrances(ctx, funnel, over, binder)
    return binder.sql(
        f"SELECT value, interval, countIf(NOT intricate AND depth > {funnel.from_step}),"
        f" countIf(NOT intricate AND depth > {funnel.to_step}), countIf(intricate) FROM ({rows})"
        " GROUP BY value, interval ORDER BY value, interval"
    )


def _entrances(ctx: QueryContext, funnel: FunnelQuery, over: Period, binder: Binder) -> str:
    lines = timelines(ctx, funnel, over, binder)
    window = binder(funnel.window, "Int64")
    intricate = "intricate" if lines.intricate else "0"
    depths = _gathered(funnel, lines, window) if funnel.order == "unordered" else _chained(funnel, lines, window)
    began = "d != 0" if funnel.order == "unordered" else lines.is_step(1)
    entries = f"arrayFilter((pair, d) -> {began}, arrayZip(ats, {depths}), did)"
    text = f"SELECT actor, chosen, {intricate} AS intricate, {entries} AS entries FROM ({lines.text})"
    text = f"SELECT actor, chosen, intricate, arrayJoin(if(intricate, [(0, 0)], entries)) AS entry FROM ({text})"
    interval = index_sql(binder, "fromUnixTimestamp64Micro(entry.1, 'UTC')", over.starts)
    return (
        f"SELECT actor, chosen AS value, if(intricate, 0, greatest(toInt64({interval}), 0)) AS interval,"
        f" toInt64(max(entry.2)) AS depth, intricate FROM ({text}) GROUP BY actor, value, interval, intricate"
    )


def _next(lines: Timelines, step: int, value: str, columns: str, names: str, width: int) -> str:
    """SQL of an array of tuples: at each place the value of the next event of the step, from that place on."""
    return (
        f"arrayReverseFill((x, d) -> {lines.is_step(step)}, arrayMap((d, {names}) -> if({lines.is_step(step)},"
        f" {value}, {_never(width)}), did, {columns}), did)"
    )


def _never(width: int) -> str:
    """The times of steps that do not come."""
    return f"tuple({', '.join([f'toInt64({_FAR})'] * width)})"


def _gathered(funnel: FunnelQuery, lines: Timelines, window: str) -> str:
    steps = range(1, funnel.step_count + 1)
    found = ", ".join(_next(lines, step, "tuple(at)", "ats", "at", 1) for step in steps)
    names = ", ".join(f"n{step}" for step in steps)
    present = " + ".join(f"(n{step}.1 - at <= {window})" for step in steps)
    return f"arrayMap((at, {names}) -> {present}, ats, {found})"


def _chained(funnel: FunnelQuery, lines: Timelines, window: str) -> str:
    last = funnel.step_count
    chain = _next(lines, last, "tuple(at)", "ats", "at", 1)
    for step in range(last - 1, 1, -1):
        rest = ", ".join(f"rest.{number}" for number in range(1, last - step + 1))
        later = _after(lines, chain, last - step)
        chain = _next(lines, step, f"tuple(at, {rest})", f"ats, {later}", "at, rest", last - step + 1)
    follow = " + ".join(f"(rest.{number} - at <= {window})" for number in range(1, last))
    return f"arrayMap((at, rest) -> 1 + {follow}, ats, {_after(lines, chain, last - 1)})"


def _after(lines: Timelines, array: str, width: int) -> str:
    """What an array has one place later. Where events are of one step, that of the next step is later anyway."""
    if lines.single:
        return array
    return f"arrayPushBack(arrayPopFront({array}), {_never(width)})"
