"""Retention against a naive count over every person and interval."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from leanbase.query.context import QueryContext
from leanbase.query.retention.query import RetentionQuery, read_retention
from leanbase.query.retention.runner import run_retention
from leanbase.query.retention.sql import counts_sql

Insert = Callable[..., None]
Make = Callable[..., QueryContext]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 8


Event = tuple[str, str, datetime, str, float]  # person, name, time, color, price


@pytest.fixture
def crowd(insert_events: Insert) -> list[Event]:
    """200 people with up to 14 events in ten days; the range begins on the second day."""
    chance = random.Random(11)
    found: list[Event] = []
    for person in range(200):
        for _ in range(chance.randint(0, 14)):
            at = BEGIN + timedelta(hours=chance.randint(0, 10 * 24 - 1))
            color = chance.choice(["red", "blue"])
            found.append((f"p{person}", chance.choice("ab"), at, color, float(chance.randint(0, 9))))
    insert_events(
        1,
        [
            {"event": name, "distinct_id": who, "timestamp": at, "properties": {"color": color, "price": price}}
            for who, name, at, color, price in found
        ],
    )
    return found


def query(target: str, returning: str, options: dict[str, Any], **more: Any) -> dict[str, Any]:
    entities = {
        "targetEntity": {"id": target, "type": "events"},
        "returningEntity": {"id": returning, "type": "events"},
    }
    dates = {"date_from": "2026-01-02", "date_to": "2026-01-09"}
    return {"dateRange": dates, "retentionFilter": {"totalIntervals": 6, **entities, **options}, **more}


def expected(asked: RetentionQuery, events: list[Event], target: str, returning: str) -> list[list[int]]:
    """The table, counted person by person."""
    start, end = asked.starts[0], asked.end
    table = [[0] * asked.columns for _ in asked.starts]
    for who in sorted({event[0] for event in events}):
        own = [event for event in events if event[0] == who]
        targets = sorted(at for _, name, at, _, _ in own if name == target)
        if asked.kind != "retention_recurring":
            targets = targets[:1]
        targets = [at for at in targets if start <= at < end]
        returns = [at for _, name, at, _, _ in own if name == returning and start <= at < end]
        if not targets:
            continue
        if asked.rolling_hours:
            rows = {(targets[0] - start).days}
            distances = [
                (at - targets[0]) // timedelta(hours=asked.rolling_hours) for at in returns if at >= targets[0]
            ]
        else:
            rows = {(at - start).days for at in targets}
            distances = [(at - start).days for at in returns]
        often = {number for number in distances if distances.count(number) >= asked.minimum_occurrences}
        for row in rows:
            offsets = {number if asked.rolling_hours else number - row for number in often}
            offsets = {offset for offset in offsets if offset > 0}
            if asked.cumulative:
                offsets = set(range(1, max(offsets, default=0) + 1))
            columns = {_column(asked, offset) for offset in offsets}
            for column in {0} | columns:
                if column < asked.columns:
                    table[row][column] += 1
    return table


def _column(asked: RetentionQuery, offset: int) -> int:
    if not asked.brackets:
        return offset
    reach = 0
    for number, width in enumerate(asked.brackets, 1):
        reach += width
        if offset <= reach:
            return number
    return asked.columns


OPTIONS: list[dict[str, Any]] = [
    {},
    {"cumulative": True},
    {"minimumOccurrences": 2},
    {"retentionCustomBrackets": [1, 3, 2]},
    {"timeWindowMode": "24_hour_windows"},
    {"timeWindowMode": "24_hour_windows", "minimumOccurrences": 2},
]


@pytest.mark.parametrize("kind", ["retention_recurring", "retention_first_time", "retention_first_ever_occurrence"])
def test_the_table_is_counted_person_by_person(ctx: Make, crowd: list[Event], kind: str) -> None:
    for options, entities in product(OPTIONS, ["ab", "aa"]):
        raw = query(*entities, options | {"retentionType": kind})
        answer = run_retention(ctx(), raw)
        counts = [[value["count"] for value in row["values"]] for row in answer["results"]]
        assert counts == expected(read_retention(ctx(), raw), crowd, *entities), (options, entities)


def test_more_intervals_than_bits_give_the_same_numbers(ctx: Make, crowd: list[Event]) -> None:
    """200 hours are arrays; 60 of them are bits."""
    hours = {"period": "Hour", "totalIntervals": 20}
    wide = run_retention(ctx(), query("a", "b", hours))["results"]
    narrow_dates = {"date_from": "2026-01-02T00:00:00Z", "date_to": "2026-01-04T11:00:00Z"}
    narrow = run_retention(ctx(), query("a", "b", hours) | {"dateRange": narrow_dates})["results"]
    assert len(wide) > 64 > len(narrow)
    whole = len(narrow) - 20  # later rows of the short table end with its range
    assert [row["values"] for row in wide[:whole]] == [row["values"] for row in narrow[:whole]]


def test_a_breakdown_counts_every_value_by_itself(ctx: Make, crowd: list[Event]) -> None:
    raw = query("a", "b", {}, breakdownFilter={"breakdowns": [{"property": "color", "type": "event"}]})
    answer = run_retention(ctx(), raw)
    asked = read_retention(ctx(), raw)
    for color in ("red", "blue"):
        rows = [row for row in answer["results"] if row["breakdown_value"] == color]
        counts = [[value["count"] for value in row["values"]] for row in rows]
        assert counts == expected(asked, [event for event in crowd if event[3] == color], "a", "b")


def test_windows_begin_for_every_value_with_the_persons_first_event(ctx: Make, insert_events: Insert) -> None:
    """Whatever values somebody has, they are in the row of their first event; each value has the windows of its own."""
    looks = [(0, "Firefox"), (23, "Firefox"), (25, "Chrome"), (49, "Firefox")]
    insert_events(
        1,
        [
            {"event": "a", "distinct_id": "p", "timestamp": BEGIN + timedelta(hours=30 + hour), "properties": {"b": b}}
            for hour, b in looks
        ],
    )
    raw = query("a", "a", {"timeWindowMode": "24_hour_windows"}, breakdownFilter={"breakdown": "b"})
    rows = [row for row in run_retention(ctx(), raw)["results"] if row["label"] == "Day 0"]
    counts = {row["breakdown_value"]: [value["count"] for value in row["values"][:3]] for row in rows}
    assert counts == {"Firefox": [1, 0, 1], "Chrome": [1, 1, 0]}


def test_a_breakdown_by_the_group_of_the_event(ctx: Make, insert_events: Insert) -> None:
    days = [(2, "acme"), (3, "acme"), (4, "globex")]
    insert_events(
        1,
        [
            {"event": "a", "distinct_id": "p", "timestamp": BEGIN + timedelta(days=day - 1), "groups": {0: group}}
            for day, group in days
        ],
    )
    by_group = {"breakdowns": [{"property": "$group_0", "type": "event_metadata"}]}
    rows = run_retention(ctx(), query("a", "a", {}, breakdownFilter=by_group))["results"]
    counts = [(row["breakdown_value"], row["values"][0]["count"], row["values"][1]["count"]) for row in rows]
    assert [count for count in counts if count[1]] == [("acme", 1, 1), ("acme", 1, 0), ("globex", 1, 0)]


def test_everybody_as_a_cohort(ctx: Make, crowd: list[Event]) -> None:
    for named in ("all", 0):
        raw = query("a", "b", {}, breakdownFilter={"breakdown": [named], "breakdown_type": "cohort"})
        rows = run_retention(ctx(), raw)["results"]
        assert {row["breakdown_value"] for row in rows} == {"0"}
        assert [row["values"] for row in rows] == [
            row["values"] for row in run_retention(ctx(), query("a", "b", {}))["results"]
        ]


def test_sums_of_column_0_are_of_the_target_when_only_its_filters_differ(ctx: Make, crowd: list[Event]) -> None:
    red = [{"type": "event", "key": "color", "operator": "exact", "value": "red"}]
    options = {"aggregationType": "sum", "aggregationProperty": "price"}
    raw = query("a", "a", options | {"targetEntity": {"id": "a", "type": "events", "properties": red}})
    start = datetime(2026, 1, 2, tzinfo=UTC)
    own = [
        price
        for _, name, at, color, price in crowd
        if name == "a" and color == "red" and start <= at < start + timedelta(days=1)
    ]
    assert run_retention(ctx(), raw)["results"][0]["values"][0]["aggregation_value"] == sum(own)


def test_sums_are_of_the_return_events(ctx: Make, crowd: list[Event]) -> None:
    options = {"aggregationType": "sum", "aggregationProperty": "price"}
    rows = run_retention(ctx(), query("a", "b", options))["results"]
    start = datetime(2026, 1, 2, tzinfo=UTC)
    on_day_0 = {who for who, name, at, _, _ in crowd if name == "a" and (at - start).days == 0 and at >= start}
    later = [price for who, name, at, _, price in crowd if who in on_day_0 and name == "b" and (at - start).days == 1]
    assert rows[0]["values"][1]["aggregation_value"] == sum(later)
    averages = run_retention(ctx(), query("a", "b", options | {"aggregationType": "avg"}))["results"]
    cell = averages[0]["values"][1]
    assert cell["aggregation_value"] == pytest.approx(sum(later) / cell["count"])


def test_the_sort_key_is_used(ctx: Make, crowd: list[Event]) -> None:
    context = ctx()
    statement = counts_sql(context, read_retention(context, query("a", "b", {})))
    explained = type(statement)(f"EXPLAIN indexes = 1 {statement.text}", statement.binds)
    plan = "\n".join(str(row[0]) for row in context.execute(explained).rows)
    assert "toDate(timestamp)" in plan[plan.index("PrimaryKey") :]
