"""Paths against a naive walk through every person's events."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.errors import QueryError
from leanbase.query.paths import sql
from leanbase.query.paths.runner import connected, run_paths
from leanbase.query.paths.sql import GAP_TEXT, MOST_ITEMS, numbered_items
from tests.query.oracle import paths

Insert = Callable[..., None]
Make = Callable[..., QueryContext]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
PAGES = ["/", "/a", "/b/", "/c/1", "/c/2"]
RANGE = {"date_from": "2026-01-01", "date_to": "2026-01-03"}

View = tuple[str, datetime, str]


@pytest.fixture
def crowd(insert_events: Insert) -> list[View]:
    """120 people who look at pages, some of them twice in a row, with pauses around half an hour."""
    chance = random.Random(5)
    found: list[View] = []
    for person in range(120):
        at = BEGIN + timedelta(minutes=chance.randint(0, 600))
        for _ in range(chance.randint(1, 10)):
            found.append((f"p{person}", at, chance.choice(PAGES)))
            at += timedelta(minutes=chance.choice([1, 5, 29, 30, 31]))
    insert_events(
        1,
        [
            {"event": "$pageview", "distinct_id": who, "timestamp": at, "properties": {"$current_url": url}}
            for who, at, url in found
        ],
    )
    return found


def item(url: str) -> str:
    return url[:-1] if len(url) > 1 and url.endswith("/") else url


def walks(views: list[View]) -> list[list[paths.Step]]:
    """Everybody's paths."""
    own = {who: [(at, item(url)) for name, at, url in sorted(views) if name == who] for who, _, _ in views}
    return [path for who in sorted(own) for path in paths.walks(own[who])]


def links(found_paths: list[list[paths.Step]]) -> list[dict[str, Any]]:
    times: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for path in found_paths:
        for place in range(len(path) - 1):
            source, target = f"{place + 1}_{path[place][1]}", f"{place + 2}_{path[place + 1][1]}"
            times[source, target].append((path[place + 1][0] - path[place][0]).total_seconds() * 1000)
    ordered = sorted(times.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [
        {
            "source": source,
            "target": target,
            "value": len(found),
            "average_conversion_time": pytest.approx(sum(found) / len(found)),
        }
        for (source, target), found in ordered
    ]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"stepLimit": 3},
        {"startPoint": "/a"},
        {"endPoint": "/b"},
        {"startPoint": "/a", "endPoint": "/b"},
        {"startPoint": "/a", "endPoint": "/b", "stepLimit": 3},
    ],
    ids=str,
)
@pytest.mark.parametrize("numbered", [True, False], ids=["numbers", "texts"])
def test_links_are_those_of_every_walk(
    ctx: Make, crowd: list[View], options: dict[str, Any], numbered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not numbered:
        monkeypatch.setattr(sql, "MOST_ITEMS", 0)
    asked = {"includeEventTypes": ["$pageview"], "edgeLimit": 10_000, **options}
    answer = run_paths(ctx(), {"dateRange": RANGE, "pathsFilter": asked})
    shown = [paths.shown(path, options) for path in walks(crowd)]
    assert answer["results"] == links(shown)
    assert answer["dropoffs"] == ([] if "endPoint" in options else endings(shown, options.get("stepLimit", 5)))


SPAN = Period(BEGIN, BEGIN + timedelta(days=365), BEGIN, "day")


def test_steps_are_numbered_when_their_texts_are_few_and_short_for_the_events() -> None:
    assert numbered_items(["b", "a"], 1, SPAN) == [GAP_TEXT, "a", "b"]
    assert numbered_items(["five!"], 1, SPAN) is None
    assert numbered_items([], 0, SPAN) is None
    assert numbered_items([str(number) for number in range(MOST_ITEMS)], 1 << 20, SPAN) is not None
    assert numbered_items([str(number) for number in range(MOST_ITEMS + 1)], 1 << 20, SPAN) is None


def test_texts_come_back_as_they_were_sent(ctx: Make, insert_events: Insert) -> None:
    names = ["it's", 'a "quote"', "back\\slash\\n", "tab\tline\nend", "ü€😀", "zero\0", "{b0:String}", "..."]
    insert_events(
        1,
        [
            {"event": name, "distinct_id": f"p{person}", "timestamp": BEGIN + timedelta(minutes=minute)}
            for person in range(5)
            for minute, name in enumerate(names)
        ],
    )
    asked = {"dateRange": RANGE, "pathsFilter": {"stepLimit": 20}}
    found = run_paths(ctx(), asked)["results"]
    assert {(link["source"], link["target"]) for link in found} == {
        (f"{place}_{one}", f"{place + 1}_{other}") for place, (one, other) in enumerate(pairwise(names), 1)
    }
    assert all(link["value"] == 5 for link in found)


def endings(shown: list[list[paths.Step]], steps: int) -> list[dict[str, Any]]:
    """Where paths end that are not cut, of the places that are on a link."""
    came = Counter(f"{place}_{item}" for path in shown for place, (_, item) in enumerate(path, 1))
    ended = Counter(f"{len(path)}_{path[-1][1]}" for path in shown if 0 < len(path) < steps)
    drawn = {link[end] for link in links(shown) for end in ("source", "target")}
    ordered = sorted(ended.items(), key=lambda entry: (-entry[1], entry[0]))
    return [{"node": node, "value": value, "came": came[node]} for node, value in ordered if node in drawn]


def test_groupings_cleaning_and_exclusions_rename_items(ctx: Make, crowd: list[View]) -> None:
    asked = {
        "includeEventTypes": ["$pageview"],
        "localPathCleaningFilters": [{"regex": "^/c/\\d+$", "alias": "/c/:id"}],
        "pathGroupings": ["/c/*"],
        "excludeEvents": ["/a"],
        "edgeLimit": 10_000,
    }
    renamed = [(who, at, "/c/*" if url.startswith("/c") else url) for who, at, url in crowd if url != "/a"]
    answer = run_paths(ctx(), {"dateRange": RANGE, "pathsFilter": asked})
    assert answer["results"] == links([path[:5] for path in walks(renamed)])


@pytest.mark.parametrize(
    ("groupings", "named"),
    [
        (["/docs/*"], ["/docs/*", "/docs/*", "/about"]),
        (["*/intro", "/docs/*"], ["/docs/*", "/docs/*", "/about"]),
        (["/docs/*/intro"], ["/docs/*/intro", "/de/docs/setup", "/about"]),
        (["/[a-z]+*", "about"], ["/docs/a/intro", "/de/docs/setup", "about"]),
        (["*"], ["*", "*", "*"]),
    ],
)
def test_a_grouping_is_found_anywhere_and_the_first_to_be_complete_names(
    ctx: Make, insert_events: Insert, groupings: list[str], named: list[str]
) -> None:
    urls = ["/docs/a/intro", "/de/docs/setup", "/about"]
    insert_events(
        1,
        [
            {
                "event": "$pageview",
                "distinct_id": f"p{number}",
                "timestamp": BEGIN + timedelta(minutes=minute),
                "properties": {"$current_url": url},
            }
            for number, shown in enumerate(urls)
            for minute, url in enumerate(["start", shown])
        ],
    )
    answer = run_paths(ctx(), {"dateRange": RANGE, "pathsFilter": {"pathGroupings": groupings}})
    assert {link["target"] for link in answer["results"]} == {f"2_{name}" for name in named} - {"2_*"}


def test_sql_items_are_of_the_event_types_asked_for_beside_them(ctx: Make, insert_events: Insert) -> None:
    names = ["open", "$pageview", "close"]
    insert_events(
        1,
        [
            {"event": name, "distinct_id": "p", "timestamp": BEGIN + timedelta(minutes=minute)}
            for minute, name in enumerate(names)
        ],
    )

    def items(*types: str) -> list[str]:
        asked = {"includeEventTypes": [*types, "hogql"], "pathsHogQLExpression": "upper(event)"}
        found = run_paths(ctx(), {"dateRange": RANGE, "pathsFilter": asked})["results"]
        return [found[0]["source"], *(link["target"] for link in found)]

    assert items() == ["1_OPEN", "2_$PAGEVIEW", "3_CLOSE"]
    assert items("custom_event") == ["1_OPEN", "2_CLOSE"]


def test_a_sample_is_scaled_up(ctx: Make, crowd: list[View]) -> None:
    asked = {"dateRange": RANGE, "pathsFilter": {"stepLimit": 2, "edgeLimit": 10_000}}
    whole = sum(link["value"] for link in run_paths(ctx(), asked)["results"])
    sampled = run_paths(ctx(), asked | {"samplingFactor": 0.5})["results"]
    assert all(link["value"] % 2 == 0 for link in sampled)
    assert sum(link["value"] for link in sampled) == pytest.approx(whole, rel=0.5)


def test_weights_and_the_edge_limit(ctx: Make, crowd: list[View]) -> None:
    everything = links([path[:5] for path in walks(crowd)])
    asked = {"includeEventTypes": ["$pageview"], "edgeLimit": 10}
    assert run_paths(ctx(), {"dateRange": RANGE, "pathsFilter": asked})["results"] == connected(everything[:10])
    asked = {"includeEventTypes": ["$pageview"], "edgeLimit": 10_000, "minEdgeWeight": 3, "maxEdgeWeight": 6}
    kept = [link for link in everything if 3 <= link["value"] <= 6]
    assert run_paths(ctx(), {"dateRange": RANGE, "pathsFilter": asked})["results"] == connected(kept)


def test_paths_around_a_funnel(ctx: Make, insert_events: Insert) -> None:
    names = ["wander", "open", "look", "think", "buy", "cheer"]
    insert_events(
        1,
        [
            {"event": name, "distinct_id": "p", "timestamp": BEGIN + timedelta(hours=hour)}
            for hour, name in enumerate(names)
        ],
    )
    funnel = {
        "kind": "FunnelsQuery",
        "series": [{"kind": "EventsNode", "event": "open"}, {"kind": "EventsNode", "event": "buy"}],
        "dateRange": RANGE,
    }

    def targets(part: str, step: int = 2, **options: str) -> list[str]:
        around = {"funnelPathType": part, "funnelStep": step, "funnelSource": funnel}
        found = run_paths(ctx(), {"dateRange": RANGE, "pathsFilter": options, "funnelPathsFilter": around})["results"]
        return [link["target"].split("_")[1] for link in sorted(found, key=lambda link: link["source"])]

    assert targets("funnel_path_before_step") == ["open", "look", "think", "buy"]
    assert targets("funnel_path_between_steps") == ["look", "think", "buy"]
    assert targets("funnel_path_after_step") == ["cheer"]
    assert targets("funnel_path_after_step", -2) == []
    # Whoever has not left dropped off with the end of the window, and was seen until then.
    funnel["series"].append({"kind": "EventsNode", "event": "leave"})
    funnel["funnelsFilter"] = {"funnelWindowInterval": 4, "funnelWindowIntervalUnit": "hour"}
    assert targets("funnel_path_before_step", -3, startPoint="think") == ["buy", "cheer"]
    assert targets("funnel_path_before_step", 2, startPoint="think") == ["buy"]
    assert targets("funnel_path_after_step", -3) == ["cheer"]


@pytest.mark.parametrize(
    "counted",
    [
        {"aggregation_group_type_index": 0},
        {"funnelsFilter": {"funnelAggregateByHogQL": "properties.visit"}},
        {"funnelsFilter": {"funnelAggregateByHogQL": "person_id"}},
    ],
    ids=["groups", "values", "persons"],
)
def test_paths_around_a_funnel_of_other_units_are_those_of_their_people(
    ctx: Make, insert_events: Insert, counted: dict[str, Any]
) -> None:
    rows = [("ann", "first", ["look", "open", "buy", "cheer"]), ("bob", "second", ["look", "open", "cheer"])]
    insert_events(
        1,
        [
            {
                "event": name,
                "distinct_id": who,
                "timestamp": BEGIN + timedelta(minutes=minute),
                "groups": {0: visit},
                "properties": {"visit": visit},
            }
            for who, visit, names in rows
            for minute, name in enumerate(names)
        ],
    )
    funnel = {
        "kind": "FunnelsQuery",
        "series": [{"kind": "EventsNode", "event": "open"}, {"kind": "EventsNode", "event": "buy"}],
        "dateRange": RANGE,
        **counted,
    }

    def links_of(part: str, step: int) -> list[tuple[str, str, int]]:
        around = {"funnelPathType": part, "funnelStep": step, "funnelSource": funnel}
        found = run_paths(ctx(), {"dateRange": RANGE, "funnelPathsFilter": around})["results"]
        return [(link["source"], link["target"], link["value"]) for link in found]

    assert links_of("funnel_path_before_step", 1) == [("1_look", "2_open", 2)]
    assert links_of("funnel_path_after_step", 2) == [("1_buy", "2_cheer", 1)]


@pytest.mark.parametrize(
    ("asked", "attr"),
    [
        ({"stepLimit": 1}, "pathsFilter.stepLimit"),
        ({"includeEventTypes": ["$rageclick"]}, "pathsFilter.includeEventTypes"),
        ({"includeEventTypes": ["hogql"]}, "pathsFilter.pathsHogQLExpression"),
        ({"localPathCleaningFilters": [{"regex": "(", "alias": ""}]}, "pathsFilter.localPathCleaningFilters"),
    ],
)
def test_what_is_wrong_is_named(ctx: Make, asked: dict[str, Any], attr: str) -> None:
    with pytest.raises(QueryError) as refused:
        run_paths(ctx(), {"dateRange": RANGE, "pathsFilter": asked})
    assert refused.value.attr == attr
