"""Who was active in so many intervals."""

from collections.abc import Mapping
from typing import Any

from leanbase.query import fields
from leanbase.query.actors.behind import Behind
from leanbase.query.context import QueryContext
from leanbase.query.series import calendar_of, earliest_event, read_math, read_query
from leanbase.query.stickiness import StickinessQuery, unit_of
from leanbase.query.trends.compare import periods_of
from leanbase.query.trends.selection import Selection

_COMPARISONS = {"gte": ">=", "lte": "<=", "exact": "="}


def stickiness_actors(ctx: QueryContext, asked: Mapping[str, Any], source: Mapping[str, Any]) -> Behind:
    """The actors of a StickinessQuery who were active in exactly ``day`` intervals (or more, when cumulative).

    Raises :class:`QueryError`.
    """
    query = read_query(StickinessQuery, source)
    calendar, dates = calendar_of(ctx, query.timezone), query.dates()
    current = calendar.resolve(
        dates, query.interval or "day", lambda: earliest_event(ctx, query.series), exact=dates.explicit
    )
    periods = periods_of(calendar, current, dates, query.compare_filter)
    period = periods[-1] if asked.get("compare") == "previous" else periods[0]
    order = fields.whole(asked, "series", 0, 0, len(query.series) - 1) or 0
    selection = Selection.of(
        ctx, query, query.series[order], read_math(query.series[order], order), period, total_value=False
    )
    if not period.starts:
        return Behind.of(selection.group_type_index, [])
    bind = selection.bind
    each = bind(query.interval_count or 1, "Int64")
    part = f"intDiv({bind(len(period.starts) - 1, 'Int64')} - {selection.bucket()}, {each})"
    criteria = query.stickiness_filter.stickiness_criteria if query.stickiness_filter else None
    kept = f" HAVING events {_COMPARISONS[criteria.operator]} {bind(criteria.value, 'Int64')}" if criteria else ""
    unit, present = unit_of(selection)
    where = selection.where(extra=present)
    days = fields.whole(asked, "day", None, 1, 1 << 31)
    wanted = "1" if days is None else f"active {'>=' if query.cumulative else '='} {bind(days, 'Int64')}"
    by_part = (
        f"SELECT {unit} AS actor, {part} AS part, count() AS events FROM {selection.source()}"
        f" WHERE {where} GROUP BY actor, part{kept}"
    )
    rows = ctx.execute(
        bind.sql(
            f"SELECT actor, count() AS active, sum(events) AS total FROM ({by_part}) GROUP BY actor HAVING {wanted}"
            " ORDER BY total DESC, actor"
        )
    ).rows
    keys, counts = [row[0] for row in rows], [int(row[2]) for row in rows]
    if selection.math.math == "hogql":
        return Behind("text", keys, {"event_count": counts})
    return Behind.of(selection.group_type_index, keys, event_count=counts)
