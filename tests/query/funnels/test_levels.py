"""Funnels over timelines against the machine: the same outcome for everybody, the same numbers."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from statistics import fmean, median
from typing import Any

import pytest

from leanbase.query.context import QueryContext
from leanbase.query.funnels.events import funnel_period, journeys, starts_in_micros
from leanbase.query.funnels.numbers import OTHER, step_numbers, trend_numbers
from leanbase.query.funnels.outcomes import Entrance, Reached, entrances, outcome_of, reached
from leanbase.query.funnels.query import FunnelQuery, read_funnel
from leanbase.query.funnels.timelines import timelines_sql
from leanbase.query.funnels.trend import depths_by_interval

Insert = Callable[..., None]
Make = Callable[..., QueryContext]
STEPS = "abcd"
WINDOWS = (1, 4, 9, 60)  # seconds
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def crowd(insert_events: Insert) -> None:
    """500 people with up to 12 events in 16 different seconds, so that ties, repeats and window edges abound."""
    chance = random.Random(7)
    rows: list[dict[str, Any]] = []
    for person in range(500):
        for _ in range(chance.randint(0, 12)):
            rows.append(
                {
                    "event": chance.choice(STEPS),
                    "distinct_id": f"p{person}",
                    "timestamp": BEGIN + timedelta(seconds=chance.randint(0, 15)),
                    "properties": {"color": chance.choice(["red", "blue", "green", None])},
                }
            )
    insert_events(1, rows)


def funnel(steps: str, window: int, **more: Any) -> FunnelQuery:
    query = {
        "series": [{"kind": "EventsNode", "event": step} for step in steps],
        "dateRange": {"date_from": "2026-01-01", "date_to": "2026-01-02"},
        "funnelsFilter": {"funnelWindowInterval": window, "funnelWindowIntervalUnit": "second"}
        | more.pop("funnel", {}),
    }
    return read_funnel(query | more)


BY_COLOR = {"breakdownFilter": {"breakdown": "color", "breakdown_type": "event"}}


EXCLUSION = {"kind": "EventsNode", "event": "d"}
FIRST = {"exclusions": [{**EXCLUSION, "funnelFromStep": 0, "funnelToStep": 1}]}
LAST = {"exclusions": [{**EXCLUSION, "funnelFromStep": 1, "funnelToStep": 2}]}
WHOLE = {"exclusions": [EXCLUSION]}
RED = {"properties": [{"type": "event", "key": "color", "value": "red"}]}


def machine_says(ctx: QueryContext, asked: FunnelQuery) -> list[Reached]:
    found = [
        Reached(one.actor, one.value, outcome_of(asked.rules, one.touches, one.value))
        for one in journeys(ctx, asked, funnel_period(ctx, asked))
    ]
    return sorted(one for one in found if one.outcome.steps)


def machine_enters(ctx: QueryContext, asked: FunnelQuery) -> list[Entrance]:
    over = funnel_period(ctx, asked)
    return sorted(
        Entrance(one.actor, one.value, interval, depth)
        for one in journeys(ctx, asked, over)
        for interval, depth in depths_by_interval(asked.rules, one.touches, starts_in_micros(over), one.value).items()
    )


@pytest.mark.parametrize("steps", ["ab", "abc", "dcba", "aba", "aab", "abcabc"])
@pytest.mark.parametrize("order", ["ordered", "strict", "unordered"])
def test_everybody_comes_as_far_at_the_same_times(ctx: Make, crowd: None, steps: str, order: str) -> None:
    for window in WINDOWS:
        asked = funnel(steps, window, funnel={"funnelOrderType": order})
        assert sorted(reached(ctx(), asked, funnel_period(ctx(), asked))) == machine_says(ctx(), asked)


@pytest.mark.parametrize("excluded", [FIRST, LAST, WHOLE], ids=["first", "last", "whole"])
@pytest.mark.parametrize("order", ["ordered", "strict"])
def test_exclusions_remove_the_same_people(ctx: Make, crowd: None, order: str, excluded: dict[str, Any]) -> None:
    for steps, window in product(("abc", "aba"), WINDOWS):
        asked = funnel(steps, window, funnel={"funnelOrderType": order, **excluded})
        assert sorted(reached(ctx(), asked, funnel_period(ctx(), asked))) == machine_says(ctx(), asked)


def test_exclusions_empty_what_an_unordered_funnel_has_gathered(ctx: Make, crowd: None) -> None:
    for window in WINDOWS:
        asked = funnel("abc", window, funnel={"funnelOrderType": "unordered", **WHOLE})
        assert sorted(reached(ctx(), asked, funnel_period(ctx(), asked))) == machine_says(ctx(), asked)


@pytest.mark.parametrize("order", ["ordered", "strict", "unordered"])
def test_an_event_of_several_steps(ctx: Make, crowd: None, order: str) -> None:
    """All events, then red ones, then b: an event may be of three steps."""
    asked = funnel("abb", 5, funnel={"funnelOrderType": order})
    wide = [{"kind": "EventsNode", "event": None}, {"kind": "EventsNode", "event": None, **RED}, asked.series[2]]
    asked = replace(asked, series=wide)
    assert sorted(reached(ctx(), asked, funnel_period(ctx(), asked))) == machine_says(ctx(), asked)


@pytest.mark.parametrize("excluded", [{}, WHOLE], ids=["free", "excluded"])
@pytest.mark.parametrize("order", ["ordered", "strict", "unordered"])
def test_a_trend_has_the_same_entrances(ctx: Make, crowd: None, order: str, excluded: dict[str, Any]) -> None:
    for steps, window in (("abc", 1), ("abc", 5), ("aab", 5), ("dcba", 9)):
        if "d" in steps and excluded:
            continue
        options = {"funnelOrderType": order, "funnelVizType": "trends", **excluded}
        asked = replace(funnel(steps, window, funnel=options), interval="second")
        dates = {"dateRange": {"date_from": "2026-01-01T00:00:00Z", "date_to": "2026-01-01T00:00:20Z"}}
        asked = replace(asked, source={**asked.source, **dates})
        over = funnel_period(ctx(), asked)
        assert len(over.starts) > 15
        expected = machine_enters(ctx(), asked)
        assert sorted(entrances(ctx(), asked, over)) == expected
        by_interval: dict[int, tuple[int, int]] = {}
        for person in expected:
            began, done = by_interval.get(person.interval, (0, 0))
            by_interval[person.interval] = (began + 1, done + (person.depth > asked.to_step))
        assert trend_numbers(ctx(), asked, over)[()] == by_interval


@pytest.mark.parametrize("attribution", ["first_touch", "last_touch", "all_events", "step"])
def test_the_numbers_of_a_breakdown_are_those_of_its_people(ctx: Make, crowd: None, attribution: str) -> None:
    limited = {"breakdownFilter": BY_COLOR["breakdownFilter"] | {"breakdown_limit": 2}}
    asked = funnel("abc", 6, funnel={"breakdownAttributionType": attribution}, **limited)
    found = dict(step_numbers(ctx(), asked, funnel_period(ctx(), asked)))
    *named, other = found
    assert len(named) == 2
    assert other == OTHER
    people = machine_says(ctx(), asked)
    assert people == sorted(reached(ctx(), asked, funnel_period(ctx(), asked)))
    for value, numbers in found.items():
        outcomes = [one.outcome for one in people if (one.value if one.value in named else OTHER) == value]
        for step in (1, 2, 3):
            assert numbers.counts[step - 1] == sum(step in outcome.steps for outcome in outcomes)
        for step in (2, 3):
            took = [one.times[step - 1] - one.times[step - 2] for one in outcomes if step in one.steps]
            seconds = [micros / 1_000_000 for micros in took if micros]
            assert numbers.averages[step - 1] == pytest.approx(fmean(seconds))
            assert numbers.medians[step - 1] == pytest.approx(median(seconds))


def test_optional_steps(ctx: Make, crowd: None) -> None:
    asked = funnel("abcd", 9)
    asked = replace(asked, series=[{**node, "optionalInFunnel": node["event"] == "b"} for node in asked.series])
    assert sorted(reached(ctx(), asked, funnel_period(ctx(), asked))) == machine_says(ctx(), asked)


@pytest.mark.parametrize("excluded", [{}, WHOLE], ids=["free", "excluded"])
@pytest.mark.parametrize("steps", [12, 25, 62])
def test_long_funnels(ctx: Make, insert_events: Insert, steps: int, excluded: dict[str, Any]) -> None:
    """An event becomes a number of 64, 128 or 256 bits."""
    names = [f"step {number}" for number in range(steps)]
    times = [BEGIN + timedelta(seconds=number) for number in range(steps)]
    insert_events(
        1, [{"event": name, "distinct_id": "p", "timestamp": at} for name, at in zip(names, times, strict=True)]
    )
    asked = read_funnel(
        {
            "series": [{"kind": "EventsNode", "event": name} for name in names],
            "dateRange": {"date_from": "2026-01-01", "date_to": "2026-01-02"},
            "funnelsFilter": excluded,
        }
    )
    [person] = reached(ctx(), asked, funnel_period(ctx(), asked))
    assert person.outcome.steps == tuple(range(1, steps + 1))
    assert person.outcome.times == tuple(int(at.timestamp()) * 1_000_000 for at in times)


def test_the_sort_key_is_used(ctx: Make, crowd: None) -> None:
    context = ctx()
    asked = funnel("ab", 9)
    statement = timelines_sql(context, asked, funnel_period(context, asked))
    plan = "\n".join(
        str(row[0])
        for row in context.execute(replace(statement, text=f"EXPLAIN indexes = 1 {statement.text}", binary=())).rows
    )
    keys = plan[plan.index("PrimaryKey") :]
    assert "project_id" in keys
    assert "event" in keys
    assert "toDate(timestamp)" in keys
