"""The values of a breakdown that are shown by name, and the sum of the rest: one pass, ranked in the engine."""

from leanbase.query.breakdowns import NULL_TOKEN, OTHER_TOKEN, BreakdownFilter, Field, equal_bins
from leanbase.query.context import QueryContext
from leanbase.query.trends.math import Points
from leanbase.query.trends.selection import Selection


def breakdown_sql(ctx: QueryContext, selection: Selection, fields: list[Field], *, several: bool) -> str:
    """SQL of the breakdown's value: text, or an array of texts. Histograms first ask for their range."""
    texts = [
        _bin_sql(ctx, selection, field, field.bins) if field.bins else field.text(selection.scope, encoded=not several)
        for field in fields
    ]
    return f"array({', '.join(texts)})" if several else texts[0]


def _bin_sql(ctx: QueryContext, selection: Selection, field: Field, bins: int) -> str:
    """The bins of the values in this period, of this series."""
    probe = Selection.of(ctx, selection.query, selection.node, selection.math, selection.period, selection.total_value)
    number = field.number(probe.scope)
    where = probe.where()
    row = ctx.execute(
        probe.bind.sql(f"SELECT minOrNull({number}), maxOrNull({number}) FROM {probe.source()} WHERE {where}")
    ).rows[0]
    low, high = (0.0, 0.0) if row[0] is None else (float(row[0]), float(row[1]))
    return field.bin(selection.scope, equal_bins(low, high, bins))


def ranked(
    selection: Selection,
    points: Points,
    breakdown: BreakdownFilter,
    fields: list[Field],
    limit: int,
    *,
    cumulative: bool = False,
) -> str:
    """Rows of (b, bucket, value), or (b, value) for one number: the first ``limit`` values, the rest as one.

    Values rank by the sum of the points they show, then by their text; the null token comes after every real value
    and so is the first to become part of the rest. The rest of unique persons is the sum of the values' uniques
    (PostHog's rule).
    """
    bind = selection.bind
    null, other = bind(NULL_TOKEN, "String"), bind(OTHER_TOKEN, "String")
    is_null = f"has(b, {null})" if breakdown.several else f"b = {null}"
    if breakdown.several:
        other = f"arrayWithConstant({len(fields)}, {other})"
    # Every bin of a histogram is shown: the limit is for values.
    shown = "1" if any(field.bins for field in fields) else f"rank <= {bind(limit, 'UInt64')}"
    bucket = "0" if selection.total_value else "bucket"
    weight = ""  # in how many of the points, from its bucket on, a value is shown
    if points.changes or cumulative:
        left = f"({bind(len(selection.period.starts), 'Int64')} - bucket)"
        weight = f" * {left}" if not (points.changes and cumulative) else f" * {left} * ({left} + 1) / 2"
    values = f"SELECT b, groupArray(({bucket}, value)) AS points, sum(value{weight}) AS total FROM ({points.select})"
    order = f"{is_null}, total DESC, b"
    places = f"SELECT b, points, row_number() OVER (ORDER BY {order}) AS rank FROM ({values} GROUP BY b)"
    named = f"SELECT if({shown}, b, {other}) AS name, arrayJoin(points) AS point FROM ({places})"
    return f"SELECT name, point.1 AS bucket, sum(point.2) AS value FROM ({named}) GROUP BY name, bucket"
