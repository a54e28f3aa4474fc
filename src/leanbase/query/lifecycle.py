"""LifecycleQuery: who is new, returning, resurrecting or dormant, interval by interval."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.errors import QueryError
from leanbase.query.intervals import day_text, index_sql, label_text, shift
from leanbase.query.person_mode import ON_EVENTS
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
from leanbase.query.trends.masks import MOST_BITS, bit_counts, byte_counts, grouped_masks, has_bit
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
    if len(starts) <= MOST_BITS:
        return _by_masks(ctx, selection, starts)
    return _by_arrays(ctx, selection, starts)


def _where(selection: Selection, starts: Sequence[datetime]) -> str:
    extra = f"{selection.scope.column('person_mode')} != 'propertyless' AND ({selection.has_actor() or '1'})"
    return selection.where(starts[0], extra)


def _created_in(selection: Selection, starts: Sequence[datetime], created: str) -> str:
    """SQL of the interval of a Nullable time, -1 when it lies in none."""
    after = selection.moment(shift(starts[-1], selection.period.interval))
    known = f"ifNull({created} >= {selection.moment(starts[0])} AND {created} < {after}, 0)"
    return f"if({known}, {index_sql(selection.bind, f'assumeNotNull({created})', starts)}, toInt64(-1))"


def _by_masks(ctx: QueryContext, selection: Selection, starts: Sequence[datetime]) -> dict[str, list[float]]:
    """From four numbers for each interval: who was active, who in the one before too, and how many of both are new."""
    count = len(starts)
    masks = _masks_and_created(selection, starts)
    first = f"if(created_in >= 0 AND {has_bit('{}', 'greatest(created_in, 0)')}, created_in, toInt64({count}))"
    places = range(count)
    columns = [
        *byte_counts("mask", places, "active"),
        *byte_counts("again", places, "again"),
        (f"countResample(0, {count}, 1)({first.format('mask')})", "new"),
        (f"countResample(0, {count}, 1)({first.format('again')})", "new_again"),
    ]
    people = f"SELECT mask, {_created_in(selection, starts, 'created')} AS created_in FROM ({masks})"
    known = f"SELECT mask, bitAnd(mask, bitShiftLeft(mask, 1)) AS again, created_in FROM ({people})"
    statement = (
        f"SELECT {bit_counts(places, 'active')}, {bit_counts(places, 'again')}, new, new_again"
        f" FROM ({select(columns, f'({known})')})"
    )
    active, again, new, new_again = ctx.execute(selection.bind.sql(statement)).rows[0]
    shown = range(1, count)
    return {
        "new": [new[i] for i in shown],
        "returning": [again[i] - new_again[i] for i in shown],
        "resurrecting": [active[i] - again[i] - new[i] + new_again[i] for i in shown],
        "dormant": [active[i - 1] - again[i] for i in shown],
    }


def _masks_and_created(selection: Selection, starts: Sequence[datetime]) -> str:
    """Rows (mask, created): the second NULL unless it lies in the range, for only there it matters.

    Those created in the range are looked for among the people found: a join of every event with all persons took a
    third of the time at 50 million events.
    """
    group, bind = selection.group_type_index, selection.bind
    number = index_sql(bind, selection.timestamp, starts)
    where = _where(selection, starts)
    if group is None and selection.scope.mode in ON_EVENTS:
        masks = grouped_masks(selection, number, len(starts), where, "person_created_at")
        return f"SELECT mask, toNullable(lowest) AS created FROM ({masks})"
    masks = grouped_masks(selection, number, len(starts), where)
    table, key, kind = (
        ("persons", "pk", "1") if group is None else ("groups", "group_key", f"group_type_index = {group}")
    )
    after = selection.moment(shift(starts[-1], selection.period.interval))
    known = (
        f"SELECT {key} AS actor, toNullable(created_at) AS created FROM {table} FINAL"
        f" WHERE project_id = {bind(selection.scope.ctx.project.id, 'UInt32')} AND {kind} AND NOT is_deleted"
        f" AND created_at >= {selection.moment(starts[0])} AND created_at < {after}"
    )
    joined = f"({masks}) AS m LEFT ANY JOIN ({known}) AS k ON m.actor = k.actor"
    return f"SELECT m.mask AS mask, k.created AS created FROM {joined}"


def _by_arrays(ctx: QueryContext, selection: Selection, starts: Sequence[datetime]) -> dict[str, list[float]]:
    """The same for more intervals than a mask has bits."""
    scope, group, count = selection.scope, selection.group_type_index, len(starts) - 1
    created = scope.person_created_at() if group is None else scope.group_created_at(group)
    columns = [
        (selection.actor(), "actor"),
        (f"groupUniqArray({index_sql(selection.bind, selection.timestamp, starts)})", "active"),
        (_created_in(selection, starts, f"min({created})"), "created"),
    ]
    where = _where(selection, starts)
    actors = select(columns, selection.source(), where, 2)
    present = "multiIf(i = created, 'new', has(active, i - 1), 'returning', 'resurrecting')"
    steps = (
        f"arrayConcat(arrayMap(i -> (i, {present}), active),"
        " arrayMap(i -> (i + 1, 'dormant'), arrayFilter(i -> NOT has(active, i + 1), active)))"
    )
    statement = (
        f"SELECT step.1 AS bucket, step.2 AS status, count() AS actors"
        f" FROM (SELECT arrayJoin({steps}) AS step FROM ({actors}))"
        f" WHERE step.1 BETWEEN 1 AND {selection.bind(count, 'Int64')} GROUP BY bucket, status"
    )
    counts: dict[str, list[float]] = {status: [0] * count for status in STATUSES}
    for bucket, status, actors_count in ctx.execute(selection.bind.sql(statement)).rows:
        counts[status][bucket - 1] = actors_count
    return counts
