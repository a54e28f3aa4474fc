"""Plain ordered funnels inside the engine, step by step over sorted arrays; exactly what the machine says of them.

Plain is a funnel without exclusions and optional steps whose steps are of different events. There an attempt cannot be
spoilt and an event serves one step, so that per event three things suffice: whether it extends an attempt, the newest
attempt that has come so far, and its time. The path of the result then is the earliest chain from its entry.
Measured on 1 million events, three steps: 1.5 times ``windowFunnel``, which knows no times; the machine in Python takes
nine times as long. The cost grows by one pass over the arrays per step.
"""

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.events import selected_events
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.scope import EventScope
from leanbase.store.sql import Sql

# Each step is a SELECT around the one before. Measured: up to here 0.1 s a step on 1 million events, of which planning
# takes little; at 25 steps planning alone takes 1.8 s, at 60 the parser refuses. Longer funnels go to the machine.
MAX_STEPS = 12
_BITS = 6  # of a sort key hold the step; 62 steps fit
_NONE = -(1 << 62)  # no attempt; times are microseconds, also before 1970


def is_plain(ctx: QueryContext, funnel: FunnelQuery) -> bool:
    """Whether the engine can play this funnel."""
    if funnel.order != "ordered" or funnel.exclusions or funnel.viz == "trends" or funnel.rules.optional:
        return False
    if funnel.rules.attributed is not None or len(funnel.series) > MAX_STEPS:
        return False
    scope = EventScope(ctx, Binder())
    seen: set[str] = set()
    for node in funnel.series:
        names = scope.event_names([node])
        if names is None or seen & set(names):
            return False
        seen.update(names)
    return True


def outcomes_sql(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Sql:
    """Rows (actor, value, depth, times): how far everybody came, and when (microseconds; as many as the depth says)."""
    binder = Binder()
    return binder.sql(_outcomes(ctx, funnel, over, binder))


def numbers_sql(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> Sql:
    """Rows (value, is_other, counts, averages, medians), arrays by step; times are seconds above 0, NaN for none.

    Values beyond the breakdown's limit are one row: ranked by the most who came furthest, then by the value.
    """
    binder = Binder()
    steps = range(1, funnel.step_count + 1)
    seconds = {step: f"(times[{step}] - times[{step - 1}]) / 1000000" for step in steps if step > 1}
    positive = {step: f"depth >= {step} AND times[{step}] > times[{step - 1}]" for step in seconds}
    counts = ", ".join(f"countIf(depth >= {step}) AS c{step}" for step in steps)
    average = "".join(f", avgStateIf({seconds[n]}, {positive[n]}) AS a{n}" for n in seconds)
    middle = "".join(f", quantileExactInclusiveStateIf(0.5)({seconds[n]}, {positive[n]}) AS m{n}" for n in seconds)
    by_value = f"SELECT value, {counts}{average}{middle} FROM ({_outcomes(ctx, funnel, over, binder)}) GROUP BY value"
    order = ", ".join([*(f"c{step} DESC" for step in reversed(steps)), "value"])
    limited = funnel.breakdown is not None and not funnel.breakdown.cohorts
    limit = binder(funnel.breakdown.limit if limited and funnel.breakdown else 1 << 40, "UInt64")
    ranked = f"SELECT *, row_number() OVER (ORDER BY {order}) > {limit} AS beyond FROM ({by_value})"
    return binder.sql(
        "SELECT if(beyond, CAST([], 'Array(String)'), value) AS shown, beyond,"
        f" [{', '.join(f'sum(c{step})' for step in steps)}],"
        f" [{', '.join(f'avgMerge(a{n})' for n in seconds)}],"
        f" [{', '.join(f'quantileExactInclusiveMerge(0.5)(m{n})' for n in seconds)}]"
        f" FROM ({ranked}) GROUP BY shown, beyond"
    )


def _outcomes(ctx: QueryContext, funnel: FunnelQuery, over: Period, binder: Binder) -> str:
    selected = selected_events(ctx, funnel, over, binder)
    window = binder(funnel.window, "Int64")
    # One number sorts by time and then by step: among events of one time steps are taken in their order.
    key = f"at * {1 << _BITS} + toInt64(bitCount(steps - 1) + 1)"
    text = (
        f"SELECT actor, {selected.chosen} AS chosen, arraySort(groupArray({key})) AS keys FROM ({selected.text})"
        f" GROUP BY {selected.group} HAVING {selected.entered}"
    )
    text = (
        f"SELECT actor, chosen, arrayMap(x -> bitShiftRight(x, {_BITS}), keys) AS ats,"
        f" arrayMap(x -> bitAnd(x, {(1 << _BITS) - 1}), keys) AS did FROM ({text})"
    )
    text = f"SELECT *, arrayMap((at, step) -> if(step = 1, at, {_NONE}), ats, did) AS taken1 FROM ({text})"
    entries = ["arrayFirst((at, step) -> step = 1, ats, did) AS entry1"]
    for step in range(2, funnel.step_count + 1):
        # Numbered names: within one SELECT a name must not be both a column of before and one of now.
        extended = (
            f"arrayMap((at, step, begun) -> if(step = {step} AND begun != {_NONE} AND at - begun <= {window},"
            f" begun, {_NONE}), ats, did, arrayFill(x -> x != {_NONE}, taken{step - 1}))"
        )
        text = f"SELECT actor, chosen, ats, did, {', '.join(entries)}, {extended} AS taken{step} FROM ({text})"
        entries = [f"entry{number}" for number in range(1, step)]
        place = f"arrayFirstIndex(x -> x != {_NONE}, taken{step})"
        entries.append(f"if({place} > 0, taken{step}[{place}], {_NONE}) AS entry{step}")
    last = funnel.step_count
    text = f"SELECT actor, chosen, ats, did, {', '.join(entries)} FROM ({text})"
    depth = ", ".join(f"entry{step} != {_NONE}, {step}" for step in range(last, 1, -1))
    start = ", ".join(f"entry{step} != {_NONE}, entry{step}" for step in range(last, 1, -1))
    text = f"SELECT actor, chosen, ats, did, multiIf({depth}, 1) AS depth, multiIf({start}, entry1) AS t1 FROM ({text})"
    for step in range(2, last + 1):
        known = ", ".join(f"t{number}" for number in range(1, step))
        found = f"arrayFirst((at, step) -> step = {step} AND at >= t{step - 1}, ats, did)"
        time = f"if(depth >= {step}, {found}, t{step - 1}) AS t{step}"
        text = f"SELECT actor, chosen, ats, did, depth, {known}, {time} FROM ({text})"
    times = ", ".join(f"t{step}" for step in range(1, last + 1))
    return f"SELECT actor, chosen AS value, toInt64(depth) AS depth, [{times}] AS times FROM ({text})"
