"""What goes with completing a funnel."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leanbase.query.actors.runner import run_actors
from leanbase.query.context import QueryContext
from leanbase.query.correlation.odds import Counted, correlations, is_skewed, odds_ratio
from leanbase.query.correlation.runner import run_correlation
from leanbase.query.errors import QueryError

Insert = Callable[..., None]
Make = Callable[..., QueryContext]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
FUNNEL = {
    "kind": "FunnelsQuery",
    "series": [{"kind": "EventsNode", "event": "sign up"}, {"kind": "EventsNode", "event": "pay"}],
    "dateRange": {"date_from": "2026-01-01", "date_to": "2026-01-14"},
}
ASKED = {
    "kind": "FunnelCorrelationQuery",
    "source": {"kind": "FunnelsActorsQuery", "source": FUNNEL, "funnelStep": 1},
    "funnelCorrelationType": "events",
}


def event(name: str, who: str, hours: float, **properties: Any) -> dict[str, Any]:
    return {
        "event": name,
        "distinct_id": who,
        "timestamp": BEGIN + timedelta(hours=hours),
        "properties": properties,
    }


@pytest.fixture
def ten_each(insert_events: Insert, insert_persons: Insert) -> None:
    """Ten who pay, five of them after a chat; ten who do not, five of them after an error."""
    rows: list[dict[str, Any]] = []
    for number in range(20):
        who, pays = f"p{number}", number < 10
        rows.append(event("sign up", who, 1))
        if number % 2:
            rows.append(event("chat" if pays else "error", who, 2, kind="live" if pays else "timeout"))
        if pays:
            rows += [event("pay", who, 3), event("thanks", who, 4)]
        rows.append(event("arrive", who, 0))
    insert_events(1, rows)
    plans = ["pro" if number < 10 else "free" for number in range(20)]
    insert_persons(
        1, [{"distinct_ids": [f"p{number}"], "properties": {"plan": plan}} for number, plan in enumerate(plans)]
    )


def rows(answer: dict[str, Any]) -> list[tuple[str, int, int, float, str]]:
    return [
        (
            row["event"]["event"],
            row["success_count"],
            row["failure_count"],
            round(row["odds_ratio"], 6),
            row["correlation_type"],
        )
        for row in answer["results"]["events"]
    ]


def test_events_between_entering_and_completing(ctx: Make, ten_each: None) -> None:
    answer = run_correlation(ctx(), ASKED)
    assert rows(answer) == [("chat", 5, 0, 11, "success"), ("error", 0, 5, round(1 / 11, 6), "failure")]
    assert answer["results"]["skewed"] is False


def test_events_can_be_left_out(ctx: Make, ten_each: None) -> None:
    answer = run_correlation(ctx(), ASKED | {"funnelCorrelationExcludeEventNames": ["chat"]})
    assert [row[0] for row in rows(answer)] == ["error"]


def test_properties_of_events(ctx: Make, ten_each: None) -> None:
    asked = ASKED | {"funnelCorrelationType": "event_with_properties", "funnelCorrelationEventNames": ["chat", "error"]}
    answer = run_correlation(ctx(), asked)
    assert [row[:3] for row in rows(answer)] == [("chat::kind::live", 5, 0), ("error::kind::timeout", 0, 5)]
    assert answer["results"]["events"][0]["event"]["properties"] == {"kind": "live"}


def test_properties_of_persons(ctx: Make, ten_each: None) -> None:
    asked = ASKED | {"funnelCorrelationType": "properties", "funnelCorrelationNames": ["$all"]}
    assert [row[:3] for row in rows(run_correlation(ctx(), asked))] == [("plan::pro", 10, 0), ("plan::free", 0, 10)]
    asked |= {"funnelCorrelationExcludeNames": ["plan"]}
    assert rows(run_correlation(ctx(), asked)) == []


@pytest.mark.parametrize(("converted", "people"), [("true", 5), ("false", 0), (None, 5)])
def test_the_people_behind_a_row(ctx: Make, ten_each: None, converted: str | None, people: int) -> None:
    source = {
        "kind": "FunnelCorrelationActorsQuery",
        "source": ASKED,
        "funnelCorrelationPersonEntity": {"kind": "EventsNode", "event": "chat"},
        "funnelCorrelationPersonConverted": converted,
    }
    assert len(run_actors(ctx(), {"select": ["id"], "source": source})["results"]) == people


def test_the_people_behind_a_property(ctx: Make, ten_each: None) -> None:
    source = {
        "kind": "FunnelCorrelationActorsQuery",
        "source": ASKED,
        "funnelCorrelationPropertyValues": [{"type": "person", "key": "plan", "operator": "exact", "value": "free"}],
        "funnelCorrelationPersonConverted": "false",
    }
    assert len(run_actors(ctx(), {"select": ["id"], "source": source})["results"]) == 10


def test_with_one_side_only_nothing_is_said(ctx: Make, insert_events: Insert) -> None:
    insert_events(1, [event("sign up", "p", 1), event("chat", "p", 2)])
    assert run_correlation(ctx(), ASKED)["results"] == {"events": [], "skewed": True}


def test_properties_of_events_need_events(ctx: Make) -> None:
    with pytest.raises(QueryError) as refused:
        run_correlation(ctx(), ASKED | {"funnelCorrelationType": "event_with_properties"})
    assert refused.value.attr == "funnelCorrelationEventNames"


def test_odds() -> None:
    assert odds_ratio(5, 0, 10, 10) == 11
    assert odds_ratio(0, 5, 10, 10) == pytest.approx(1 / 11)


def test_rare_things_are_chance_and_ten_of_each_are_enough() -> None:
    many = [Counted(f"good {number:02}", 20 + number, 1) for number in range(15)]
    rare = [Counted("rare", 1, 0)]
    found = correlations(many + rare, 100, 100)
    assert [item.counted.name for item in found] == [f"good {number:02}" for number in range(14, 4, -1)]


def test_sides_of_very_different_size_are_skewed() -> None:
    assert is_skewed(11, 1)
    assert not is_skewed(10, 1)
    assert is_skewed(0, 5)
