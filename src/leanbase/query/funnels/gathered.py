"""Unordered funnels inside the engine: how many of the steps somebody did within the window; as the machine says.

After every event each step has its newest time; the depth there is the number of steps whose newest time is within the
window. The times of the result are the earliest ones within the window of each step, in time order, at the event that
first made the greatest depth. Whoever has an exclusion is intricate, and judged by the machine.
"""

from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.funnels.timelines import NONE, Timelines


def unordered_outcomes(funnel: FunnelQuery, lines: Timelines, window: str) -> str:
    """A SELECT of (actor, chosen, depth, times, intricate); as many of the times count as the depth says."""
    steps = range(1, funnel.step_count + 1)
    kept = "actor, chosen, ats, did" + (", intricate" if lines.intricate else "")
    newest = ", ".join(
        f"arrayFill((x, d) -> {lines.is_step(step)},"
        f" arrayMap((at, d) -> if({lines.is_step(step)}, at, {NONE}), ats, did), did)"
        for step in steps
    )
    names = ", ".join(f"n{step}" for step in steps)
    present = " + ".join(f"(n{step} != {NONE} AND at - n{step} <= {window})" for step in steps)
    text = f"SELECT {kept}, arrayMap((at, {names}) -> {present}, ats, {newest}) AS depths FROM ({lines.text})"
    text = (
        f"SELECT {kept}, arrayMax(depths) AS depth, indexOf(depths, arrayMax(depths)) AS place,"
        f" ats[indexOf(depths, arrayMax(depths))] AS until FROM ({text})"
    )
    within = f"n <= place AND until - at <= {window}"
    fronts = ", ".join(
        f"ifNull(arrayFirstOrNull((at, d, n) -> {lines.is_step(step)} AND {within}, ats, did, arrayEnumerate(ats)),"
        f" {NONE})"
        for step in steps
    )
    text = f"SELECT {kept}, depth, [{fronts}] AS fronts FROM ({text})"
    intricate = "intricate" if lines.intricate else "0 AS intricate"
    first = f"arraySort(x -> if(x = {NONE}, {1 << 62}, x), fronts)"
    return f"SELECT actor, chosen, toInt64(depth) AS depth, {first} AS times, {intricate} FROM ({text})"
