"""FunnelsQuery: from its JSON to PostHog's results."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leanbase.query.breakdown_lists import ALL_USERS_NUMBER, cohort_name
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.durations import time_to_convert
from leanbase.query.funnels.events import funnel_period
from leanbase.query.funnels.numbers import Numbers, seconds_to_convert, step_numbers, trend_numbers
from leanbase.query.funnels.query import FunnelQuery, read_funnel
from leanbase.query.funnels.timelines import Value
from leanbase.query.intervals import day_text, label_text
from leanbase.query.series import named_series, series_name


def run_funnel(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a FunnelsQuery: ``results`` in the shape of its viz type. Raises :class:`QueryError`."""
    funnel = read_funnel(query)
    over = funnel_period(ctx, funnel)
    results: Any
    match funnel.viz:
        case "steps":
            results = _steps(ctx, funnel, step_numbers(ctx, funnel, over))
        case "time_to_convert":
            results = time_to_convert(seconds_to_convert(ctx, funnel, over), funnel.bin_count)
        case "trends":
            results = _trends(ctx, funnel, over)
    return {"results": results, "isUdf": True, "resolved_date_range": over.resolved()}


def _steps(ctx: QueryContext, funnel: FunnelQuery, found: list[tuple[Value, Numbers]]) -> list[Any]:
    """The steps, or with a breakdown a list of steps per value; empty when nobody entered."""
    blocks: list[list[dict[str, Any]]] = []
    nodes = named_series(ctx, [dict(node) for node in funnel.series])
    for value, numbers in found:
        shown = _breakdown_fields(ctx, funnel, value) if funnel.breakdown else {}
        blocks.append([_step(funnel, number, node, numbers) | shown for number, node in enumerate(nodes)])
    return blocks if funnel.breakdown else [step for block in blocks for step in block]


def _breakdown_fields(ctx: QueryContext, funnel: FunnelQuery, value: Value) -> dict[str, Any]:
    if funnel.breakdown is not None and funnel.breakdown.cohorts:
        known = value[0]
        return {
            "breakdown": cohort_name(ctx, known),
            "breakdown_value": int(known) if known.isdigit() else ALL_USERS_NUMBER,
        }
    if funnel.breakdown is not None and funnel.breakdown.plain:
        return {"breakdown": value[0], "breakdown_value": value[0]}
    return {"breakdown": list(value), "breakdown_value": list(value)}


def _step(funnel: FunnelQuery, number: int, node: Mapping[str, Any], numbers: Numbers) -> dict[str, Any]:
    count = numbers.counts[number]
    is_action = node.get("kind") == "ActionsNode"
    name = series_name(node)
    if funnel.order == "unordered":
        shown = f"Completed {number + 1} step{'' if number == 0 else 's'}"
        identity: dict[str, Any] = {"action_id": None, "name": shown, "custom_name": None}
    else:
        identity = {
            "action_id": node.get("id") if is_action else name,
            "name": name,
            "custom_name": node.get("custom_name"),
        }
    return identity | {
        "order": number,
        "people": [],
        "count": round(count / funnel.sampling) if funnel.sampling else count,
        "type": "actions" if is_action else "events",
        "average_conversion_time": numbers.averages[number],
        "median_conversion_time": numbers.medians[number],
    }


def _trends(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> list[dict[str, Any]]:
    """One series of conversion rates, or one per breakdown value: those with most entrances, in the values' order."""
    found = trend_numbers(ctx, funnel, over)
    if funnel.breakdown is None:
        return [_series(funnel, over.starts, found.get((), {}))]
    ranked = sorted(found.items(), key=lambda item: (-sum(began for began, _ in item[1].values()), item[0]))
    named = [(_breakdown_fields(ctx, funnel, value)["breakdown"], found) for value, found in ranked]
    kept = sorted(named[: funnel.breakdown.limit], key=lambda item: item[0])
    return [_series(funnel, over.starts, numbers) | {"breakdown_value": shown} for shown, numbers in kept]


def _series(funnel: FunnelQuery, starts: list[datetime], found: dict[int, tuple[int, int]]) -> dict[str, Any]:
    """A line of rates. Its ``count`` is that of its intervals, as PostHog has it."""
    numbers = [found.get(interval, (0, 0)) for interval in range(len(starts))]
    return {
        "count": len(numbers),
        "data": [round(100 * done / began, 2) if began else 0.0 for began, done in numbers],
        "days": [day_text(start, funnel.interval) for start in starts],
        "labels": [label_text(start, funnel.interval) for start in starts],
    }
