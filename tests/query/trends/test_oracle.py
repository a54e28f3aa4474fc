"""Random histories and questions, answered by the engine and by the naive oracle."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from leanbase.query.intervals import shift
from leanbase.query.lifecycle import run_lifecycle
from leanbase.query.stickiness import run_stickiness
from leanbase.query.trends.runner import TrendsRun, run_trends
from leanbase.store.client import Store
from tests.query.oracle import trends as oracle
from tests.query.oracle.histories import CENTERS, ZONES, histories, stored, worlds
from tests.query.oracle.trends import Question, World

MATHS = [
    "total", "dau", "weekly_active", "monthly_active", "unique_session", "unique_group", "sum", "avg", "min", "max",
    "median", "p75", "p90", "p99", "avg_count_per_actor", "max_count_per_actor", "p90_count_per_actor",
    "first_time_for_user", "first_matching_event_for_user", "avg_session_duration",
]  # fmt: skip

ranges = st.one_of(
    st.sampled_from([{"date_from": "-7d"}, {"date_from": "-14d"}, {"date_from": "-3d", "date_to": "-1d"}, {}]),
    st.tuples(st.integers(-15, 0), st.integers(0, 15)),
)
conditions = st.sampled_from([None, ("x", "a"), ("x", "5"), ("y", "k")])


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "event": draw(st.sampled_from(["open", "buy", None])),
        "math": draw(st.sampled_from(MATHS)),
        "condition": draw(conditions),
        "range": draw(ranges),
        "interval": draw(st.sampled_from(["hour", "day", "week", "month"])),
        "breakdown": draw(st.sampled_from([(), (), ("x",), ("x", "y")])),
        "limit": draw(st.sampled_from([2, 25])),
        "display": draw(
            st.sampled_from(["ActionsLineGraph", "ActionsLineGraphCumulative", "ActionsTable", "BoldNumber"])
        ),
        "compare": draw(st.booleans()),
    }


def condition_of(asked: Mapping[str, Any]) -> Any:
    if asked["condition"] is None:
        return lambda _: True
    key, value = asked["condition"]
    return lambda event: oracle.text_of(event, key) == value


def query_of(kind: str, asked: Mapping[str, Any], center: datetime) -> dict[str, Any]:
    chosen = asked["range"]
    if isinstance(chosen, tuple):
        days = [(center + timedelta(days=step)).strftime("%Y-%m-%d") for step in chosen]
        chosen = {"date_from": days[0], "date_to": days[1]}
    if asked["interval"] == "hour" and "date_to" not in chosen:
        chosen = {"date_from": "-30h"}
    node: dict[str, Any] = {"kind": "EventsNode", "event": asked["event"]}
    if asked["condition"]:
        key, value = asked["condition"]
        node["properties"] = [{"type": "event", "key": key, "operator": "exact", "value": value}]
    return {"kind": kind, "series": [node], "dateRange": chosen, "interval": asked["interval"]}


def trends_query(asked: Mapping[str, Any], center: datetime) -> dict[str, Any]:
    query = query_of("TrendsQuery", asked, center)
    node = query["series"][0]
    node["math"] = "avg" if asked["math"] == "avg_session_duration" else asked["math"]
    if asked["math"] == "avg_session_duration":
        node["math_property"] = "$session_duration"
    elif asked["math"] in oracle.NUMBERS:
        node["math_property"] = "n"
    elif asked["math"] == "unique_group":
        node["math_group_type_index"] = 0
    query["trendsFilter"] = {"display": asked["display"]}
    query["compareFilter"] = {"compare": asked["compare"]}
    if len(asked["breakdown"]) == 1:
        query["breakdownFilter"] = {"breakdown": asked["breakdown"][0], "breakdown_limit": asked["limit"]}
    elif asked["breakdown"]:
        fields = [{"property": key, "type": "event"} for key in asked["breakdown"]]
        query["breakdownFilter"] = {"breakdowns": fields, "breakdown_limit": asked["limit"]}
    return query


def same(got: list[float], expected: list[float]) -> bool:
    return len(got) == len(expected) and all(
        math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) for one, other in zip(got, expected, strict=True)
    )


@histories
@given(worlds(), st.sampled_from(ZONES), st.integers(0, 1), st.lists(questions(), min_size=4, max_size=8))
def test_trends(engine: Store, history: tuple[World, datetime], zone: str, week: int, asked: list[Any]) -> None:
    world, center = history
    ctx = stored(engine, world, zone, week, center)
    for wanted in asked:
        query = trends_query(wanted, center)
        rows = run_trends(ctx, query)["results"]
        expected: list[tuple[tuple[str, ...], list[float]]] = []
        question = Question(wanted["event"], wanted["math"], condition_of(wanted), wanted["breakdown"], wanted["limit"])
        run = TrendsRun.of(ctx, query)
        cumulative = wanted["display"] == "ActionsLineGraphCumulative"
        for period in run.periods:
            lines = oracle.trend(world, question, period, total=run.query.total_value, cumulative=cumulative)
            for value, points in lines:
                sums = [sum(points[: place + 1]) for place in range(len(points))]
                expected.append((value, sums if cumulative else points))
        # With ties at the first timestamp any of the tied events may name the breakdown value.
        if wanted["math"].startswith("first_") and wanted["breakdown"] and _tied(world):
            continue
        got = [(_value(row), [row["aggregated_value"]] if run.query.total_value else row["data"]) for row in rows]
        assert [value for value, _ in got] == [value for value, _ in expected], query
        for (value, points), (_, wished) in zip(got, expected, strict=True):
            assert same(points, wished), (query, value, points, wished)


def _tied(world: World) -> bool:
    moments = [(world.person(event), event.timestamp) for event in world.events]
    return len(set(moments)) < len(moments)


def _value(row: Mapping[str, Any]) -> tuple[str, ...]:
    value = row.get("breakdown_value")
    return () if value is None else tuple(value) if isinstance(value, list) else (value,)


@histories
@given(
    worlds(),
    st.sampled_from(ZONES),
    st.integers(0, 1),
    st.lists(
        st.tuples(
            questions(), st.integers(1, 3), st.sampled_from([None, ("gte", 2), ("lte", 1), ("exact", 1)]), st.booleans()
        ),
        min_size=3,
        max_size=6,
    ),
)
def test_stickiness_and_lifecycle(
    engine: Store, history: tuple[World, datetime], zone: str, week: int, asked: list[Any]
) -> None:
    world, center = history
    ctx = stored(engine, world, zone, week, center)
    for wanted, group, criteria, cumulative in asked:
        question = Question(wanted["event"], "total", condition_of(wanted))
        period = TrendsRun.of(ctx, trends_query({**wanted, "display": "ActionsLineGraph"}, center)).periods[0]

        query = query_of("StickinessQuery", wanted, center)
        query["intervalCount"] = group
        query["stickinessFilter"] = {"computedAs": "cumulative" if cumulative else "non_cumulative"}
        if criteria:
            query["stickinessFilter"]["stickinessCriteria"] = {"operator": criteria[0], "value": criteria[1]}
        exact = oracle.stickiness(world, question, period, group, wanted_count(criteria))
        [row] = run_stickiness(ctx, query)["results"]
        assert row["data"] == ([sum(exact[place:]) for place in range(len(exact))] if cumulative else exact), query
        assert row["count"] == sum(exact)

        answer = run_lifecycle(ctx, query_of("LifecycleQuery", wanted, center))["results"]
        counts = oracle.lifecycle(world, question, period, shift(period.starts[0], period.interval, -1))
        assert {row["status"]: row["data"] for row in answer} == counts, query


def wanted_count(criteria: tuple[str, int] | None) -> Any:
    if criteria is None:
        return lambda _: True
    operator, limit = criteria
    return {"gte": limit.__le__, "lte": limit.__ge__, "exact": limit.__eq__}[operator]


def test_zones_have_the_changes_of_clocks_that_the_histories_lie_around() -> None:
    for zone, center in (("America/New_York", CENTERS[0]), ("Europe/Berlin", CENTERS[1])):
        offsets = {(center + timedelta(days=step)).astimezone(ZoneInfo(zone)).utcoffset() for step in (-1, 1)}
        assert len(offsets) == 2
