"""Funnels inside the engine against the machine: the same outcome for everybody, the same numbers."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leanbase.query.context import QueryContext
from leanbase.query.funnels import numbers, outcomes
from leanbase.query.funnels.events import funnel_period
from leanbase.query.funnels.outcomes import played, played_entrances, reached
from leanbase.query.funnels.playing import outcomes_sql
from leanbase.query.funnels.query import FunnelQuery, read_funnel
from leanbase.query.funnels.timelines import MAX_STEPS, is_playable

Insert = Callable[..., None]
Make = Callable[..., QueryContext]
STEPS = "abcd"
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


def machine_says(ctx: QueryContext, asked: FunnelQuery) -> list[Any]:
    return sorted(played(ctx, asked, funnel_period(ctx, asked)))


@pytest.mark.parametrize("window", [1, 4, 9, 60])
@pytest.mark.parametrize("steps", ["ab", "abc", "dcba", "aba", "aab", "abcabc"])
@pytest.mark.parametrize("order", ["ordered", "strict", "unordered"])
def test_everybody_comes_as_far_at_the_same_times(ctx: Make, crowd: None, steps: str, window: int, order: str) -> None:
    asked = funnel(steps, window, funnel={"funnelOrderType": order})
    assert is_playable(asked)
    assert sorted(reached(ctx(), asked, funnel_period(ctx(), asked))) == machine_says(ctx(), asked)


@pytest.mark.parametrize("window", [1, 4, 9, 60])
@pytest.mark.parametrize("excluded", [FIRST, LAST, WHOLE], ids=["first", "last", "whole"])
@pytest.mark.parametrize("order", ["ordered", "strict"])
def test_exclusions_remove_the_same_people(
    ctx: Make, crowd: None, order: str, excluded: dict[str, Any], window: int
) -> None:
    for steps in ("abc", "aba"):
        asked = funnel(steps, window, funnel={"funnelOrderType": order, **excluded})
        assert sorted(reached(ctx(), asked, funnel_period(ctx(), asked))) == machine_says(ctx(), asked)


@pytest.mark.parametrize("window", [1, 4, 9, 60])
def test_exclusions_empty_what_an_unordered_funnel_has_gathered(ctx: Make, crowd: None, window: int) -> None:
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
@pytest.mark.parametrize("order", ["ordered", "unordered"])
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
        assert is_playable(asked)
        assert sorted(outcomes.entrances(ctx(), asked, over)) == sorted(played_entrances(ctx(), asked, over))
        by_interval: dict[int, int] = {}
        for person in played_entrances(ctx(), asked, over):
            by_interval[person.interval] = by_interval.get(person.interval, 0) + (person.depth > asked.to_step)
        found = numbers.trend_numbers(ctx(), asked, over)[()]
        assert {interval: done for interval, (_, done) in found.items() if interval in by_interval} == by_interval


@pytest.mark.parametrize("attribution", ["first_touch", "last_touch", "all_events"])
def test_the_numbers_of_a_breakdown_are_the_same(
    ctx: Make, crowd: None, attribution: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = {"breakdownFilter": BY_COLOR["breakdownFilter"] | {"breakdown_limit": 2}}
    asked = funnel("abc", 6, funnel={"breakdownAttributionType": attribution}, **limited)
    over = funnel_period(ctx(), asked)
    from_engine = numbers.step_numbers(ctx(), asked, over)
    for module in (numbers, outcomes):
        monkeypatch.setattr(module, "is_playable", lambda *_: False)
    from_people = numbers.step_numbers(ctx(), asked, over)
    assert [value for value, _ in from_engine] == [value for value, _ in from_people]
    assert from_engine[-1][0] == ("Other",)
    for (_, fast), (_, slow) in zip(from_engine, from_people, strict=True):
        assert fast.counts == slow.counts
        assert fast.averages == pytest.approx(slow.averages)
        assert fast.medians == pytest.approx(slow.medians)


def test_what_the_engine_cannot_play_goes_to_the_machine(ctx: Make, crowd: None) -> None:
    asked = funnel("ab", 9)
    assert not is_playable(replace(asked, order="strict", viz="trends"))
    assert not is_playable(funnel("ab", 9, funnel={"breakdownAttributionType": "step"}, **BY_COLOR))
    optional = [asked.series[0], {**asked.series[1], "optionalInFunnel": True}, asked.series[0]]
    assert not is_playable(replace(asked, series=optional))


@pytest.mark.parametrize("steps", [MAX_STEPS, 25, 62])
def test_long_funnels(ctx: Make, insert_events: Insert, steps: int) -> None:
    names = [f"step {number}" for number in range(steps)]
    times = [BEGIN + timedelta(seconds=number) for number in range(steps)]
    insert_events(
        1, [{"event": name, "distinct_id": "p", "timestamp": at} for name, at in zip(names, times, strict=True)]
    )
    asked = read_funnel(
        {
            "series": [{"kind": "EventsNode", "event": name} for name in names],
            "dateRange": {"date_from": "2026-01-01", "date_to": "2026-01-02"},
        }
    )
    assert is_playable(asked) == (steps <= MAX_STEPS)
    [person] = reached(ctx(), asked, funnel_period(ctx(), asked))
    assert person.outcome.furthest == steps


def test_the_sort_key_is_used(ctx: Make, crowd: None) -> None:
    context = ctx()
    asked = funnel("ab", 9)
    statement = outcomes_sql(context, asked, funnel_period(context, asked))
    plan = "\n".join(
        str(row[0]) for row in context.execute(replace(statement, text=f"EXPLAIN indexes = 1 {statement.text}")).rows
    )
    keys = plan[plan.index("PrimaryKey") :]
    assert "project_id" in keys
    assert "event" in keys
    assert "toDate(timestamp)" in keys
