"""StickinessQuery: on how many different days (or other intervals) people were active."""

from collections.abc import Mapping
from itertools import accumulate
from typing import Any, Literal

import msgspec

from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.errors import QueryError
from leanbase.query.intervals import day_text
from leanbase.query.series import (
    InsightQuery,
    action_of,
    calendar_of,
    earliest_event,
    read_math,
    read_named_query,
    series_label,
)
from leanbase.query.trends.compare import periods_of, resolved
from leanbase.query.trends.lines import scaled
from leanbase.query.trends.selection import Selection, select

MOST_INTERVALS_TOGETHER = 365  # PostHog's limit of intervalCount
_BITS = 64  # up to so many intervals a person's activity fits one integer
_COMPARISONS = {"gte": ">=", "lte": "<=", "exact": "="}


class Criteria(msgspec.Struct):
    operator: Literal["gte", "lte", "exact"]
    value: int


class StickinessFilter(msgspec.Struct, rename="camel"):
    computed_as: Literal["cumulative", "non_cumulative"] | None = None
    stickiness_criteria: Criteria | None = None


class StickinessQuery(InsightQuery, rename="camel"):
    interval_count: int | None = None
    stickiness_filter: StickinessFilter | None = None

    @property
    def cumulative(self) -> bool:
        return bool(self.stickiness_filter and self.stickiness_filter.computed_as == "cumulative")

    @property
    def criteria(self) -> Criteria | None:
        return self.stickiness_filter.stickiness_criteria if self.stickiness_filter else None

    def check(self) -> None:
        """Raises :class:`QueryError` for numbers that mean nothing: an interval without events is never counted."""
        if self.interval_count is not None and not 1 <= self.interval_count <= MOST_INTERVALS_TOGETHER:
            raise QueryError(f"intervalCount is 1 to {MOST_INTERVALS_TOGETHER}.", attr="intervalCount")
        if self.criteria:
            least = 0 if self.criteria.operator == "gte" else 1
            if self.criteria.value < least:
                raise QueryError(
                    f"With {self.criteria.operator} the criteria's value is {least} or more.",
                    attr="stickinessFilter.stickinessCriteria.value",
                )


def run_stickiness(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """One row per series and period: ``data[k]`` are the units that were active in exactly k + 1 intervals.

    Units are persons, groups (``unique_group``) or values of an expression (``hogql``). Raises :class:`QueryError`.
    """
    asked = read_named_query(ctx, StickinessQuery, query)
    asked.check()
    calendar, dates = calendar_of(ctx, asked.timezone), asked.dates()
    current = calendar.resolve(
        dates, asked.interval or "day", lambda: earliest_event(ctx, asked.series), exact=dates.explicit
    )
    rows: list[dict[str, Any]] = []
    for period in (periods := periods_of(calendar, current, dates, asked.compare_filter)):
        for order, node in enumerate(asked.series):
            row = _row(ctx, asked, node, order, period)
            if len(periods) > 1:
                row |= {"compare": True, "compare_label": "current" if period is current else "previous"}
            rows.append(row)
    return {"results": rows, **resolved(periods)}


def _row(ctx: QueryContext, asked: StickinessQuery, node: dict[str, Any], order: int, period: Period) -> dict[str, Any]:
    length = -(-len(period.starts) // (asked.interval_count or 1))
    exact = _counts(ctx, asked, node, order, period, length)
    exact = [int(count) for count in scaled([float(count) for count in exact], asked.sampling_factor, None)]
    data = list(accumulate(reversed(exact)))[::-1] if asked.cumulative else exact
    suffix = " or more" if asked.cumulative else ""
    name = asked.interval or "day"
    return {
        "action": action_of(node, order, [day_text(start, period.interval) for start in period.starts]),
        "label": series_label(node),
        "order": order,
        "count": sum(exact),
        "data": data,
        "days": list(range(1, length + 1)),
        "labels": [f"{number} {name}{'' if number == 1 else 's'}{suffix}" for number in range(1, length + 1)],
    }


def _counts(
    ctx: QueryContext, asked: StickinessQuery, node: dict[str, Any], order: int, period: Period, length: int
) -> list[int]:
    """How many units were active in exactly 1, 2, … ``length`` (groups of) intervals."""
    if not length:
        return []
    selection = Selection.of(ctx, asked, node, read_math(node, order), period, total_value=False)
    unit, present = unit_of(selection)
    # Intervals are put together counting back from the end, so that the last group is whole.
    each = selection.bind(asked.interval_count or 1, "Int64")
    group = f"intDiv({selection.bind(len(period.starts) - 1, 'Int64')} - {selection.bucket()}, {each})"
    where = selection.where(extra=present)
    if criteria := asked.criteria:
        source = selection.source()
        counted = select([(unit, "unit"), (group, "part"), ("count()", "events")], source, where, 1)
        wanted = f"events {_COMPARISONS[criteria.operator]} {selection.bind(criteria.value, 'Int64')}"
        per_unit = f"SELECT unit, {_distinct('part', length)} AS active FROM ({counted}) WHERE {wanted} GROUP BY unit"
    else:
        per_unit = select([(unit, "unit"), (_distinct(group, length), "active")], selection.source(), where, 1)
    statement = f"SELECT active, count() AS units FROM ({per_unit}) GROUP BY active"
    found = {int(active): int(units) for active, units in ctx.execute(selection.bind.sql(statement)).rows}
    return [found.get(number, 0) for number in range(1, length + 1)]


def _distinct(number: str, length: int) -> str:
    """SQL of how many different small numbers there are. A bit mask is several times cheaper than a set."""
    if length <= _BITS:
        return f"toUInt64(bitCount(groupBitOr(bitShiftLeft(toUInt64(1), {number}))))"
    return f"uniqExact({number})"


def unit_of(selection: Selection) -> tuple[str, str | None]:
    """What is counted, and the condition that there is one."""
    match selection.math.math or "total":
        case "total" | "dau" | "unique_group":
            if selection.math.math == "unique_group" and selection.group_type_index is None:
                raise QueryError(
                    "math 'unique_group' needs math_group_type_index.", attr="series.math_group_type_index"
                )
            return selection.actor(), selection.has_actor()
        case "hogql":
            if not selection.math.math_hogql:
                raise QueryError("math 'hogql' needs an expression in math_hogql.", attr="series.math_hogql")
            value = f"toString({selection.scope.hogql(selection.math.math_hogql, 'series.math_hogql')})"
            return f"ifNull({value}, '')", f"ifNull({value}, '') != ''"
        case other:
            raise QueryError(
                f"Stickiness counts persons, groups or an expression, not {other!r}.", "invalid_choice", "series.math"
            )
