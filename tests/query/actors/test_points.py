"""The people behind a point are as many as the point says, for every point of every chart."""

from collections.abc import Iterator
from typing import Any

import pytest

from leanbase.model.project import Project
from leanbase.query.actors.runner import run_actors
from leanbase.query.context import QueryContext
from leanbase.query.kinds import RUNNERS
from leanbase.store.client import Store
from tests.query import cases
from tests.query.fixture_pairs import NOW, PROJECT, insert_world

PAGE = {"kind": "EventsNode", "event": "$pageview"}
SIGN_UP = {"kind": "EventsNode", "event": "sign up"}
BUY = {"kind": "EventsNode", "event": "buy"}
RANGE = {"dateRange": {"date_from": "-6d"}}


@pytest.fixture(scope="module")
def ctx(engine: Store) -> QueryContext:
    insert_world(engine)
    project = Project(id=PROJECT, api_token="phc_points", timezone="Europe/Berlin", week_start_day=1)
    return cases.context(engine, project, NOW, cohorts=cases.KnownCohorts({9: "early"}))


def answer(ctx: QueryContext, query: dict[str, Any]) -> Any:
    return RUNNERS[query["kind"]](ctx, query)["results"]


def how_many(ctx: QueryContext, source: dict[str, Any]) -> int:
    found = run_actors(ctx, {"kind": "ActorsQuery", "select": ["id"], "source": source, "limit": 1000})["results"]
    assert len({row[0] for row in found}) == len(found)
    return len(found)


def behind(query: dict[str, Any], **point: Any) -> dict[str, Any]:
    return {"kind": "InsightActorsQuery", "source": query, **point}


def trend_points(row: dict[str, Any]) -> Iterator[tuple[dict[str, Any], float]]:
    about: dict[str, Any] = {"series": row["order"], "compare": row.get("compare_label")}
    if "breakdown_value" in row:
        about["breakdown"] = row["breakdown_value"]
    if "aggregated_value" in row:
        yield about, row["aggregated_value"]
    for day, value in zip(row["days"], row["data"], strict=True):
        yield {**about, "day": day}, value


PERSON_MATHS = [
    "dau", "weekly_active", "monthly_active", "first_time_for_user", "first_matching_event_for_user",
]  # fmt: skip
BREAKDOWNS: list[dict[str, Any]] = [
    {},
    {"breakdownFilter": {"breakdown": "$browser", "breakdown_type": "event"}},
    {"breakdownFilter": {"breakdowns": [{"property": "$browser"}, {"property": "$group_0"}], "breakdown_limit": 2}},
    {"breakdownFilter": {"breakdown": [9, "all"], "breakdown_type": "cohort"}},
    {"breakdownFilter": {"breakdowns": [{"property": "price", "histogram_bin_count": 2}]}},
]


@pytest.mark.parametrize("math", PERSON_MATHS)
@pytest.mark.parametrize("interval", ["hour", "day", "week", "month"])
def test_trends(ctx: QueryContext, math: str, interval: str) -> None:
    dates = {"date_from": "-3h"} if interval == "hour" else {"date_from": "-5d"}
    for display in ("ActionsLineGraph", "ActionsTable"):
        query = {
            "kind": "TrendsQuery",
            "series": [{**PAGE, "math": math}],
            "interval": interval,
            "dateRange": dates,
            "trendsFilter": {"display": display},
            "compareFilter": {"compare": True},
        }
        for row in answer(ctx, query):
            for point, value in trend_points(row):
                assert how_many(ctx, behind(query, **point)) == value, (display, point)


@pytest.mark.parametrize("math", ["dau", "first_matching_event_for_user"])
@pytest.mark.parametrize("breakdown", BREAKDOWNS, ids=str)
def test_trends_with_a_breakdown(ctx: QueryContext, math: str, breakdown: dict[str, Any]) -> None:
    query = {"kind": "TrendsQuery", "series": [{**PAGE, "math": math}], "interval": "week", **RANGE, **breakdown}
    for row in answer(ctx, query):
        for point, value in trend_points(row):
            other = "$$_posthog_breakdown_other_$$" in str(point.get("breakdown"))
            found = how_many(ctx, behind(query, **point))
            # The rest of unique persons is a sum over its values: nobody is listed twice.
            assert found <= value if other else found == value, point
            assert bool(found) == bool(value)


@pytest.mark.parametrize("math", ["dau", "unique_group"])
def test_cumulative_trends(ctx: QueryContext, math: str) -> None:
    node = {**PAGE, "math": math, "math_group_type_index": 0 if math == "unique_group" else None}
    display = {"trendsFilter": {"display": "ActionsLineGraphCumulative"}}
    query = {"kind": "TrendsQuery", "series": [node], "interval": "day", **RANGE, **display}
    for row in answer(ctx, query):
        for point, value in trend_points(row):
            assert how_many(ctx, behind(query, **point)) == value, point


FUNNEL = {"kind": "FunnelsQuery", "series": [PAGE, SIGN_UP, BUY], **RANGE}


@pytest.mark.parametrize("order", ["ordered", "strict", "unordered"])
@pytest.mark.parametrize(
    "breakdown",
    [
        {},
        {"breakdownFilter": {"breakdown": "$browser", "breakdown_type": "event"}},
        {"breakdownFilter": {"breakdown": "$browser", "breakdown_type": "event", "breakdown_limit": 1}},
        {"breakdownFilter": {"breakdown": [9, "all"], "breakdown_type": "cohort"}},
    ],
    ids=str,
)
def test_funnels(ctx: QueryContext, order: str, breakdown: dict[str, Any]) -> None:
    query = {**FUNNEL, **breakdown, "funnelsFilter": {"funnelOrderType": order}}
    found = answer(ctx, query)
    for steps in found if breakdown else [found]:
        before: int | None = None
        for step in steps:
            asked = {"kind": "FunnelsActorsQuery", "source": query, "funnelStepBreakdown": step.get("breakdown_value")}
            assert how_many(ctx, {**asked, "funnelStep": step["order"] + 1}) == step["count"], step
            if before is not None:
                dropped = how_many(ctx, {**asked, "funnelStep": -step["order"] - 1})
                assert dropped == before - step["count"], step
            before = step["count"]


@pytest.mark.parametrize("order", ["ordered", "strict", "unordered"])
def test_funnel_trends(ctx: QueryContext, order: str) -> None:
    query = {**FUNNEL, "series": [PAGE, BUY], "funnelsFilter": {"funnelVizType": "trends", "funnelOrderType": order}}
    [series] = answer(ctx, query)
    entered = 0
    for day, rate in zip(series["days"], series["data"], strict=True):
        asked = {"kind": "FunnelsActorsQuery", "source": query, "funnelTrendsEntrancePeriodStart": day}
        converted = how_many(ctx, {**asked, "funnelTrendsDropOff": False})
        dropped = how_many(ctx, {**asked, "funnelTrendsDropOff": True})
        entered += converted + dropped
        assert rate == (round(100 * converted / (converted + dropped), 2) if converted + dropped else 0)
    assert series["count"] == len(series["days"])
    assert entered


@pytest.mark.parametrize("kind", ["retention_recurring", "retention_first_time", "retention_first_ever_occurrence"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"cumulative": True},
        {"minimumOccurrences": 2},
        {"retentionCustomBrackets": [1, 3]},
        {"timeWindowMode": "24_hour_windows"},
        {"breakdownFilter": {"breakdown": "$browser", "breakdown_type": "event"}},
        {"aggregation_group_type_index": 0},
    ],
    ids=str,
)
def test_retention(ctx: QueryContext, kind: str, options: dict[str, Any]) -> None:
    options = dict(options)
    around = {key: options.pop(key) for key in ("breakdownFilter", "aggregation_group_type_index") if key in options}
    entities = {"targetEntity": {"id": "$pageview", "type": "events"}, "returningEntity": {"id": "buy"}}
    table = {"retentionType": kind, "totalIntervals": 5, **entities, **options}
    query = {"kind": "RetentionQuery", **RANGE, "retentionFilter": table, **around}
    rows = answer(ctx, query)
    dates = list(dict.fromkeys(row["date"] for row in rows))
    for row in rows:
        point: dict[str, Any] = {"interval": dates.index(row["date"])}
        if "breakdown_value" in row:
            point["breakdown"] = row["breakdown_value"]
        asked = {
            "kind": "ActorsQuery",
            "select": ["id", "appearances"],
            "limit": 1000,
            "source": behind(query, **point),
        }
        people = run_actors(ctx, asked)["results"]
        counts = [sum(column in appearances for _, appearances in people) for column in range(len(row["values"]))]
        assert counts == [cell["count"] for cell in row["values"]], row


@pytest.mark.parametrize("computed", ["cumulative", "non_cumulative"])
@pytest.mark.parametrize(
    "node",
    [
        PAGE,
        {**PAGE, "math": "unique_group", "math_group_type_index": 0},
        {**PAGE, "math": "hogql", "math_hogql": "properties.$browser"},
    ],
    ids=lambda node: str(node.get("math")),
)
def test_stickiness(ctx: QueryContext, node: dict[str, Any], computed: str) -> None:
    query = {
        "kind": "StickinessQuery",
        "series": [node],
        **RANGE,
        "interval": "day",
        "stickinessFilter": {"computedAs": computed},
    }
    for row in answer(ctx, query):
        for days, value in zip(row["days"], row["data"], strict=True):
            assert how_many(ctx, behind(query, day=days, series=0)) == value, days


@pytest.mark.parametrize("interval", ["day", "week"])
def test_lifecycle(ctx: QueryContext, interval: str) -> None:
    query = {"kind": "LifecycleQuery", "series": [PAGE], **RANGE, "interval": interval}
    for row in answer(ctx, query):
        for day, value in zip(row["days"], row["data"], strict=True):
            assert how_many(ctx, behind(query, day=day, status=row["status"])) == abs(value), (day, row["status"])


def test_paths(ctx: QueryContext) -> None:
    query = {"kind": "PathsQuery", **RANGE, "pathsFilter": {}}
    for link in answer(ctx, query):
        keys = {"pathStartKey": link["source"], "pathEndKey": link["target"]}
        asked = {"kind": "ActorsQuery", "select": ["id", "event_count"], "source": {**behind(query), **keys}}
        people = run_actors(ctx, asked)["results"]
        assert sum(times for _, times in people) == link["value"], link
