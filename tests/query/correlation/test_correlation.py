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
            told = {"kind": "live" if pays else "timeout", "$ip": "10.0.0.1"}
            rows.append(event("chat" if pays else "error", who, 2, **told))
        if pays:
            rows += [event("pay", who, 3), event("thanks", who, 4)]
        rows.append(event("arrive", who, 0))
    insert_events(1, rows)
    for number in range(20):
        properties = {"plan": "pro" if number < 10 else "free", "$creator_event_uuid": f"event-{number}"}
        insert_persons(1, [{"distinct_ids": [f"p{number}"], "properties": properties}])


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


def test_only_those_at_a_step_are_compared(ctx: Make, ten_each: None) -> None:
    source = ASKED["source"]
    who_paid = {**source, "funnelStep": 2}
    assert run_correlation(ctx(), ASKED | {"source": who_paid})["results"] == {"events": [], "skewed": True}
    by_plan = {**FUNNEL, "breakdownFilter": {"breakdown": "plan", "breakdown_type": "person"}}
    free = {**source, "source": by_plan, "funnelStepBreakdown": "free"}
    assert run_correlation(ctx(), ASKED | {"source": free})["results"]["skewed"] is True


def test_properties_of_events(ctx: Make, ten_each: None) -> None:
    asked = ASKED | {"funnelCorrelationType": "event_with_properties", "funnelCorrelationEventNames": ["chat", "error"]}
    answer = run_correlation(ctx(), asked)
    assert [row[:3] for row in rows(answer)] == [("chat::kind::live", 5, 0), ("error::kind::timeout", 0, 5)]
    assert answer["results"]["events"][0]["event"]["properties"] == {}
    excluded = run_correlation(ctx(), asked | {"funnelCorrelationEventExcludePropertyNames": ["kind"]})
    assert rows(excluded) == []


def test_values_that_two_people_had_say_nothing(ctx: Make, insert_events: Insert) -> None:
    happened = [event("sign up", f"p{number}", 1) for number in range(7)]
    happened += [event("chat", f"p{number}", 2, kind="live" if number < 3 else "mail") for number in range(5)]
    happened += [event("pay", f"p{number}", 3) for number in range(5)]
    insert_events(1, happened)
    asked = ASKED | {"funnelCorrelationType": "event_with_properties", "funnelCorrelationEventNames": ["chat"]}
    assert [row[:3] for row in rows(run_correlation(ctx(), asked))] == [("chat::kind::live", 3, 0)]


def test_steps_are_never_on_the_way(ctx: Make, insert_events: Insert) -> None:
    happened = [event("sign up", f"p{number}", hour, kind="x") for number in range(6) for hour in (1, 2)]
    happened += [event("pay", f"p{number}", 3) for number in range(3)]
    insert_events(1, happened)
    asked = ASKED | {"funnelCorrelationType": "event_with_properties", "funnelCorrelationEventNames": ["sign up"]}
    assert rows(run_correlation(ctx(), asked)) == []


CLICK = 'a.big:attr__data-x="1"href="/buy"nth-child="2"nth-of-type="1"text="Buy; now"'


def test_clicks_are_told_by_their_elements(ctx: Make, insert_events: Insert) -> None:
    happened = [event("sign up", f"p{number}", 1) for number in range(4)]
    clicks = [event("$autocapture", f"p{number}", 2, **{"$event_type": "click"}) for number in range(3)]
    happened += [{**click, "elements_chain": f"{CLICK};body:"} for click in clicks]
    happened += [event("pay", f"p{number}", 3) for number in range(3)]
    insert_events(1, happened)
    names = {"funnelCorrelationEventNames": ["$autocapture"]}
    answer = run_correlation(ctx(), ASKED | {"funnelCorrelationType": "event_with_properties", **names})
    assert [row[:3] for row in rows(answer)] == [(f"$autocapture::elements_chain::click__~~__{CLICK};body:", 3, 0)]
    described = answer["results"]["events"][0]["event"]
    assert described["properties"] == {"$event_type": "click"}
    link, body = described["elements"]
    assert (link["tag_name"], link["attr_class"], link["href"], link["text"]) == ("a", ["big"], "/buy", "Buy; now")
    assert (link["nth_child"], link["nth_of_type"], link["attributes"]) == (2, 1, {"attr__data-x": "1"})
    assert (body["tag_name"], body["attr_class"], body["order"]) == ("body", None, 1)


def test_properties_of_persons(ctx: Make, ten_each: None) -> None:
    asked = ASKED | {"funnelCorrelationType": "properties", "funnelCorrelationNames": ["$all"]}
    assert [row[:3] for row in rows(run_correlation(ctx(), asked))] == [("plan::pro", 10, 0), ("plan::free", 0, 10)]
    asked |= {"funnelCorrelationExcludeNames": ["plan"]}
    assert rows(run_correlation(ctx(), asked)) == []


def test_a_property_asked_for_by_name_may_be_missing(ctx: Make, ten_each: None) -> None:
    asked = ASKED | {"funnelCorrelationType": "properties", "funnelCorrelationNames": ["plan", "age"]}
    assert [row[:3] for row in rows(run_correlation(ctx(), asked))] == [
        ("plan::pro", 10, 0),
        ("plan::free", 0, 10),
        ("age::", 10, 10),
    ]


@pytest.mark.parametrize(
    ("kind", "attr"),
    [("properties", "funnelCorrelationNames"), ("event_with_properties", "funnelCorrelationEventNames")],
)
def test_properties_need_names(ctx: Make, kind: str, attr: str) -> None:
    with pytest.raises(QueryError) as refused:
        run_correlation(ctx(), ASKED | {"funnelCorrelationType": kind})
    assert refused.value.attr == attr


def test_people_need_an_event_or_properties(ctx: Make) -> None:
    source = {"kind": "FunnelCorrelationActorsQuery", "source": ASKED}
    with pytest.raises(QueryError) as refused:
        run_actors(ctx(), {"select": ["id"], "source": source})
    assert refused.value.attr == "source.funnelCorrelationPersonEntity"


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
