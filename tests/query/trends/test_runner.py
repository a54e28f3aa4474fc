"""What the oracle does not ask: kinds of breakdowns, bins, samples, formulas, zones, refusals, the sort key."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from leanbase.model.project import Project
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.lifecycle import run_lifecycle
from leanbase.query.stickiness import run_stickiness
from leanbase.query.trends.runner import run_trends
from leanbase.store.client import Store
from leanbase.store.sql import Sql
from tests.query.cases import (
    Asked,
    KnownActions,
    KnownCohorts,
    KnownTypes,
    StoredEvent,
    context,
    insert_cohort,
    insert_events,
    insert_groups,
    insert_persons,
)
from tests.query.session_ids import session_id

PROJECT = 700
CLEANING = {"path_cleaning_filters": [{"regex": "https://.*", "alias": "address"}]}
PEOPLE = {"ann": {"plan": "pro"}, "bob": {"plan": "free"}, "cid": {}}


@pytest.fixture
def shop(store: Store) -> QueryContext:
    """Ann views on three days, Bob on two, Cid once; prices 10 to 40."""
    views = [
        (
            "ann",
            1,
            {
                "price": 10,
                "ok": True,
                "$group_0": "acme",
                "$session_id": session_id("s1"),
                "$current_url": "https://x/a/",
            },
        ),
        (
            "ann",
            2,
            {
                "price": 20,
                "ok": True,
                "$group_0": "acme",
                "$session_id": session_id("s2"),
                "$current_url": "https://x/a",
            },
        ),
        ("ann", 3, {"price": "30", "ok": False, "$group_0": "umbrella", "$current_url": "https://x/a?#"}),
        ("bob", 1, {"price": 40, "ok": False, "$session_id": session_id("s3"), "$current_url": "/"}),
        ("bob", 3, {"price": "many", "$session_id": session_id("s3")}),
        ("cid", 2, {}),
    ]
    events = [
        StoredEvent("view", name, datetime(2026, 3, day, 10, tzinfo=UTC), properties, person=name)
        for name, day, properties in views
    ]
    insert_events(store, PROJECT, events, "shop")
    created = datetime(2026, 1, 1, tzinfo=UTC)
    insert_persons(store, PROJECT, [(name, created, properties) for name, properties in PEOPLE.items()], "shop")
    groups = [{"group_type_index": 0, "group_key": "acme", "properties": {"size": 5}}]
    insert_groups(store, PROJECT, groups, "shop")
    insert_cohort(store, PROJECT, 1, ["ann", "bob"], "shop")
    return context(
        store,
        Project(id=PROJECT, api_token="phc_shop", settings=CLEANING),
        datetime(2026, 3, 5, tzinfo=UTC),
        property_types=KnownTypes({"event": {"price": "Numeric", "ok": "Boolean"}}),
        cohorts=KnownCohorts({1: "payers", 2: "nobody"}),
        actions=KnownActions({4: [{"event": "view"}]}),
    )


def query(series: Any = None, **more: Any) -> dict[str, Any]:
    node = {"kind": "EventsNode", "event": "view", **(series or {})}
    dates = {"date_from": "2026-03-01", "date_to": "2026-03-04"}
    return {"kind": "TrendsQuery", "dateRange": dates, "series": [node], **more}


def rows(ctx: QueryContext, asked: dict[str, Any]) -> dict[Any, list[float]]:
    """Data by breakdown value, in order."""
    found = run_trends(ctx, asked)["results"]
    return {
        tuple(row["breakdown_value"])
        if isinstance(row.get("breakdown_value"), list)
        else row.get("breakdown_value"): row["data"]
        for row in found
    }


NULL, OTHER = "$$_posthog_breakdown_null_$$", "$$_posthog_breakdown_other_$$"


@pytest.mark.parametrize(("math", "expected"), [("dau", [2, 3]), ("weekly_active", [2, 5]), ("total", [2, 6])])
def test_a_running_count_has_each_person_once_where_it_counts_unique_persons(
    shop: QueryContext, math: str, expected: list[float]
) -> None:
    mondays = replace(shop, project=Project(id=PROJECT, api_token="phc_shop", week_start_day=1))
    running = {"trendsFilter": {"display": "ActionsLineGraphCumulative"}, "interval": "week"}
    assert rows(mondays, query({"math": math}, **running)) == {None: expected}


@pytest.mark.parametrize(
    ("breakdown", "expected"),
    [
        (
            {"breakdown": "plan", "breakdown_type": "person"},
            {"pro": [1, 1, 1, 0], "free": [1, 0, 1, 0], NULL: [0, 1, 0, 0]},
        ),
        (
            {"breakdown": "size", "breakdown_type": "group", "breakdown_group_type_index": 0},
            {"5": [1, 1, 0, 0], NULL: [1, 1, 2, 0]},
        ),
        (
            {"breakdown": "person.$virt_initial_channel_type", "breakdown_type": "hogql"},
            {"Unknown": [2, 2, 2, 0]},
        ),
        ({"breakdown": "ok"}, {"false": [1, 0, 1, 0], "true": [1, 1, 0, 0], NULL: [0, 1, 1, 0]}),
        (
            {"breakdown": "price"},
            {"10": [1, 0, 0, 0], "20": [0, 1, 0, 0], "30": [0, 0, 1, 0], "40": [1, 0, 0, 0], NULL: [0, 1, 1, 0]},
        ),
        (
            {"breakdown": "$session_duration", "breakdown_type": "session"},
            {"0": [1, 2, 1, 0], "172800": [1, 0, 1, 0]},
        ),
        (
            {"breakdown": "distinct_id", "breakdown_type": "event_metadata"},
            {"ann": [1, 1, 1, 0], "bob": [1, 0, 1, 0], "cid": [0, 1, 0, 0]},
        ),
        (
            {"breakdown": 'upper(properties.$session_id AS id) AS "Session" AS again', "breakdown_type": "hogql"},
            {
                session_id("s3").upper(): [1, 0, 1, 0],
                session_id("s1").upper(): [1, 0, 0, 0],
                session_id("s2").upper(): [0, 1, 0, 0],
                NULL: [0, 1, 1, 0],
            },
        ),
        (
            {"breakdown": "$current_url", "breakdown_normalize_url": True},
            {"https://x/a": [1, 1, 1, 0], "/": [1, 0, 0, 0], NULL: [0, 1, 1, 0]},
        ),
        (
            {"breakdowns": [{"property": "$current_url"}], "breakdown_path_cleaning": True},
            {("address",): [1, 1, 1, 0], ("/",): [1, 0, 0, 0], (NULL,): [0, 1, 1, 0]},
        ),
        (
            {"breakdown": "plan", "breakdown_type": "person", "breakdown_limit": 1},
            {"pro": [1, 1, 1, 0], OTHER: [1, 1, 1, 0]},
        ),
        ({"breakdown": [1, "all", 2], "breakdown_type": "cohort"}, {1: [2, 1, 2, 0], "all": [2, 2, 2, 0]}),
        (
            {
                "breakdowns": [{"property": "plan", "type": "person"}, {"property": "ok", "type": "event"}],
                "breakdown_limit": 2,
            },
            {("pro", "true"): [1, 1, 0, 0], ("free", "false"): [1, 0, 0, 0], (OTHER, OTHER): [0, 1, 2, 0]},
        ),
        (
            {"breakdown": "price", "breakdown_histogram_bin_count": 3, "breakdown_limit": 1},
            {"[10,20]": [1, 0, 0, 0], "[20,30]": [0, 1, 0, 0], "[30,40.01]": [1, 0, 1, 0], NULL: [0, 1, 1, 0]},
        ),
    ],
)
def test_breakdowns(shop: QueryContext, breakdown: dict[str, Any], expected: dict[Any, list[float]]) -> None:
    assert rows(shop, query(breakdownFilter=breakdown)) == expected


def test_cohorts_rank_among_themselves(shop: QueryContext, store: Store) -> None:
    insert_cohort(store, PROJECT, 2, ["cid"], "second")
    assert list(rows(shop, query(breakdownFilter={"breakdown": [2, 1], "breakdown_type": "cohort"}))) == [1, 2]


@pytest.mark.parametrize("first", ["1970-01-01", "2290-12-30", "1999-12-31T23:59:59+14:00", "all", "-100y"])
@pytest.mark.parametrize("interval", ["month", "year", "week"])
def test_ranges_at_the_edge_of_time(shop: QueryContext, first: str, interval: str) -> None:
    dates = {"date_from": first, "date_to": "2290-12-31"}
    for math in ("total", "dau", "first_time_for_user"):
        asked = {**query({"math": math}, interval=interval, compareFilter={"compare": True}), "dateRange": dates}
        found = run_trends(shop, asked)["results"]
        assert all(len(row["data"]) == len(row["days"]) for row in found)


def test_too_many_days_of_active_users_are_refused(shop: QueryContext) -> None:
    asked = query({"math": "monthly_active"}, interval="week")
    with pytest.raises(QueryError, match="Active users"):
        run_trends(shop, {**asked, "dateRange": {"date_from": "1990-01-01", "date_to": "2290-12-31"}})


def test_the_other_row_says_that_there_is_more(shop: QueryContext) -> None:
    breakdown = {"breakdown": "price", "breakdown_limit": 1}
    answer = run_trends(shop, query(breakdownFilter=breakdown))
    assert (answer["hasMore"], [row["breakdown_value"] for row in answer["results"]]) == (True, ["10", OTHER])
    hidden = run_trends(shop, query(breakdownFilter={**breakdown, "breakdown_hide_other_aggregation": True}))
    assert (hidden["hasMore"], len(hidden["results"])) == (True, 1)


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        ({"math": "sum", "math_property": "price", "math_multiplier": 0.5}, [25, 10, 15, 0]),
        ({"math": "hogql", "math_hogql": "count() * 10"}, [20, 20, 20, 0]),
        ({"math": "hogql", "math_hogql": "avg(toFloat(properties.price))"}, [25, 20, 30, 0]),
        ({"math": "hogql", "math_hogql": "count(DISTINCT e.distinct_id)"}, [2, 2, 2, 0]),
        ({"math": "dau", "math_group_type_index": 0}, [1, 1, 1, 0]),
        ({"math": "max", "math_property": "$session_duration"}, [172800, 0, 172800, 0]),
        (
            {
                "math": "sum",
                "math_property": "size",
                "math_property_type": "group_properties",
                "math_group_type_index": 0,
            },
            [5, 5, 0, 0],
        ),
        ({"kind": "ActionsNode", "id": 4}, [2, 2, 2, 0]),
        ({"kind": "ActionsNode", "id": 99}, [0, 0, 0, 0]),
    ],
)
def test_maths(shop: QueryContext, series: dict[str, Any], expected: list[float]) -> None:
    assert run_trends(shop, query(series))["results"][0]["data"] == expected


def test_a_slope_has_two_points(shop: QueryContext) -> None:
    slope = {"display": "SlopeGraph", "smoothingIntervals": 3}
    asked = query({"math": "dau"}, trendsFilter=slope, compareFilter={"compare": True})
    [row] = run_trends(shop, {**asked, "dateRange": {"date_from": "2026-03-01", "date_to": "2026-03-03"}})["results"]
    assert (row["data"], row["days"], row["incomplete_end"]) == ([2, 2], ["2026-03-01", "2026-03-03"], False)
    assert row["labels"] == ["1-Mar-2026", "3-Mar-2026"]
    [growing] = run_trends(shop, {**asked, "interval": "month"})["results"]
    assert (growing["data"], growing["incomplete_end"]) == ([3], True)


def test_boxes_tell_the_spread_of_numbers(shop: QueryContext) -> None:
    def boxes(key: str) -> list[tuple[float, ...]]:
        asked = query({"math": "sum", "math_property": key}, trendsFilter={"display": "BoxPlot"})
        found = run_trends(shop, asked)["results"]
        assert [row["day"] for row in found] == [f"2026-03-0{day}" for day in (1, 2, 3, 4)]
        assert {(row["series_index"], row["series_label"]) for row in found} == {(0, f"view - {key}")}
        return [tuple(row[name] for name in ("min", "p25", "median", "p75", "max", "mean")) for row in found]

    assert boxes("price") == [(10, 17.5, 25, 32.5, 40, 25), (20,) * 6, (30,) * 6, (0,) * 6]
    assert boxes("$session_duration") == [(0, 43200, 86400, 129600, 172800, 86400), (0,) * 6, (172800,) * 6, (0,) * 6]


def test_rows_say_what_they_are(shop: QueryContext) -> None:
    asked = query({"kind": "ActionsNode", "id": 4, "custom_name": "Views"}, compareFilter={"compare": True})
    asked["series"].append({"kind": "EventsNode", "event": None, "math": "dau"})
    answer = run_trends(shop, asked)
    assert [(row["label"], row["compare_label"], row["order"]) for row in answer["results"]] == [
        ("action 4", "current", 0),
        ("All events", "current", 1),
        ("action 4", "previous", 0),
        ("All events", "previous", 1),
    ]
    first = answer["results"][0]
    assert first["action"] | {"days": None} == first["action"] | {
        "id": 4, "type": "actions", "name": "action 4", "custom_name": "Views", "order": 0, "days": None,
    }  # fmt: skip
    assert answer["resolved_date_range"]["date_to"] == "2026-03-04T23:59:59.999999+00:00"


def test_formulas_over_breakdowns_and_totals(shop: QueryContext) -> None:
    asked = query(breakdownFilter={"breakdown": "plan", "breakdown_type": "person"})
    asked["series"].append({"kind": "EventsNode", "event": "view", "math": "sum", "math_property": "price"})
    asked["trendsFilter"] = {"formulaNodes": [{"formula": "B/A", "custom_name": "mean price"}, {"formula": "A"}]}
    found = run_trends(shop, asked)["results"]
    assert [(row["label"], row["breakdown_value"], row["data"]) for row in found[:3]] == [
        ("mean price", "pro", [10, 20, 30, 0]),
        ("mean price", "free", [40, 0, 0, 0]),
        ("mean price", NULL, [0, 0, 0, 0]),
    ]
    asked["trendsFilter"]["display"] = "ActionsTable"
    total = run_trends(shop, asked)["results"][0]
    assert (total["aggregated_value"], total["data"], total["count"]) == (20, None, 0)


def test_a_sample_is_scaled_back(store: Store) -> None:
    names = [f"person {number}" for number in range(400)]
    events = [StoredEvent("view", name, datetime(2026, 3, 2, tzinfo=UTC), {"n": 3}, person=name) for name in names]
    insert_events(store, PROJECT, events, "sample")
    ctx = context(store, Project(id=PROJECT, api_token="phc_shop"), datetime(2026, 3, 5, tzinfo=UTC))
    count = run_trends(ctx, query(samplingFactor=0.5))["results"][0]["count"]
    assert 250 < count < 550
    assert count % 2 == 0
    mean = run_trends(ctx, query({"math": "avg", "math_property": "n"}, samplingFactor=0.5))["results"][0]
    assert mean["data"] == [0, 3, 0, 0]


def test_time_zones_of_project_query_and_modifier(shop: QueryContext) -> None:
    dates = {"date_from": "2026-02-28", "date_to": "2026-03-03"}
    away = replace(shop, project=Project(id=PROJECT, api_token="phc_shop", timezone="Pacific/Kiritimati"))  # UTC+14
    asked = {**query(), "dateRange": dates}
    assert run_trends(shop, asked)["results"][0]["data"] == [0, 2, 2, 2]
    assert run_trends(away, asked)["results"][0]["data"] == [0, 0, 2, 2]
    assert run_trends(away, {**asked, "timezone": "UTC"})["results"][0]["data"] == [0, 2, 2, 2]
    unconverted = replace(away, modifiers={"convertToProjectTimezone": False})
    assert run_trends(unconverted, asked)["results"][0]["data"] == [0, 2, 2, 2]


def test_all_time_begins_with_the_first_event_of_the_series(shop: QueryContext) -> None:
    found = run_trends(shop, {**query(), "dateRange": {"date_from": "all"}})["results"][0]
    assert (found["days"][0], found["count"]) == ("2026-03-01", 6)


def test_an_empty_range_has_no_points(shop: QueryContext) -> None:
    found = run_trends(shop, {**query(), "dateRange": {"date_from": "2026-03-04", "date_to": "2026-03-01"}})["results"]
    assert [(row["data"], row["days"], row["count"]) for row in found] == [([], [], 0)]


def test_projects_do_not_see_each_other(shop: QueryContext) -> None:
    stranger = replace(shop, project=Project(id=PROJECT + 1, api_token="phc_else"))
    for math in ("total", "dau", "weekly_active", "first_time_for_user", "avg_count_per_actor"):
        assert sum(run_trends(stranger, query({"math": math}))["results"][0]["data"]) == 0
    assert run_stickiness(stranger, query())["results"][0]["count"] == 0
    assert all(row["count"] == 0 for row in run_lifecycle(stranger, query())["results"])


@pytest.mark.parametrize(
    ("asked", "attr"),
    [
        (query({"math": "luck"}), "series.math"),
        (query({"math": "sum"}), "series.math_property"),
        (query({"math": "unique_group"}), "series.math_group_type_index"),
        (query({"math": "hogql"}), "series.math_hogql"),
        (query({"math": "hogql", "math_hogql": "sum("}), "series.math_hogql"),
        (query({"math_group_type_index": "x"}), "series.0.math_group_type_index"),
        (query(interval="fortnight"), "interval"),
        (query(samplingFactor=2), "samplingFactor"),
        (query(trendsFilter={"display": "Globe"}), "trendsFilter.display"),
        (query(trendsFilter={"display": "BoxPlot"}), "series.math_property"),
        (query(trendsFilter={"smoothingIntervals": -1}), "trendsFilter.smoothingIntervals"),
        (query(trendsFilter={"formula": "A+"}), "trendsFilter.formula"),
        (query(breakdownFilter={"breakdown": "x", "breakdown_histogram_bin_count": 0}), "breakdownFilter"),
        (query(breakdownFilter={"breakdown": "x", "breakdown_type": "data_warehouse"}), "breakdownFilter"),
        (query(breakdownFilter={"breakdown": "x", "breakdown_type": "cohort"}), "breakdownFilter"),
        (query(timezone="Mars/Olympus"), "timezone"),
        ({"kind": "TrendsQuery", "series": []}, "series"),
        ({"kind": "TrendsQuery"}, None),
    ],
)
def test_what_is_wrong_is_named(shop: QueryContext, asked: dict[str, Any], attr: str | None) -> None:
    with pytest.raises(QueryError) as refused:
        run_trends(shop, asked)
    assert (refused.value.attr, refused.value.status) == (attr, 400)
    assert refused.value.detail


@pytest.mark.parametrize(
    ("run", "more", "attr"),
    [
        (run_stickiness, {"intervalCount": 0}, "intervalCount"),
        (run_stickiness, {"intervalCount": 366}, "intervalCount"),
        *(
            (
                run_stickiness,
                {"stickinessFilter": {"stickinessCriteria": {"operator": operator, "value": value}}},
                "stickinessFilter.stickinessCriteria.value",
            )
            for operator, value in (("gte", -1), ("exact", 0), ("lte", 0))
        ),
        (run_lifecycle, {"customAggregationTarget": True}, "customAggregationTarget"),
    ],
)
def test_numbers_that_mean_nothing_are_refused(shop: QueryContext, run: Any, more: dict[str, Any], attr: str) -> None:
    with pytest.raises(QueryError) as refused:
        run(shop, query(**more))
    assert (refused.value.attr, refused.value.status) == (attr, 400)


KEY_QUERIES: list[tuple[Callable[[QueryContext, dict[str, Any]], dict[str, Any]], dict[str, Any]]] = [
    (run_trends, query()),
    (run_trends, query({"math": "dau"}, breakdownFilter={"breakdown": "$browser"})),
    (run_trends, query({"math": "weekly_active"})),
    (run_stickiness, query()),
    (run_lifecycle, query()),
]


@pytest.mark.parametrize(("run", "asked"), KEY_QUERIES)
def test_the_sort_key_is_used(store: Store, run: Any, asked: dict[str, Any]) -> None:
    """Project, event and day prune granules: the range is stated in UTC, never through a zone."""
    noise = [StoredEvent("noise", "ann", datetime(2026, 1, 1 + day, tzinfo=UTC)) for day in range(28)]
    insert_events(store, PROJECT, [*noise, StoredEvent("view", "ann", datetime(2026, 3, 2, tzinfo=UTC))], "key")
    remembered = Asked(store)
    project = Project(id=PROJECT, api_token="phc_shop", timezone="America/New_York")
    run(context(store, project, datetime(2026, 3, 5, tzinfo=UTC), execute=remembered), asked)
    for statement in remembered.statements:
        plan = store.query(Sql(f"EXPLAIN indexes = 1 {statement.text}", statement.binds)).rows
        lines = [str(row[0]).strip(" │├└─") for row in plan]
        assert "PrimaryKey" in lines, statement.text + "\n".join(lines)
        start = lines.index("PrimaryKey")
        keys = lines[start : start + 8]
        assert {"project_id", "event", "toDate(timestamp)"} <= set(keys), "\n".join(lines)


def test_only_what_is_asked_for_is_read(store: Store) -> None:
    """A plain count reads no properties, a breakdown by a hot property only its column."""
    remembered = Asked(store)
    ctx = context(
        store, Project(id=PROJECT, api_token="phc_shop"), datetime(2026, 3, 5, tzinfo=UTC), execute=remembered
    )
    run_trends(ctx, query({"math": "dau"}))
    assert "properties" not in remembered.statements[-1].text
    assert "JOIN" not in remembered.statements[-1].text
