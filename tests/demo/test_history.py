"""The demo's history: the same each time, in order, and with the shapes that make its charts worth looking at."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from leanbase.demo.history import History

LAST = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def days() -> list[list[dict[str, object]]]:
    history = History(LAST, visitors=2_000)
    return [[json.loads(text) for text in history.events(day)] for day in range(history.days)]


def test_it_is_the_same_to_the_byte_each_time() -> None:
    one, two = History(LAST, visitors=300), History(LAST, visitors=300)
    assert [one.events(day) for day in range(one.days)] == [two.events(day) for day in range(two.days)]


def test_a_day_is_in_order_and_nothing_is_in_the_future(days: list[list[dict[str, object]]]) -> None:
    for events in days:
        times = [str(event["timestamp"]) for event in events]
        assert times == sorted(times)
    assert max(str(event["timestamp"]) for event in days[-1]) <= "2026-11-20T15:30:00.999Z"


def test_no_uuid_comes_twice(days: list[list[dict[str, object]]]) -> None:
    uuids = [event["uuid"] for events in days for event in events]
    assert len(uuids) == len(set(uuids))


def test_weekends_are_quieter_and_the_product_grows(days: list[list[dict[str, object]]]) -> None:
    by_weekday = Counter[int]()
    for events in days[-29:-1]:  # four whole weeks
        by_weekday[datetime.fromisoformat(str(events[0]["timestamp"])).weekday()] += len(events)
    assert max(by_weekday[5], by_weekday[6]) < 0.7 * min(by_weekday[day] for day in range(5))
    assert sum(map(len, days[-15:-1])) > 1.3 * sum(map(len, days[:14]))


def test_anonymous_visitors_sign_up_later_and_climb_the_funnel(days: list[list[dict[str, object]]]) -> None:
    names = Counter(str(event["event"]) for events in days for event in events)
    funnel = ["signup started", "signed up", "workspace created", "first note written", "teammate invited"]
    counts = [names[name] for name in funnel]
    assert counts == sorted(counts, reverse=True) and counts[-1] > 20
    identified = [event for events in days for event in events if event["event"] == "$identify"]
    assert identified
    for event in identified:
        properties = event["properties"]
        assert isinstance(properties, dict)
        assert properties["$anon_distinct_id"] != event["distinct_id"]


def test_activity_is_unequal_like_in_life(days: list[list[dict[str, object]]]) -> None:
    per_person = sorted(
        Counter(str(event["distinct_id"]) for events in days for event in events).values(), reverse=True
    )
    top = per_person[: len(per_person) // 20]
    assert sum(top) > 0.3 * sum(per_person)
