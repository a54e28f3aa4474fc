"""LifecycleQuery: who is new, returning, resurrecting or dormant, interval by interval."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.errors import QueryError
from leanbase.query.intervals import day_text, index_sql, label_text, shift
from leanbase.query.series import (
    InsightQuery,
    Math,
    action_of,
    calendar_of,
    earliest_event,
    read_named_query,
    series_label,
)
from leanbase.query.trends.lines import scaled
from leanbase.query.trends.selection import Selection, select

STATUSES = ("new", "returning", "resurrecting", "dormant")


def run_lifecycle(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Four rows, in the order of :data:`STATUSES`; the numbers of dormant are negative. Only the first series counts.

    New is who is active in the interval that holds their ``created_at``, whatever they did then. Personless events
    are left out. Raises :class:`QueryError`.
    """
    asked = read_named_query(ctx, InsightQuery, query)
    if query.get("customAggregationTarget"):
        raise QueryError("customAggregationTarget is for tables of a data warehouse.", attr="customAggregationTarget")
    calendar, dates = calendar_of(ctx, asked.timezone), asked.dates()
    period = calendar.resolve(
        dates, asked.interval or "day", lambda: earliest_event(ctx, asked.series), exact=dates.explicit
    )
    node = asked.series[0]
    counts = _counts(ctx, asked, node, period) if period.starts else {status: [] for status in STATUSES}
    days = [day_text(start, period.interval) for start in period.starts]
    labels = [label_text(start, period.interval) for start in period.starts]
    rows: list[dict[str, Any]] = []
    for status in STATUSES:
        sign = -1 if status == "dormant" else 1
        data = [sign * count for count in scaled(counts[status], asked.sampling_factor, None)]
        rows.append(
            {
                "action": action_of(node, 0, days, "total"),
                "label": f"{series_label(node)} - {status}",
                "status": status,
                "count": sum(data),
                "data": data,
                "days": days,
                "labels": labels,
            }
        )
    return {"results": rows, "resolved_date_range": period.resolved()}


def widened(period: Period) -> Period:
    """What is read of a period that has intervals: the one before too, to know who returns, and the last one whole."""
    first, after = shift(period.starts[0], period.interval, -1), shift(period.starts[-1], period.interval)
    end = (after.astimezone(UTC) - timedelta(microseconds=1)).astimezone(after.tzinfo)
    return replace(period, start=first, read_from=first, end=end)


def _counts(ctx: QueryContext, asked: InsightQuery, node: dict[str, Any], period: Period) -> dict[str, list[float]]:
    """How many were in each status, by interval."""
    wider = widened(period)
    starts = [wider.start, *period.starts]
    selection = Selection.of(ctx, asked, node, Math(), wider, total_value=False)
    scope, group = selection.scope, selection.group_type_index
    created = scope.person_created_at() if group is None else scope.group_created_at(group)
    created = f"min({created})"
    after = selection.moment(shift(starts[-1], period.interval))
    known = f"ifNull({created} >= {selection.moment(starts[0])} AND {created} < {after}, 0)"
    created_in = f"if({known}, {index_sql(selection.bind, f'assumeNotNull({created})', starts)}, toInt64(-1))"
    columns = [
        (selection.actor(), "actor"),
        (f"groupUniqArray({index_sql(selection.bind, selection.timestamp, starts)})", "active"),
        (created_in, "created"),
    ]
    extra = f"{scope.column('person_mode')} != 'propertyless' AND ({selection.has_actor() or '1'})"
    where = selection.where(starts[0], extra)
    actors = select(columns, selection.source(), where, 2)
    present = "multiIf(i = created, 'new', has(active, i - 1), 'returning', 'resurrecting')"
    steps = (
        f"arrayConcat(arrayMap(i -> (i, {present}), active),"
        " arrayMap(i -> (i + 1, 'dormant'), arrayFilter(i -> NOT has(active, i + 1), active)))"
    )
    statement = (
        f"SELECT step.1 AS bucket, step.2 AS status, count() AS actors"
        f" FROM (SELECT arrayJoin({steps}) AS step FROM ({actors}))"
        f" WHERE step.1 BETWEEN 1 AND {selection.bind(len(period.starts), 'Int64')} GROUP BY bucket, status"
    )
    counts: dict[str, list[float]] = {status: [0] * len(period.starts) for status in STATUSES}
    for bucket, status, actors_count in ctx.execute(selection.bind.sql(statement)).rows:
        counts[status][bucket - 1] = actors_count
    return counts
