"""WebGoalsQuery: how many of a site's visitors did each of the project's actions."""

from collections.abc import Mapping
from typing import Any

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.scope import EventScope
from leanbase.query.web_analytics.sessions import PAGES, WebQuery, paired, read_web_query, web_periods, web_range

_MOST_GOALS = 5
COLUMNS = ("action_name", "converting_users", "total_conversions", "conversion_rate")


def run_web_goals(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Rows ``[action, [persons, previous], [times, previous], [rate, previous]]`` of the first five actions.

    The rate is the share of the persons with a page view, a screen or the action. Raises :class:`QueryError`.
    """
    asked = read_web_query(query)
    periods = web_periods(ctx, asked)
    goals = list(ctx.actions.names().items())[:_MOST_GOALS]
    counts = [_counts(ctx, asked, period, [number for number, _ in goals]) for period in periods] if goals else []
    rows = [
        [name, *(paired([count[place][part] for count in counts]) for part in range(3))]
        for place, (_, name) in enumerate(goals)
    ]
    return {
        "results": rows,
        "columns": [f"context.columns.{name}" for name in COLUMNS],
        "types": [],
        "hasMore": False,
        **web_range(periods),
    }


def _counts(ctx: QueryContext, asked: WebQuery, period: Period, actions: list[int]) -> list[tuple[int, int, float]]:
    """Persons, times and rate of each action."""
    binder = Binder()
    scope = EventScope(ctx, binder)
    matches = [scope.action(number) for number in actions]
    pages = f"{scope.column('event')} IN {binder(list(PAGES), 'Array(String)')}"
    actor = scope.actor()
    columns = [f"uniqExact({actor})"]
    for match in matches:
        columns += [f"uniqExactIf({actor}, {match})", f"countIf({match})"]
    conditions = [
        scope.between(period.start, period.end),
        " OR ".join([pages, *matches]),
        scope.query_filters({"properties": asked.properties, "filterTestAccounts": bool(asked.filter_test_accounts)}),
    ]
    where = " AND ".join(f"({condition})" for condition in conditions)
    people, *numbers = ctx.execute(binder.sql(f"SELECT {', '.join(columns)} FROM {scope.source()} WHERE {where}")).rows[
        0
    ]
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return [(persons, times, persons / people if people else 0.0) for persons, times in pairs]
