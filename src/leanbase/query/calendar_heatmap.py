"""CalendarHeatmapQuery: at which hours of which weekdays something happens, in the project's time."""

from collections.abc import Mapping
from typing import Any

from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.series import InsightQuery, calendar_of, earliest_event, read_math, read_named_query
from leanbase.query.trends.math import points_of
from leanbase.query.trends.selection import Selection
from leanbase.query.web_analytics.sessions import ConversionGoal

_MATHS = ("total", "dau", "unique_session", "unique_group")


class HeatmapQuery(InsightQuery, rename="camel"):
    """One series; a conversion goal takes its place."""

    conversion_goal: ConversionGoal | None = None


def run_calendar_heatmap(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """``{data: [{row, column, value}], rowAggregations, columnAggregations, allAggregations}``.

    ``row`` is the weekday (0 is Sunday), ``column`` the hour. The aggregations count anew: a person of two cells is one
    person of the row. Cells without anything are left out. Raises :class:`QueryError`.
    """
    asked = read_named_query(ctx, HeatmapQuery, query)
    node: Mapping[str, Any] = asked.conversion_goal.node() if asked.conversion_goal else asked.series[0]
    math = read_math(asked.series[0], 0)
    if (math.math or "total") not in _MATHS:
        raise QueryError(f"math of a calendar heatmap is one of {', '.join(_MATHS)}.", attr="series.0.math")
    calendar, dates = calendar_of(ctx, asked.timezone), asked.dates()
    period = calendar.resolve(dates, "day", lambda: earliest_event(ctx, [dict(node)]), exact=dates.explicit)
    selection = Selection.of(ctx, asked, node, math, period, total_value=True)
    local = f"toTimeZone({selection.timestamp}, {selection.bind(calendar.zone.key, 'String')})"
    day, hour_of_day = f"toDayOfWeek({local}) % 7", f"toHour({local})"
    # Cells, rows, columns and the whole in one pass; -1 stands for all.
    cells = f"[({day}, {hour_of_day}), ({day}, -1), (-1, {hour_of_day}), (-1, -1)]"
    selection.breakdown = f"arrayJoin({cells})"
    counted = points_of(selection).select
    results: dict[str, Any] = {"data": [], "rowAggregations": [], "columnAggregations": [], "allAggregations": 0}
    rows = ctx.execute(selection.bind.sql(f"SELECT b.1, b.2, value FROM ({counted}) ORDER BY b")).rows
    for weekday, hour, value in rows:
        if weekday < 0 and hour < 0:
            results["allAggregations"] = value
        elif hour < 0:
            results["rowAggregations"].append({"row": weekday, "value": value})
        elif weekday < 0:
            results["columnAggregations"].append({"column": hour, "value": value})
        else:
            results["data"].append({"row": weekday, "column": hour, "value": value})
    return {"results": results, "resolved_date_range": period.resolved()}
