"""Active persons and lifecycles at the borders of the numbers that hold their bits: as over arrays."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leanbase.query import lifecycle
from leanbase.query.context import QueryContext
from leanbase.query.lifecycle import run_lifecycle
from leanbase.query.trends import active
from leanbase.query.trends.masks import MOST_BITS, width
from leanbase.query.trends.runner import run_trends

Insert = Callable[..., None]
Make = Callable[..., QueryContext]
BEGIN = datetime(2025, 6, 1, tzinfo=UTC)
DAYS = 300
WINDOW = 7


@pytest.fixture
def crowd(insert_events: Insert, insert_persons: Insert, insert_groups: Insert) -> None:
    """Ten people on some of 300 days, on the first and last of each border among them."""
    chance = random.Random(7)
    borders = {border + step for border in (0, 64, 128, MOST_BITS) for step in range(-8, 3)}
    days = sorted({*(day for day in borders if 0 <= day < DAYS), *chance.sample(range(DAYS), 30)})
    insert_persons(
        1,
        [
            {"distinct_ids": [f"p{number}"], "created_at": BEGIN + timedelta(days=chance.choice(days))}
            for number in range(10)
        ],
    )
    insert_groups(1, [{"index": 0, "key": "acme", "created_at": BEGIN + timedelta(days=60)}])
    insert_events(
        1,
        [
            {
                "event": "open",
                "distinct_id": f"p{number}",
                "timestamp": BEGIN + timedelta(days=day, hours=chance.randint(0, 23)),
                "properties": {"plan": chance.choice("abc")},
                "person_created_at": BEGIN + timedelta(days=days[number]),
                "groups": {0: chance.choice(["acme", "bolt", ""])},
            }
            for day in days
            for number in chance.sample(range(10), 8)
        ],
    )


def over(bits: int, before: int) -> dict[str, str]:
    """The range that needs so many bits, ``before`` of them for the days before it."""
    return {
        "date_from": f"{BEGIN + timedelta(days=before):%Y-%m-%d}",
        "date_to": f"{BEGIN + timedelta(days=bits - 1):%Y-%m-%d}",
    }


@pytest.mark.parametrize("bits", [64, 65, 128, 129, MOST_BITS, MOST_BITS + 1])
def test_the_borders(ctx: Make, crowd: None, bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    node = {"kind": "EventsNode", "event": "open", "math": "weekly_active"}
    weekly: dict[str, Any] = {"kind": "TrendsQuery", "series": [node], "dateRange": over(bits, WINDOW - 1)}
    by_plan = weekly | {"breakdownFilter": {"breakdown": "plan"}}
    phases = {"kind": "LifecycleQuery", "series": [node], "dateRange": over(bits, 1)}

    by_group = {"aggregation_group_type_index": 0}
    on_events = ctx(modifiers={"personsOnEventsMode": "person_id_override_properties_on_events"})

    def answers() -> list[dict[str, Any]]:
        return [
            *(run_trends(ctx(), query) for query in (weekly, by_plan, weekly | by_group)),
            *(run_lifecycle(ctx(), query) for query in (phases, phases | by_group)),
            run_lifecycle(on_events, phases),
        ]

    found = answers()
    assert all(any(any(row["data"]) for row in answer["results"]) for answer in found)
    assert all(any(answer["results"][0]["data"]) for answer in found[3:]), "somebody is new"
    monkeypatch.setattr(active, "MOST_BITS", 0)
    monkeypatch.setattr(lifecycle, "MOST_BITS", 0)
    assert found == answers()


def test_the_smallest_number_that_holds_the_bits() -> None:
    assert [width(bits) for bits in (1, 64, 65, 128, 129, 256)] == [
        "UInt64", "UInt64", "UInt128", "UInt128", "UInt256", "UInt256",
    ]  # fmt: skip
