"""A FunnelsQuery, read and checked. The defaults and the refusals are PostHog's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal, cast

from leanbase.query import fields
from leanbase.query.breakdown_lists import Breakdown, read_breakdown
from leanbase.query.errors import QueryError
from leanbase.query.funnels.machine import Order, Rules
from leanbase.query.intervals import Interval
from leanbase.query.periods import interval_of

Viz = Literal["steps", "time_to_convert", "trends"]
Attribution = Literal["first_touch", "last_touch", "all_events", "step"]

MAX_STEPS = 62  # steps are bits of one 64-bit number on their way out of the engine
MAX_BINS = 90
_SECOND = 1_000_000
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400, "month": 31 * 86_400}
# Longer than any range that can hold events, short enough that a window in microseconds fits into 64 bits.
_MAX_WINDOW_SECONDS = 10_000 * 366 * 86_400
_ATTR = "funnelsFilter."
_FAR = 1 << 40
_RANGE = "funnel_step_range_invalid"  # codes are PostHog's
_EXCLUSIONS = "funnel_exclusions_invalid"
_OPTIONAL = "funnel_optional_steps_invalid"

Node = Mapping[str, Any]


@dataclass(frozen=True)
class Exclusion:
    """An event that must not happen after step ``from_step`` and before step ``to_step`` (both 0 first)."""

    node: Node
    from_step: int
    to_step: int


@dataclass(frozen=True)
class FunnelQuery:
    """What is asked. ``window`` is in microseconds, steps count from 0."""

    source: Node
    series: list[Node]
    order: Order = "ordered"
    viz: Viz = "steps"
    window: int = 14 * 86_400 * _SECOND
    from_step: int = 0
    to_step: int = 1
    exclusions: list[Exclusion] = field(default_factory=list[Exclusion])
    breakdown: Breakdown | None = None
    attribution: Attribution = "first_touch"
    attribution_step: int = 0
    group_type_index: int | None = None
    aggregate_by: str | None = None
    bin_count: int | None = None
    interval: Interval = "day"
    sampling: float | None = None

    @property
    def rules(self) -> Rules:
        """The machine's part of the query."""
        attributed = self.breakdown is not None and self.attribution == "step"
        return Rules(
            steps=self.step_count,
            window=self.window,
            order=self.order,
            optional=frozenset(n + 1 for n, node in enumerate(self.series) if node.get("optionalInFunnel")),
            attributed=self.attribution_step + 1 if attributed else None,
        )

    @property
    def step_count(self) -> int:
        """The steps that are played. A trend needs none after ``to_step``, but where any step counts it needs all."""
        return self.to_step + 1 if self.viz == "trends" and self.order != "unordered" else len(self.series)


def read_funnel(query: Node) -> FunnelQuery:
    """Read a FunnelsQuery. Raises :class:`QueryError` with the place of what is wrong."""
    series = fields.objects(query, "series")
    if len(series) < 2:
        raise QueryError("Funnels require at least two steps.", "funnels_require_at_least_two_steps", "series")
    if len(series) > MAX_STEPS:
        raise QueryError(f"a funnel has at most {MAX_STEPS} steps", "funnel_max_steps_exceeded", "series")
    last = len(series) - 1
    options = fields.part(query, "funnelsFilter")
    order = fields.choice(options, "funnelOrderType", ("ordered", "strict", "unordered"), "ordered", _ATTR)
    viz = fields.choice(options, "funnelVizType", ("steps", "time_to_convert", "trends"), "steps", _ATTR)
    from_step = _step_of(options, "funnelFromStep", 0, 0, last - 1)
    to_step = _step_of(options, "funnelToStep", last, 1, last)
    if from_step >= to_step:
        raise QueryError("funnelToStep must come after funnelFromStep", _RANGE, "funnelsFilter.funnelToStep")
    breakdown = read_breakdown(query) if viz != "time_to_convert" else None  # times are of everybody (PostHog's rule)
    attribution = fields.choice(
        options,
        "breakdownAttributionType",
        ("first_touch", "last_touch", "all_events", "step"),
        "first_touch",
        _ATTR,
    )
    if breakdown and breakdown.cohorts:
        attribution = "all_events"  # somebody counts in all of their cohorts, whatever they did
    attribution_step = fields.whole(options, "breakdownAttributionValue", 0, 0, last, _ATTR) or 0
    if order == "unordered" and breakdown and attribution == "step" and attribution_step:
        raise QueryError(
            "Only the first step can be used for breakdown attribution in unordered funnels",
            attr="funnelsFilter.breakdownAttributionValue",
        )
    _check_optional(series, order, viz)
    sampling = query.get("samplingFactor")
    return FunnelQuery(
        source=query,
        series=series,
        order=cast(Order, order),
        viz=cast(Viz, viz),
        window=_window(options),
        from_step=from_step,
        to_step=to_step,
        exclusions=_exclusions(options, series, order),
        breakdown=breakdown,
        attribution=cast(Attribution, attribution),
        attribution_step=attribution_step,
        group_type_index=fields.whole(query, "aggregation_group_type_index", None, 0, 4),
        aggregate_by=fields.text(options, "funnelAggregateByHogQL", _ATTR),
        bin_count=fields.whole(options, "binCount", None, 1, MAX_BINS, _ATTR),
        interval=interval_of(query),
        sampling=float(sampling) if isinstance(sampling, int | float) and 0 < sampling < 1 else None,
    )


def _step_of(options: Node, name: str, default: int, low: int, high: int) -> int:
    """A step of ``funnelsFilter``, 0 first. Raises :class:`QueryError` with PostHog's code."""
    found = fields.whole(options, name, default, -_FAR, _FAR, _ATTR)
    step = default if found is None else found
    if not low <= step <= high:
        raise QueryError(f"{_ATTR}{name} is a step from {low} to {high}", _RANGE, f"{_ATTR}{name}")
    return step


def _window(options: Node) -> int:
    """Microseconds. A count that is no time at all, 0 or less, means the default (PostHog's rule)."""
    count = fields.whole(options, "funnelWindowInterval", 14, -_FAR, _MAX_WINDOW_SECONDS, _ATTR) or 14
    count = count if count > 0 else 14
    unit = fields.choice(options, "funnelWindowIntervalUnit", tuple(_UNITS), "day", _ATTR)
    return min(count * _UNITS[unit], _MAX_WINDOW_SECONDS) * _SECOND


def _exclusions(options: Node, series: list[Node], order: str) -> list[Exclusion]:
    last = len(series) - 1
    found: list[Exclusion] = []
    for number, item in enumerate(fields.objects(options, "exclusions", _ATTR)):
        path = f"funnelsFilter.exclusions.{number}"
        from_step = fields.whole(item, "funnelFromStep", 0, 0, _FAR, f"{path}.") or 0
        to_step = fields.whole(item, "funnelToStep", last, 0, _FAR, f"{path}.")
        to_step = last if to_step is None else to_step
        if from_step >= to_step:
            raise QueryError("an exclusion's range must end after it begins", _EXCLUSIONS, path)
        if from_step >= last or to_step > last:
            raise QueryError(f"an exclusion's range lies within the steps 0 to {last}", _EXCLUSIONS, path)
        if order == "unordered" and (from_step != 0 or to_step != last):
            raise QueryError("Partial Exclusions not allowed in unordered funnels", _EXCLUSIONS, path)
        for node in series[from_step : to_step + 1]:
            if covers(node, item):
                raise QueryError(
                    "Exclusion steps cannot contain an event that's part of funnel steps.", _EXCLUSIONS, path
                )
        node = {name: value for name, value in item.items() if name not in {"funnelFromStep", "funnelToStep"}}
        found.append(Exclusion(node, from_step, to_step))
    return found


def _check_optional(series: list[Node], order: str, viz: str) -> None:
    if not any(node.get("optionalInFunnel") for node in series):
        return
    if viz != "steps" or order == "unordered":
        raise QueryError("optional steps are only possible in ordered and strict funnels of steps", _OPTIONAL, "series")
    if series[0].get("optionalInFunnel"):
        raise QueryError("The first step of a funnel cannot be optional.", _OPTIONAL, "series.0.optionalInFunnel")
    for number, (node, following) in enumerate(pairwise(series)):
        optional = node.get("optionalInFunnel") and not following.get("optionalInFunnel")
        if optional and covers(following, node):
            raise QueryError(
                "An optional step cannot be the same as the following required step.", _OPTIONAL, f"series.{number}"
            )


def covers(wide: Node, narrow: Node) -> bool:
    """Whether every event of ``narrow`` plainly is one of ``wide``: the same event or action, under no more filters."""
    if _identity(wide) != _identity(narrow):
        return False
    kept = _properties(narrow)
    return all(item in kept for item in _properties(wide))


def _identity(node: Node) -> tuple[str, Any]:
    if "Actions" in str(node.get("kind", "")):
        return ("action", str(node.get("id")))
    if node.get("kind") == "GroupNode":
        return ("group", [_identity(item) for item in cast(list[Node], node.get("nodes") or [])])
    return ("event", node.get("event"))


def _properties(node: Node) -> list[Any]:
    properties = node.get("properties") or []
    return cast(list[Any], properties) if isinstance(properties, list) else [properties]
