"""Who is behind a point of a chart."""

from collections.abc import Callable
from typing import Any

import pytest

from leanbase.model.project import Project
from leanbase.query.actors.runner import run_actors
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError

Insert = Callable[..., None]
Make = Callable[..., QueryContext]
PROJECT = 1


def event(name: str, who: str, at: str, **more: Any) -> dict[str, Any]:
    return {"event": name, "distinct_id": who, "timestamp": at, **more}


@pytest.fixture
def people(insert_events: Insert, insert_persons: Insert) -> None:
    """ann looks twice on the 2nd and buys; bob looks on the 2nd and 3rd; cat, personless, looks on the 3rd."""
    insert_persons(
        PROJECT,
        [
            {
                "distinct_ids": ["ann", "ann-phone"],
                "properties": {"email": "ann@example.org", "plan": "pro"},
                "created_at": "2026-01-02T08:00:00Z",
            },
            {"distinct_ids": ["bob"], "properties": {"email": "bob@example.org"}, "created_at": "2025-12-01T00:00:00Z"},
        ],
    )
    ann = [
        event("look", "ann", "2026-01-02T10:00:00Z", properties={"$current_url": "/a"}),
        event("look", "ann", "2026-01-02T11:00:00Z", properties={"$current_url": "/b"}),
        event("help", "ann", "2026-01-02T11:30:00Z"),
        event("buy", "ann", "2026-01-02T12:00:00Z"),
    ]
    bob = [
        event("look", "bob", "2026-01-02T10:00:00Z", properties={"$current_url": "/a"}),
        event("look", "bob", "2026-01-03T10:00:00Z", properties={"$current_url": "/a"}),
    ]
    cat = [event("look", "cat", "2026-01-03T10:00:00Z", person_mode="propertyless")]
    insert_events(PROJECT, ann + bob + cat)


LOOK = {"kind": "EventsNode", "event": "look"}
BUY = {"kind": "EventsNode", "event": "buy"}
RANGE = {"date_from": "2026-01-01", "date_to": "2026-01-04"}
TREND = {"kind": "TrendsQuery", "series": [LOOK], "dateRange": RANGE, "interval": "day"}
FUNNEL = {"kind": "FunnelsQuery", "series": [LOOK, BUY], "dateRange": RANGE}


def names(answer: dict[str, Any]) -> list[list[str]]:
    """The distinct ids of the rows, which are [id, person]."""
    return sorted(row[1]["distinct_ids"] for row in answer["results"])


def ask(ctx: QueryContext, source: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    query = {"kind": "ActorsQuery", "select": ["id", "person"], **more}
    return run_actors(ctx, query | ({"source": source} if source else {}))


def test_all_persons_newest_first(ctx: Make, people: None) -> None:
    answer = ask(ctx(PROJECT), None)
    assert [row[1]["properties"]["email"] for row in answer["results"]] == ["ann@example.org", "bob@example.org"]
    assert answer["results"][0][0] == answer["results"][0][1]["id"]
    assert not answer["hasMore"]


def test_persons_are_found_by_search_and_filters(ctx: Make, people: None) -> None:
    pro = [{"type": "person", "key": "plan", "operator": "exact", "value": "pro"}]
    assert names(ask(ctx(PROJECT), None, search="BOB@")) == [["bob"]]
    assert names(ask(ctx(PROJECT), None, search="phone")) == [["ann", "ann-phone"]]
    assert names(ask(ctx(PROJECT), None, properties=pro)) == [["ann", "ann-phone"]]
    assert names(ask(ctx(2), None)) == []


def test_pages_and_order(ctx: Make, people: None) -> None:
    first = ask(ctx(PROJECT), None, orderBy=["properties.email DESC"], limit=1)
    second = ask(ctx(PROJECT), None, orderBy=["properties.email DESC"], limit=1, offset=1)
    assert (names(first), first["hasMore"]) == ([["bob"]], True)
    assert (names(second), second["hasMore"]) == ([["ann", "ann-phone"]], False)


def test_people_are_named_and_ordered_by_the_projects_display_properties(ctx: Make, people: None) -> None:
    label = "person_display_name -- Person"
    shown = run_actors(ctx(PROJECT), {"select": [label], "orderBy": [f"{label} DESC"]})["results"]
    assert [row[0]["display_name"] for row in shown] == ["bob@example.org", "ann@example.org"]
    by_plan = Project(id=PROJECT, api_token="phc_1", settings={"person_display_name_properties": ["plan"]})
    named = run_actors(ctx(by_plan), {"select": [label], "orderBy": ["person_display_name ASC"]})["results"]
    assert sorted(row[0]["display_name"] for row in named) == ["bob", "pro"]


def test_sql_over_persons_filters_them_and_lists_them(ctx: Make, people: None) -> None:
    pro = [{"type": "hogql", "key": "properties.plan = 'pro' AND has(distinct_ids, 'ann-phone')"}]
    assert names(ask(ctx(PROJECT), None, properties=pro)) == [["ann", "ann-phone"]]
    text = "SELECT event, person_id FROM events WHERE person_mode = 'full' ORDER BY distinct_id DESC"
    answer = ask(ctx(PROJECT), {"kind": "HogQLQuery", "query": text})
    assert [row[1]["distinct_ids"][0] for row in answer["results"]] == ["bob", "ann"]
    assert names(ask(ctx(PROJECT), {"kind": "HogQLQuery", "query": text}, search="ann@")) == [["ann", "ann-phone"]]


def test_the_channel_that_somebody_first_came_by(ctx: Make, insert_persons: Insert) -> None:
    domains = {"www.google.com": "Organic Search", "https://l.facebook.com": "Organic Social", "$direct": "Direct"}
    insert_persons(
        PROJECT,
        [{"distinct_ids": [domain], "properties": {"$initial_referring_domain": domain}} for domain in domains],
    )
    for domain, channel in domains.items():
        first = [{"type": "person", "key": "$virt_initial_channel_type", "operator": "exact", "value": channel}]
        assert names(ask(ctx(PROJECT), None, properties=first)) == [[domain]]


def test_a_point_of_a_trend(ctx: Make, people: None) -> None:
    source = {"kind": "InsightActorsQuery", "source": TREND, "day": "2026-01-02", "series": 0}
    answer = run_actors(ctx(PROJECT), {"select": ["person", "event_count"], "source": source})
    assert [(row[0]["distinct_ids"], row[1]) for row in answer["results"]] == [(["ann", "ann-phone"], 2), (["bob"], 1)]
    assert answer["missing_actors_count"] == 0


def test_personless_people_are_counted_as_missing(ctx: Make, people: None) -> None:
    source = {"kind": "InsightActorsQuery", "source": TREND, "day": "2026-01-03", "series": 0}
    answer = ask(ctx(PROJECT), source)
    assert names(answer) == [["bob"], ["cat"]]
    assert answer["missing_actors_count"] == 1


def test_a_trend_by_breakdown_and_filtered_by_person(ctx: Make, people: None) -> None:
    trend = TREND | {"breakdownFilter": {"breakdown": "$current_url", "breakdown_type": "event"}}
    source = {"kind": "InsightActorsQuery", "source": trend, "day": "2026-01-02", "breakdown": "/b"}
    assert names(ask(ctx(PROJECT), source)) == [["ann", "ann-phone"]]
    source["breakdown"] = "/a"
    assert names(ask(ctx(PROJECT), source, search="bob@example")) == [["bob"]]


def test_a_first_time_trend(ctx: Make, people: None) -> None:
    trend = TREND | {"series": [LOOK | {"math": "first_time_for_user"}]}
    assert names(ask(ctx(PROJECT), {"kind": "InsightActorsQuery", "source": trend, "day": "2026-01-03"})) == [["cat"]]


def test_merged_people_are_one(ctx: Make, people: None, merge_persons: Callable[..., None]) -> None:
    merge_persons(PROJECT, "bob", "ann")
    source = {"kind": "InsightActorsQuery", "source": TREND, "day": "2026-01-02"}
    answer = run_actors(ctx(PROJECT), {"select": ["person", "event_count"], "source": source})
    assert [(row[0]["properties"]["email"], row[1]) for row in answer["results"]] == [("ann@example.org", 3)]


@pytest.mark.parametrize(
    ("step", "expected"),
    [(1, [["ann", "ann-phone"], ["bob"], ["cat"]]), (2, [["ann", "ann-phone"]]), (-2, [["bob"], ["cat"]])],
)
def test_a_step_of_a_funnel(ctx: Make, people: None, step: int, expected: list[list[str]]) -> None:
    assert names(ask(ctx(PROJECT), {"kind": "FunnelsActorsQuery", "source": FUNNEL, "funnelStep": step})) == expected


@pytest.mark.parametrize("step", [0, -1, 3, -3, None])
def test_a_step_that_is_none_is_refused(ctx: Make, people: None, step: int | None) -> None:
    with pytest.raises(QueryError) as refused:
        ask(ctx(PROJECT), {"kind": "FunnelsActorsQuery", "source": FUNNEL, "funnelStep": step})
    assert refused.value.attr == "source.funnelStep"


def test_an_interval_of_a_funnel_trend(ctx: Make, people: None) -> None:
    trend = FUNNEL | {"funnelsFilter": {"funnelVizType": "trends"}}
    source = {
        "kind": "FunnelsActorsQuery",
        "source": trend,
        "funnelTrendsDropOff": False,
        "funnelTrendsEntrancePeriodStart": "2026-01-02 00:00:00",
    }
    assert names(ask(ctx(PROJECT), source)) == [["ann", "ann-phone"]]
    assert names(ask(ctx(PROJECT), source | {"funnelTrendsDropOff": True})) == [["bob"]]


def test_days_of_stickiness(ctx: Make, people: None) -> None:
    stickiness = {"kind": "StickinessQuery", "series": [LOOK], "dateRange": RANGE, "interval": "day"}
    source = {"kind": "StickinessActorsQuery", "source": stickiness, "day": 2}
    assert names(ask(ctx(PROJECT), source)) == [["bob"]]
    assert names(ask(ctx(PROJECT), source | {"day": 1})) == [["ann", "ann-phone"], ["cat"]]


@pytest.mark.parametrize(
    ("day", "status", "expected"),
    [
        ("2026-01-02", "new", [["ann", "ann-phone"]]),
        ("2026-01-02", "resurrecting", [["bob"]]),
        ("2026-01-03", "returning", [["bob"]]),
        ("2026-01-03", "dormant", [["ann", "ann-phone"]]),
    ],
)
def test_a_status_of_lifecycle(ctx: Make, people: None, day: str, status: str, expected: list[list[str]]) -> None:
    lifecycle = {"kind": "LifecycleQuery", "series": [LOOK], "dateRange": RANGE, "interval": "day"}
    source = {"kind": "InsightActorsQuery", "source": lifecycle, "day": day, "status": status}
    assert names(ask(ctx(PROJECT), source)) == expected
    of_any_day = names(ask(ctx(PROJECT), {key: value for key, value in source.items() if key != "day"}))
    assert all(who in of_any_day for who in expected)
    assert names(ask(ctx(PROJECT), {"kind": "InsightActorsQuery", "source": lifecycle})) == [
        ["ann", "ann-phone"],
        ["bob"],
    ]


def test_a_row_of_retention_with_its_appearances(ctx: Make, people: None) -> None:
    entity = {"id": "look", "type": "events"}
    retention = {
        "kind": "RetentionQuery",
        "dateRange": RANGE,
        "retentionFilter": {"totalIntervals": 3, "targetEntity": entity, "returningEntity": entity},
    }
    source = {"kind": "InsightActorsQuery", "source": retention, "interval": 1}
    select = ["person", "appearances", "day_0", "day_1"]
    answer = run_actors(ctx(PROJECT), {"select": select, "source": source})
    assert [(row[0]["distinct_ids"][0], *row[1:]) for row in answer["results"]] == [
        ("bob", [0, 1], 1, 1),
        ("ann", [0], 1, 0),
    ]
    for order, first in (["length(appearances) DESC", "actor_id"], "bob"), (["day_1"], "ann"):
        answer = run_actors(ctx(PROJECT), {"select": ["person"], "source": source, "orderBy": order})
        assert answer["results"][0][0]["distinct_ids"][0] == first
    with pytest.raises(QueryError, match="week_0"):
        run_actors(ctx(PROJECT), {"select": ["week_0"], "source": source})


def test_a_link_of_paths(ctx: Make, people: None) -> None:
    paths = {
        "kind": "PathsQuery",
        "dateRange": RANGE,
        "pathsFilter": {"includeEventTypes": ["custom_event"], "pathStartKey": "1_look", "pathEndKey": "2_help"},
    }
    assert names(ask(ctx(PROJECT), {"kind": "InsightActorsQuery", "source": paths})) == []
    urls = paths | {
        "pathsFilter": {"pathGroupings": ["/*"], "includeEventTypes": ["custom_event"], "pathDropoffKey": "1_look"}
    }
    assert names(ask(ctx(PROJECT), {"kind": "InsightActorsQuery", "source": urls})) == [
        ["ann", "ann-phone"],
        ["bob"],
        ["cat"],
    ]


def test_what_cannot_be_selected_is_named(ctx: Make, people: None) -> None:
    with pytest.raises(QueryError, match="now"):
        run_actors(ctx(PROJECT), {"select": ["now()"]})


@pytest.mark.parametrize(
    ("more", "attr"),
    [
        ({"properties": [{"type": "person", "key": "distinct_id", "operator": "exact", "value": "ann"}]}, "properties"),
        ({"properties": [{"type": "event", "key": "plan", "operator": "exact", "value": "pro"}]}, "properties"),
        ({"orderBy": ["nothing"]}, "orderBy"),
        ({"limit": 0}, "limit"),
        ({"source": {"kind": "WebGoalsQuery"}}, "source.kind"),
        ({"source": {"kind": "HogQLQuery", "query": "SELECT event FROM events"}}, "source.query"),
        ({"source": {"kind": "HogQLQuery", "query": "SELECT event AS id FROM events"}}, "source.query"),
        ({"properties": [{"type": "hogql", "key": "event = 'look'"}]}, "properties.0"),
        ({"source": {"kind": "InsightActorsQuery", "source": TREND, "day": "2027-01-01"}}, "source.day"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(ctx: Make, people: None, more: dict[str, Any], attr: str) -> None:
    with pytest.raises(QueryError) as refused:
        run_actors(ctx(PROJECT), more)
    assert refused.value.attr == attr
