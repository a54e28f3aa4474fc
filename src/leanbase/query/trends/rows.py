"""One row of a TrendsQuery's results, in PostHog's shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leanbase.query.dates import Period
from leanbase.query.intervals import day_text, label_text, shift
from leanbase.query.series import action_of, series_label
from leanbase.query.trends.lines import BreakdownValue, Line, scaled, smoothed
from leanbase.query.trends.models import TrendsQuery

Row = dict[str, Any]
_BY_POINT = ("data", "days", "labels")


@dataclass(frozen=True, slots=True)
class RowShape:
    """Which optional parts rows have."""

    comparing: bool
    broken_down: bool


def row_of(
    query: TrendsQuery,
    node: Mapping[str, Any],
    math: str | None,
    order: int,
    period: Period,
    line: Line,
    shape: RowShape,
    compare_label: str,
    cohort_name: str | None = None,
) -> Row:
    """A line as a row. ``cohort_name`` names the line of a breakdown by cohorts."""
    label = series_label(node)
    days = [day_text(start, period.interval) for start in period.starts]
    row: Row = {
        "action": action_of(node, order, days),
        "label": label,
        "order": order,
        "filter": _filter(query, period),
        **_values(query, math, period, line, days),
    }
    if shape.comparing:
        row |= {"compare": True, "compare_label": compare_label}
    if shape.broken_down:
        value = cohort_name if cohort_name is not None else breakdown_label(line.value)
        row |= {"breakdown_value": line.value, "label": f"{label} - {value}" if len(query.series) > 1 else value}
    return row


def _values(query: TrendsQuery, math: str | None, period: Period, line: Line, days: list[str]) -> Row:
    factor = query.sampling_factor
    if query.total_value:
        [value] = scaled(line.points or [0], factor, math)
        return {"data": [], "days": [], "labels": [], "count": 0, "aggregated_value": value}
    points = smoothed(line.points, query.smoothing)
    count = (points[-1] if points else 0) if query.cumulative else sum(points)
    return {
        "data": scaled(points, factor, math),
        "days": days,
        "labels": [label_text(start, period.interval) for start in period.starts],
        "count": scaled([count], factor, math)[0],
    }


def breakdown_label(value: BreakdownValue) -> str:
    """The text that names a breakdown value; several are joined by ``::``."""
    return "::".join(value) if isinstance(value, list) else str(value)


def ends_of(row: Row, period: Period, now: datetime) -> Row:
    """The first and the last point of a row, and whether the last one is still growing."""
    ends = {name: [row[name][0], row[name][-1]] if len(row[name]) > 2 else row[name] for name in _BY_POINT}
    growing = any(start <= now < shift(start, period.interval) for start in period.starts[-1:])
    return row | ends | {"incomplete_end": growing}


def _filter(query: TrendsQuery, period: Period) -> Row:
    """The query in PostHog's older form, which its clients still read on rows."""
    found: Row = {
        "insight": "TRENDS",
        "entity_type": "events",
        "date_from": period.start.isoformat(),
        "date_to": period.end.isoformat(),
        "interval": query.interval,
        "display": query.display,
        "properties": query.properties,
        "filter_test_accounts": query.filter_test_accounts,
        "sampling_factor": query.sampling_factor,
        "aggregation_group_type_index": query.aggregation_group_type_index,
    }
    if query.breakdown_filter:
        found |= {
            "breakdown": query.breakdown_filter.breakdown,
            "breakdown_type": query.breakdown_filter.breakdown_type,
        }
    return {key: value for key, value in found.items() if value is not None}
