"""Whole answers of funnels: who did what and when, a query, what comes back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leanbase.query.actors.runner import run_actors
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.funnels.runner import run_funnel

Insert = Callable[..., None]
Make = Callable[..., QueryContext]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ORDERS = ("ordered", "strict", "unordered")
BY_COLOR = {"breakdownFilter": {"breakdown": "color", "breakdown_type": "event"}}
_EVENT = re.compile(r"(?P<name>\w+)@(?:(?P<day>\d+)d)?(?P<second>\d+)(?:=(?P<color>\w+))?")


def journey(who: str, text: str, groups: dict[int, str] | None = None) -> list[dict[str, Any]]:
    """``a@5 b@2d60=red``: a five seconds after the begin, b a minute into the third day, in red."""
    return [
        {
            "event": found["name"],
            "distinct_id": who,
            "timestamp": BEGIN + timedelta(days=int(found["day"] or 0), seconds=int(found["second"])),
            "properties": {"color": found["color"]} if found["color"] else {},
            "groups": groups or {},
        }
        for found in _EVENT.finditer(text)
    ]


def funnel(steps: str, window: int = 100, excluded: str | None = None, **more: Any) -> dict[str, Any]:
    """A funnel of one-letter events; ``excluded`` counts all the way. Options of the filter stand in ``options``."""
    options: dict[str, Any] = {"funnelWindowInterval": window, "funnelWindowIntervalUnit": "second"}
    if excluded:
        options["exclusions"] = [{"kind": "EventsNode", "event": excluded}]
    options |= more.pop("options", {})
    return {
        "kind": "FunnelsQuery",
        "series": [{"kind": "EventsNode", "event": step} for step in steps],
        "dateRange": {"date_from": "2026-01-01", "date_to": "2026-01-03"},
        "funnelsFilter": options,
        **more,
    }


def counts(results: list[Any]) -> Any:
    """The counts of the steps, or with a breakdown by the first value."""
    if results and isinstance(results[0], list):
        return {steps[0]["breakdown"][0]: [step["count"] for step in steps] for steps in results}
    return [step["count"] for step in results]


def people(ctx: QueryContext, query: dict[str, Any], **asked: Any) -> list[str]:
    source = {"kind": "FunnelsActorsQuery", "source": query, **asked}
    rows = run_actors(ctx, {"kind": "ActorsQuery", "select": ["person"], "source": source})["results"]
    return sorted(row[0]["distinct_ids"][0] for row in rows)


def test_who_never_did_the_attributed_step_is_left_out(ctx: Make, insert_events: Insert) -> None:
    rows = journey("p", "a@0=red b@1") + journey("q", "a@0=red") + journey("r", "a@0 b@1=blue b@2=green")
    insert_events(1, rows)
    attributed = {"breakdownAttributionType": "step", "breakdownAttributionValue": 1}
    found = counts(run_funnel(ctx(), funnel("ab", options=attributed, **BY_COLOR))["results"])
    assert found == {"": [1, 1], "blue": [1, 1], "green": [1, 1]}
    attributed["breakdownAttributionValue"] = 0
    found = counts(run_funnel(ctx(), funnel("ab", options=attributed, **BY_COLOR))["results"])
    assert found == {"red": [2, 1], "": [1, 1]}


@pytest.mark.parametrize(("attribution", "color"), [("first_touch", "red"), ("last_touch", "blue")])
def test_a_touch_may_be_any_event_that_the_funnel_looks_at(
    ctx: Make, insert_events: Insert, attribution: str, color: str
) -> None:
    insert_events(1, journey("p", "x@0=red a@5 b@9 x@10=blue"))
    asked = {"breakdownAttributionType": attribution}
    found = run_funnel(ctx(), funnel("ab", excluded="x", options=asked, **BY_COLOR))["results"]
    assert counts(found) == {color: [1, 1]}
    strict = run_funnel(ctx(), funnel("ab", options=asked | {"funnelOrderType": "strict"}, **BY_COLOR))["results"]
    assert counts(strict) == {color: [1, 1]}


def test_an_exclusion_takes_back_what_an_unordered_funnel_has_under_way(ctx: Make, insert_events: Insert) -> None:
    done = {
        "lost": ("a@0 b@1 x@2 c@3", 1),
        "anew": ("a@0 b@1 x@2 c@3 b@4", 2),
        "completed before": ("a@0 b@1 c@2 x@3", 3),
        "over before": ("a@0 b@1 c@500 x@501", 2),
        "keeps its first step": ("a@0 b@1 x@2", 1),
        "never": ("x@0", 0),
    }
    for who, (text, _) in done.items():
        insert_events(1, journey(who, text))
    query = funnel("abc", excluded="x", options={"funnelOrderType": "unordered"})
    assert counts(run_funnel(ctx(), query)["results"]) == [5, 3, 1]
    for step in (1, 2, 3):
        expected = sorted(who for who, (_, depth) in done.items() if depth >= step)
        assert people(ctx(), query, funnelStep=step) == expected


TREND = {"funnelVizType": "trends"}


def rates(ctx: QueryContext, query: dict[str, Any]) -> list[Any]:
    return [series["data"] for series in run_funnel(ctx, query)["results"]]


def test_a_trend_counts_its_intervals_and_sorts_its_values(ctx: Make, insert_events: Insert) -> None:
    rows = journey("p", "a@0=red b@1") + journey("q", "a@0=red") + journey("r", "a@1d0=blue b@1d1")
    insert_events(1, rows)
    found = run_funnel(ctx(), funnel("ab", options=TREND, **BY_COLOR))["results"]
    assert [(series["breakdown_value"], series["data"]) for series in found] == [
        (["blue"], [0, 100, 0]),
        (["red"], [50, 0, 0]),
    ]
    assert [series["count"] for series in found] == [3, 3]
    limited = {"breakdownFilter": BY_COLOR["breakdownFilter"] | {"breakdown_limit": 1}}
    [most] = run_funnel(ctx(), funnel("ab", options=TREND, **limited))["results"]
    assert most["breakdown_value"] == ["red"]


def test_exclusions_in_a_trend(ctx: Make, insert_events: Insert) -> None:
    """Going on past an exclusion undoes every entrance but those that converted, meeting one only that day's."""
    done = {
        "went on": "a@0 a@1d30 x@1d31 b@1d32",
        "met one": "a@0 a@1d30 x@1d31",
        "converted": "a@0 b@1 a@1d30 x@1d31 b@1d32",
        "was late": "a@0 x@500",
    }
    for who, text in done.items():
        insert_events(1, journey(who, text))
    query = funnel("ab", excluded="x", options=TREND)
    assert rates(ctx(), query) == [[33.33, 0, 0]]
    for day, dropped, expected in [
        ("2026-01-01", True, ["met one", "was late"]),
        ("2026-01-01", False, ["converted"]),
        ("2026-01-02", True, []),
    ]:
        asked = {"funnelTrendsEntrancePeriodStart": day, "funnelTrendsDropOff": dropped}
        assert people(ctx(), query, **asked) == expected


def test_a_trend_of_some_unordered_steps_still_begins_with_any(ctx: Make, insert_events: Insert) -> None:
    rows = journey("p", "c@0") + journey("q", "a@0 b@1") + journey("r", "c@0 b@1")
    insert_events(1, rows)
    query = funnel("abc", options=TREND | {"funnelOrderType": "unordered", "funnelToStep": 1})
    assert rates(ctx(), query)[0][0] == 66.67


@pytest.mark.parametrize(("window", "converts"), [(0, 1), (-3, 1), (None, 1), (5, 0)])
def test_a_window_of_no_time_is_the_default(
    ctx: Make, insert_events: Insert, window: int | None, converts: int
) -> None:
    insert_events(1, journey("p", "a@0 b@60"))
    query = funnel("ab")
    query["funnelsFilter"] = {"funnelWindowInterval": window, "funnelWindowIntervalUnit": "second"}
    if not window or window < 0:
        del query["funnelsFilter"]["funnelWindowIntervalUnit"]
    assert counts(run_funnel(ctx(), query)["results"]) == [1, converts]


def test_times_to_convert_are_not_broken_down(ctx: Make, insert_events: Insert) -> None:
    insert_events(1, journey("p", "a@0=red b@4=blue") + journey("q", "a@0=red b@8=red"))
    options = {"funnelVizType": "time_to_convert", "breakdownAttributionType": "all_events"}
    found = run_funnel(ctx(), funnel("ab", options=options, **BY_COLOR))["results"]
    assert found == {"bins": [[4, 1], [6, 0], [8, 1]], "average_conversion_time": 6}


def test_a_property_of_groups_is_shown_as_a_text(ctx: Make, insert_events: Insert, insert_groups: Insert) -> None:
    insert_groups(1, [{"index": 0, "key": "acme", "properties": {"size": "big"}}])
    insert_events(1, journey("p", "a@0 b@4", {0: "acme"}))
    described = {"breakdown": "size", "breakdown_type": "group", "breakdown_group_type_index": 0}
    [[first, _]] = run_funnel(ctx(), funnel("ab", breakdownFilter=described))["results"]
    assert (first["breakdown"], first["breakdown_value"]) == ("big", "big")
    listed = described | {"breakdown": ["size"]}
    [[first, _]] = run_funnel(ctx(), funnel("ab", breakdownFilter=listed))["results"]
    assert first["breakdown"] == ["big"]


@pytest.mark.parametrize("attribution", ["first_touch", "step"])
@pytest.mark.parametrize("order", ORDERS)
def test_everybody_is_the_cohort_of_number_zero(
    ctx: Make, lookups: Any, insert_events: Insert, insert_cohort: Insert, order: str, attribution: str
) -> None:
    lookups.cohort_names[7] = "early"
    insert_events(1, journey("p", "a@0") + journey("q", "a@0"))
    insert_cohort(1, 7, ["p"])
    options = {"funnelOrderType": order, "breakdownAttributionType": attribution}
    query = funnel("ab", options=options, breakdownFilter={"breakdown": ["all", 7], "breakdown_type": "cohort"})
    found = run_funnel(ctx(), query)["results"]
    shown = [(steps[0]["breakdown"], steps[0]["breakdown_value"], steps[0]["count"]) for steps in found]
    assert shown == [("all users", 0, 2), ("early", 7, 1)]
    assert people(ctx(), query, funnelStep=1, funnelStepBreakdown=0) == ["p", "q"]
    assert people(ctx(), query, funnelStep=1, funnelStepBreakdown=7) == ["p"]


def test_steps_are_named_by_what_they_are_today(ctx: Make, lookups: Any, insert_events: Insert) -> None:
    lookups.action_steps[3] = [{"event": "b"}]
    lookups.action_names[3] = "bought"
    insert_events(1, journey("p", "a@0 b@4"))
    query = funnel("ab")
    query["series"] = [{"kind": "EventsNode", "event": None, "math": "dau"}, {"kind": "ActionsNode", "id": 3}]
    found = run_funnel(ctx(), query)["results"]
    assert [(step["action_id"], step["name"], step["type"]) for step in found] == [
        (None, None, "events"),
        (3, "bought", "actions"),
    ]
    assert counts(found) == [1, 1]


def optional(number: int) -> list[dict[str, Any]]:
    return [{"kind": "EventsNode", "event": step, "optionalInFunnel": at == number} for at, step in enumerate("abc")]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"series": []}, "funnels_require_at_least_two_steps"),
        ({"series": [{"kind": "EventsNode", "event": str(step)} for step in range(63)]}, "funnel_max_steps_exceeded"),
        ({"funnelsFilter": {"funnelFromStep": 2}}, "funnel_step_range_invalid"),
        ({"funnelsFilter": {"funnelToStep": 0}}, "funnel_step_range_invalid"),
        ({"funnelsFilter": {"funnelFromStep": 1, "funnelToStep": 1}}, "funnel_step_range_invalid"),
        ({"funnelsFilter": {"exclusions": [{"event": "b"}]}}, "funnel_exclusions_invalid"),
        ({"funnelsFilter": {"exclusions": [{"event": "x", "funnelFromStep": 2}]}}, "funnel_exclusions_invalid"),
        ({"series": optional(0)}, "funnel_optional_steps_invalid"),
        ({"series": optional(1), "funnelsFilter": TREND}, "funnel_optional_steps_invalid"),
        ({"series": [{"kind": "EventsNode", "event": "a", "math": "first_time"}] * 2}, "invalid_choice"),
    ],
)
def test_refusals_carry_their_codes(ctx: Make, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(QueryError) as refused:
        run_funnel(ctx(), funnel("abc") | changed)
    assert refused.value.code == code
    assert refused.value.attr


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("steps", [20, 40])
def test_long_funnels_of_every_order(ctx: Make, insert_events: Insert, order: str, steps: int) -> None:
    names = [f"s{number}" for number in range(steps)]
    insert_events(1, journey("p", " ".join(f"{name}@{number}" for number, name in enumerate(names))))
    query = funnel("", options={"funnelOrderType": order})
    query["series"] = [{"kind": "EventsNode", "event": name} for name in names]
    found = run_funnel(ctx(), query)["results"]
    assert counts(found) == [1] * steps
    assert [step["average_conversion_time"] for step in found] == [None] + [1] * (steps - 1)
