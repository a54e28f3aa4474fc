"""Random histories, merges and zones: funnels, their correlation, retention and paths against naive walks."""

from datetime import datetime, timedelta
from statistics import mean, median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanbase.query.context import QueryContext
from leanbase.query.correlation.odds import odds_ratio
from leanbase.query.correlation.runner import run_correlation
from leanbase.query.funnels.events import funnel_period
from leanbase.query.funnels.query import read_funnel
from leanbase.query.funnels.runner import run_funnel
from leanbase.query.paths.runner import connected, run_paths
from leanbase.query.periods import period
from leanbase.query.retention.query import read_retention
from leanbase.query.retention.runner import run_retention
from leanbase.store.client import Store
from tests.query.oracle import journeys, paths, retention
from tests.query.oracle.histories import ZONES, histories, stored, worlds
from tests.query.oracle.trends import World, text_of

NAMES = "abcd"
FEWER = settings(histories, max_examples=15)  # statements of several hundred milliseconds; test_levels has the crowds
SOME = settings(histories, max_examples=25)
BUSY = st.integers(-200, 200).map(
    lambda step: timedelta(minutes=10 * step)
)  # some of one time, some half an hour apart
RANGES = st.sampled_from([{"date_from": "-1d"}, {"date_from": "-7d"}, {"date_from": "-2d", "date_to": "-1d"}])
ZONE = st.sampled_from(ZONES)
busy_worlds = worlds(NAMES, BUSY)


def node(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "EventsNode", "event": name, **more}


def surroundings(engine: Store, history: tuple[World, datetime], zone: str, week: int = 0) -> QueryContext:
    return stored(engine, history[0], zone, week, history[1] - timedelta(days=2))


FUNNELS = st.fixed_dictionaries(
    {
        "steps": st.sampled_from(["ab", "abc", "cba", "aab", "aba"]),
        "order": st.sampled_from(["ordered", "strict", "unordered"]),
        "hours": st.sampled_from([1, 5, 48]),
        "excluded": st.sampled_from([None, "d"]),
        "range": RANGES,
    }
)


def funnel_query(wanted: dict[str, Any]) -> dict[str, Any]:
    options = {
        "funnelOrderType": wanted["order"],
        "funnelWindowInterval": wanted["hours"],
        "funnelWindowIntervalUnit": "hour",
        "exclusions": [node(wanted["excluded"])] if wanted["excluded"] else [],
    }
    series = [node(name) for name in wanted["steps"]]
    return {"kind": "FunnelsQuery", "series": series, "dateRange": wanted["range"], "funnelsFilter": options}


@FEWER
@given(busy_worlds, ZONE, st.lists(FUNNELS, min_size=4, max_size=8))
def test_funnels(engine: Store, history: tuple[World, datetime], zone: str, asked: list[dict[str, Any]]) -> None:
    ctx = surroundings(engine, history, zone)
    for wanted in asked:
        query = funnel_query(wanted)
        funnel = read_funnel(query)
        over = funnel_period(ctx, funnel)
        reached = journeys.outcomes(
            history[0], over.read_from, over.end, funnel.rules, wanted["steps"], wanted["excluded"]
        )
        rows = run_funnel(ctx, query)["results"]
        assert bool(rows) == bool(reached), query
        for number, row in enumerate(rows):
            there = [outcome for outcome in reached.values() if len(outcome.steps) > number]
            assert row["count"] == len(there), query
            took = [(each.times[number] - each.times[number - 1]) / 1e6 for each in there] if number else []
            took = [seconds for seconds in took if seconds > 0]
            assert row["average_conversion_time"] == (pytest.approx(mean(took)) if took else None), query
            assert row["median_conversion_time"] == (pytest.approx(median(took)) if took else None), query


@SOME
@given(busy_worlds, ZONE, st.sampled_from([1, 5, 48]), RANGES)
def test_correlation(
    engine: Store, history: tuple[World, datetime], zone: str, hours: int, dates: dict[str, str]
) -> None:
    ctx = surroundings(engine, history, zone)
    source = funnel_query({"steps": "ab", "order": "ordered", "hours": hours, "excluded": None, "range": dates})
    query = {"source": {"kind": "FunnelsActorsQuery", "source": source}, "funnelCorrelationType": "events"}
    funnel = read_funnel(source)
    over = funnel_period(ctx, funnel)
    ends = over.read_from, over.end
    reached = journeys.outcomes(history[0], *ends, funnel.rules, "ab", None)
    won = sum(len(outcome.steps) == 2 for outcome in reached.values())
    lost = len(reached) - won
    counts = journeys.correlated(history[0], *ends, funnel.rules, "ab", reached) if won and lost else {}
    answer = run_correlation(ctx, query)["results"]
    assert answer["skewed"] == (not won or not lost)
    found = {row["event"]["event"]: row for row in answer["events"]}
    assert {name: (row["success_count"], row["failure_count"]) for name, row in found.items()} == counts
    for row in found.values():
        ratio = odds_ratio(row["success_count"], row["failure_count"], won, lost)
        assert row["odds_ratio"] == pytest.approx(ratio)
        assert row["correlation_type"] == ("success" if ratio > 1 else "failure")


RETENTIONS = st.fixed_dictionaries(
    {
        "retentionType": st.sampled_from(
            ["retention_recurring", "retention_first_time", "retention_first_ever_occurrence"]
        ),
        "period": st.sampled_from(["Day", "Day", "Week", "Month"]),
        "totalIntervals": st.integers(2, 9),
    },
    optional={
        "cumulative": st.booleans(),
        "minimumOccurrences": st.integers(1, 3),
        "retentionCustomBrackets": st.lists(st.integers(1, 3), min_size=1, max_size=3),
        "timeWindowMode": st.sampled_from(["strict_calendar_dates", "24_hour_windows"]),
    },
)
ONLY_A = {"properties": [{"type": "event", "key": "x", "operator": "exact", "value": "a"}]}


@SOME
@given(worlds(), ZONE, st.integers(0, 1), st.lists(st.tuples(RETENTIONS, st.booleans(), st.booleans()), min_size=4))
def test_retention(engine: Store, history: tuple[World, datetime], zone: str, week: int, asked: list[Any]) -> None:
    ctx = stored(engine, history[0], zone, week, history[1])
    for options, filtered, same in asked:
        if options.get("timeWindowMode") == "24_hour_windows" and options.get("cumulative"):
            continue
        target = {"id": "open", "type": "events", **(ONLY_A if filtered else {})}
        returning = {"id": "open" if same else "buy", "type": "events"}
        query = {"retentionFilter": {**options, "targetEntity": target, "returningEntity": returning}}
        read = read_retention(ctx, query)
        expected = retention.table(
            history[0],
            read,
            week,
            lambda event, filtered=filtered: event.event == "open" and (not filtered or text_of(event, "x") == "a"),
            lambda event: event.event == "open",
            lambda event, name=returning["id"]: event.event == name,
        )
        rows = run_retention(ctx, query)["results"]
        assert [[cell["count"] for cell in row["values"]] for row in rows] == expected, query


PATHS = st.fixed_dictionaries(
    {"stepLimit": st.integers(2, 6), "edgeLimit": st.sampled_from([3, 10_000])},
    optional={
        "startPoint": st.sampled_from(NAMES),
        "endPoint": st.sampled_from(NAMES),
        "excludeEvents": st.lists(st.sampled_from(NAMES), max_size=2),
    },
)


@FEWER
@given(busy_worlds, ZONE, RANGES, st.lists(PATHS, min_size=3, max_size=6))
def test_paths(
    engine: Store, history: tuple[World, datetime], zone: str, dates: dict[str, str], asked: list[dict[str, Any]]
) -> None:
    world = untied(history[0])
    ctx = surroundings(engine, (world, history[1]), zone)
    for options in asked:
        query = {"dateRange": dates, "pathsFilter": options}
        over = period(ctx, query, "day", [])
        found = paths.links(world, over.read_from, over.end, options)
        ranked = sorted(found.items(), key=lambda entry: (-entry[1][0], entry[0]))[: options["edgeLimit"]]
        expected = [
            {
                "source": source,
                "target": target,
                "value": times,
                "average_conversion_time": pytest.approx(took),
            }
            for (source, target), (times, took) in ranked
        ]
        assert run_paths(ctx, query)["results"] == connected(expected), query


def untied(world: World) -> World:
    """The world with no two events at one time: what comes first is not said otherwise."""
    for number, event in enumerate(world.events):
        event.timestamp += timedelta(microseconds=number)
    return world
