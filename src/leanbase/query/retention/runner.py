"""RetentionQuery: from its JSON to PostHog's results."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from leanbase.query.breakdown_lists import ALL_USERS
from leanbase.query.breakdowns import OTHER_TOKEN
from leanbase.query.context import QueryContext
from leanbase.query.retention.query import EVERYBODY, RetentionQuery, read_retention
from leanbase.query.retention.sql import amounts_sql, counts_sql

Table = dict[tuple[int, int], float]
"""Numbers by (row, column)."""


def run_retention(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a RetentionQuery: one row per interval, with a breakdown one block of rows per value.

    Raises :class:`QueryError`.
    """
    retention = read_retention(ctx, query)
    counts = _tables(ctx.execute(counts_sql(ctx, retention)).rows)
    amounts: dict[str, Table] = {}
    if retention.aggregation != "count":
        amounts = _tables(ctx.execute(amounts_sql(ctx, retention)).rows)
    if retention.breakdown is None:
        results = _rows(retention, counts.get("", {}), amounts.get("", {}))
    else:
        results = []
        for value, members in _ranked(retention, counts):
            block = _rows(
                retention,
                _sum([counts[member] for member in members]),
                _sum([amounts.get(member, {}) for member in members]),
            )
            shown = EVERYBODY if retention.breakdown.cohorts and value == ALL_USERS else value
            results += [row | {"breakdown_value": shown} for row in block]
    return {
        "results": results,
        "resolved_date_range": {
            "date_from": retention.starts[0].isoformat(),
            "date_to": retention.end.isoformat(),
        },
    }


def _tables(rows: list[tuple[Any, ...]]) -> dict[str, Table]:
    found: defaultdict[str, Table] = defaultdict(dict)
    for value, row, column, number in rows:
        found["::".join(value)][int(row), int(column)] = number
    return dict(found)


def _sum(tables: list[Table]) -> Table:
    total: defaultdict[tuple[int, int], float] = defaultdict(int)
    for table in tables:
        for place, number in table.items():
            total[place] += number
    return dict(total)


def _ranked(retention: RetentionQuery, counts: dict[str, Table]) -> list[tuple[str, list[str]]]:
    """The values with most people first; those beyond the limit together under PostHog's token for others."""

    def size(value: str) -> float:
        return sum(number for (_, column), number in counts[value].items() if column == 0)

    ranked = sorted(counts, key=lambda value: (-size(value), value))
    breakdown = retention.breakdown
    if breakdown is None or breakdown.cohorts or len(ranked) <= breakdown.limit:
        return [(value, [value]) for value in ranked]
    named = [(value, [value]) for value in ranked[: breakdown.limit]]
    return [*named, (OTHER_TOKEN, ranked[breakdown.limit :])]


def _rows(retention: RetentionQuery, counts: Table, amounts: Table) -> list[dict[str, Any]]:
    scale = 1 / (retention.sampling or 1)
    labels = retention.labels
    rows: list[dict[str, Any]] = []
    for row, start in enumerate(retention.starts):
        values: list[dict[str, Any]] = []
        for column in range(retention.columns):
            people = counts.get((row, column), 0)
            value: dict[str, Any] = {"count": int(people) if scale == 1 else round(people * scale)}
            value["label"] = labels[column]
            if retention.aggregation != "count":
                amount = float(amounts.get((row, column), 0))
                value["aggregation_value"] = amount if retention.aggregation == "sum" else _mean(amount, people)
            values.append(value)
        rows.append(
            {
                "values": values,
                "label": f"{retention.interval.capitalize()} {row}",
                "date": start.isoformat().replace("+00:00", "Z"),
            }
        )
    return rows


def _mean(amount: float, people: float) -> float:
    return amount / people if people else 0.0
