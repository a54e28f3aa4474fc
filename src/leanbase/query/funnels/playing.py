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
    last = funnel.step_count
    befores, afters = "arrayPopBack(times)", "arrayPopFront(times)"
    # One array of all steps, and one aggregate function over it: with one of each per step the engine took three
    # quarters of a second to plan a funnel of 12 steps, against a fifth.
    played = (
        f"SELECT chosen AS value, intricate, arrayMap(n -> NOT intricate AND n <= depth, range(1, {last + 1})) AS done,"
        f" arrayMap((before, after) -> (after - before) / 1000000, {befores}, {afters}) AS seconds,"
        f" arrayMap((before, after, d) -> d AND after > before, {befores}, {afters}, arrayPopFront(done)) AS took"
        f" FROM ({_outcomes(ctx, funnel, over, binder)}) WHERE depth > 0 OR intricate"
    )
    by_value = (
        "SELECT value, sumForEach(done) AS counts, avgIfForEachState(seconds, took) AS averages,"
        " quantileExactInclusiveIfForEachState(0.5)(seconds, took) AS medians, countIf(intricate) AS left_over"
        f" FROM ({played}) GROUP BY value"
    )
    limited = funnel.breakdown is not None and not funnel.breakdown.cohorts
    limit = binder(funnel.breakdown.limit if limited and funnel.breakdown else 1 << 40, "UInt64")
    order = "arrayReverse(counts) DESC, value"
    ranked = f"SELECT *, row_number() OVER (ORDER BY {order}) > {limit} AS beyond FROM ({by_value})"
    return binder.sql(
        "SELECT if(beyond, CAST([], 'Array(String)'), value) AS shown, beyond, sumForEach(counts),"
        " avgIfForEachMerge(averages), quantileExactInclusiveIfForEachMerge(0.5)(medians), sum(left_over)"
        f" FROM ({ranked}) GROUP BY shown, beyond"
    )


def _outcomes(ctx: QueryContext, funnel: FunnelQuery, over: Period, binder: Binder) -> str:
    lines = timelines(ctx, funnel, over, binder)
    window = binder(funnel.window, "Int64")
    play = unordered_outcomes if funnel.order == "unordered" else ordered_outcomes
    return play(funnel, lines, window)
