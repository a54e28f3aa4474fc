"""The statements that play a funnel inside the engine."""

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.gathered import unordered_outcomes
from leanbase.query.funnels.levels import ordered_outcomes
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.funnels.timelines import timelines
from leanbase.store.sql import Sql


def outcomes_sql(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Sql:
    """Rows (actor, value, depth, times, intricate): how far everybody came, and when (microseconds; as many as the
    depth says). Of the intricate only the actor is right.
    """
    binder = Binder()
    text = _outcomes(ctx, funnel, over, binder)
    return binder.sql(f"SELECT actor, chosen, depth, times, intricate FROM ({text}) WHERE depth > 0 OR intricate")


def numbers_sql(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Sql:
    """Rows (value, is_other, counts, averages, medians, intricate), arrays by step; times are seconds above 0, NaN for
    none. ``intricate`` is how many people are left to the machine and not counted here.

    Values beyond the breakdown's limit are one row: ranked by the most who came furthest, then by the value.
    """
    binder = Binder()
    steps = range(1, funnel.step_count + 1)
    seconds = {step: f"(times[{step}] - times[{step - 1}]) / 1000000" for step in steps if step > 1}
    positive = {step: f"depth >= {step} AND times[{step}] > times[{step - 1}]" for step in seconds}
    counts = ", ".join(f"countIf(depth >= {step}) AS c{step}" for step in steps)
    average = "".join(f", avgStateIf({seconds[n]}, {positive[n]}) AS a{n}" for n in seconds)
    middle = "".join(f", quantileExactInclusiveStateIf(0.5)({seconds[n]}, {positive[n]}) AS m{n}" for n in seconds)
    played = (
        "SELECT chosen AS value, if(intricate, 0, depth) AS depth, times, intricate"
        f" FROM ({_outcomes(ctx, funnel, over, binder)}) WHERE depth > 0 OR intricate"
    )
    by_value = (
        f"SELECT value, {counts}{average}{middle}, countIf(intricate) AS left_over FROM ({played}) GROUP BY value"
    )
    order = ", ".join([*(f"c{step} DESC" for step in reversed(steps)), "value"])
    limited = funnel.breakdown is not None and not funnel.breakdown.cohorts
    limit = binder(funnel.breakdown.limit if limited and funnel.breakdown else 1 << 40, "UInt64")
    ranked = f"SELECT *, row_number() OVER (ORDER BY {order}) > {limit} AS beyond FROM ({by_value})"
    return binder.sql(
        "SELECT if(beyond, CAST([], 'Array(String)'), value) AS shown, beyond,"
        f" [{', '.join(f'sum(c{step})' for step in steps)}],"
        f" [{', '.join(f'avgMerge(a{n})' for n in seconds)}],"
        f" [{', '.join(f'quantileExactInclusiveMerge(0.5)(m{n})' for n in seconds)}],"
        f" sum(left_over) FROM ({ranked}) GROUP BY shown, beyond"
    )


def _outcomes(ctx: QueryContext, funnel: FunnelQuery, over: Period, binder: Binder) -> str:
    lines = timelines(ctx, funnel, over, binder)
    window = binder(funnel.window, "Int64")
    play = unordered_outcomes if funnel.order == "unordered" else ordered_outcomes
    return play(funnel, lines, window)
