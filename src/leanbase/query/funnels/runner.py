"""FunnelsQuery: from its JSON to PostHog's results."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leanbase.query.breakdown_lists import cohort_name
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.durations import average, median, time_to_convert
from leanbase.query.funnels.events import funnel_period
from leanbase.query.funnels.outcomes import (
    Entrance,
    Tally,
    Value,
    empty_tally,
    entrances,
    reached,
    seconds_between,
    tallies,
)
from leanbase.query.funnels.query import FunnelQuery, read_funnel
from leanbase.query.intervals import day_text, label_text
from leanbase.query.series import series_name

OTHER: Value = ("Other",)


def run_funnel(ctx: QueryContext, query: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a FunnelsQuery: ``results`` in the shape of its viz type. Raises :class:`QueryError`."""
    funnel = read_funnel(query)
    over = funnel_period(ctx, funnel)
    results: Any
    match funnel.viz:
        case "steps":
            results = _steps(ctx, funnel, tallies(funnel.step_count, reached(ctx, funnel, over)))
        case "time_to_convert":
            seconds = seconds_between(reached(ctx, funnel, over), funnel.from_step, funnel.to_step)
            results = time_to_convert(seconds, funnel.bin_count)
        case "trends":
            results = _trends(ctx, funnel, over)
    return {"results": results, "isUdf": True, "resolved_date_range": over.resolved()}


def _steps(ctx: QueryContext, funnel: FunnelQuery, counted: dict[Value, Tally]) -> list[Any]:
    """The steps, or with a breakdown a list of steps per value; empty when nobody entered."""
    scale = 1 / (funnel.sampling or 1)
    if funnel.breakdown is None:
        return [
            _step(funnel, number, tally, scale) for tally in counted.values() for number in range(len(funnel.series))
        ]
    blocks: list[Any] = []
    for value, tally in _ranked(funnel, counted):
        shown = _breakdown_fields(ctx, funnel, value)
        blocks.append([_step(funnel, number, tally, scale) | shown for number in range(len(funnel.series))])
    return blocks


def _ranked(funnel: FunnelQuery, counted: dict[Value, Tally]) -> list[tuple[Value, Tally]]:
    """Most conversions first, ties by the steps before and the value; what is beyond the limit becomes one "Other"."""
    ranked = sorted(counted.items(), key=lambda item: ([-count for count in reversed(item[1].counts)], item[0]))
    breakdown = funnel.breakdown
    if breakdown is None or breakdown.cohorts or len(ranked) <= breakdown.limit:
        return ranked
    other = empty_tally(len(funnel.series))
    for _, tally in ranked[breakdown.limit :]:
        other.merge(tally)
    return [*ranked[: breakdown.limit], (OTHER, other)]


def _breakdown_fields(ctx: QueryContext, funnel: FunnelQuery, value: Value) -> dict[str, Any]:
    if funnel.breakdown is not None and funnel.breakdown.cohorts:
        known = value[0]
        return {
            "breakdown": cohort_name(ctx, known),
            "breakdown_value": int(known) if known.isdigit() else known,
        }
    return {"breakdown": list(value), "breakdown_value": list(value)}


def _step(funnel: FunnelQuery, number: int, tally: Tally, scale: float) -> dict[str, Any]:
    node = funnel.series[number]
    count = tally.counts[number]
    is_action = node.get("kind") == "ActionsNode"
    name = series_name(node)
    if funnel.order == "unordered":
        shown = f"Completed {number + 1} step{'' if number == 0 else 's'}"
        identity: dict[str, Any] = {"action_id": None, "name": shown, "custom_name": None}
    else:
        identity = {
            "action_id": node.get("id") if is_action else name,
            "name": name or "All events",
            "custom_name": node.get("custom_name"),
        }
    return identity | {
        "order": number,
        "people": [],
        "count": count if scale == 1 else round(count * scale),
        "type": "actions" if is_action else "events",
        "average_conversion_time": average(tally.seconds[number]),
        "median_conversion_time": median(tally.seconds[number]),
    }


def _trends(ctx: QueryContext, funnel: FunnelQuery, over: Period) -> list[dict[str, Any]]:
    """One series of conversion rates, or one per breakdown value, most entrances first."""
    by_value: dict[Value, list[Entrance]] = {} if funnel.breakdown else {(): []}
    for entrance in entrances(ctx, funnel, over):
        by_value.setdefault(entrance.value, []).append(entrance)
    if funnel.breakdown is None:
        return [_series(funnel, over.starts, by_value[()])]
    ranked = sorted(by_value.items(), key=lambda item: (-_entered(funnel, item[1]), item[0]))
    series: list[dict[str, Any]] = []
    for value, found in ranked[: funnel.breakdown.limit]:
        shown = _breakdown_fields(ctx, funnel, value)
        series.append(_series(funnel, over.starts, found) | {"breakdown_value": shown["breakdown"]})
    return series


def _entered(funnel: FunnelQuery, found: list[Entrance]) -> int:
    return sum(entrance.depth > funnel.from_step for entrance in found)


def _series(funnel: FunnelQuery, starts: list[datetime], found: list[Entrance]) -> dict[str, Any]:
    entered, converted = [0] * len(starts), [0] * len(starts)
    for entrance in found:
        entered[entrance.interval] += entrance.depth > funnel.from_step
        converted[entrance.interval] += entrance.depth > funnel.to_step
    rates = [round(100 * done / began, 2) if began else 0.0 for began, done in zip(entered, converted, strict=True)]
    return {
        "count": sum(entered),
        "data": rates,
        "days": [day_text(start, funnel.interval) for start in starts],
        "labels": [label_text(start, funnel.interval) for start in starts],
    }
