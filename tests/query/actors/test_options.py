"""What may be asked for of the people of a chart."""

from collections.abc import Callable
from typing import Any

import pytest

from leanbase.model.project import Project
from leanbase.query.actors.options import run_actors_options
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError

Insert = Callable[..., None]
Make = Callable[..., QueryContext]
PROJECT = 1
RANGE = {"date_from": "2026-01-02", "date_to": "2026-01-03"}
TREND = {
    "kind": "TrendsQuery",
    "series": [{"kind": "EventsNode", "event": "look"}, {"kind": "EventsNode", "event": None}],
    "dateRange": RANGE,
}
LIFECYCLE = {"kind": "LifecycleQuery", "series": TREND["series"][:1], "dateRange": RANGE}
DAYS = [
    {"label": "2-Jan-2026", "value": "2026-01-02T00:00:00+01:00"},
    {"label": "3-Jan-2026", "value": "2026-01-03T00:00:00+01:00"},
]
SERIES = [{"label": "look", "value": 0}, {"label": "All events", "value": 1}]
NO_VALUE = {"label": "None (i.e. no value)", "value": "$$_posthog_breakdown_null_$$"}


@pytest.fixture
def looks(insert_events: Insert) -> None:
    browsers = ["Firefox", "Firefox", "Firefox", None, None, "Safari"]
    insert_events(
        PROJECT,
        [
            {"event": "look", "distinct_id": "ann", "timestamp": "2026-01-02T10:00:00Z"}
            | {"properties": {"browser": browser, "kind": "phone"} if browser else {}}
            for browser in browsers
        ],
    )


def options(ctx: Make, **insight: Any) -> dict[str, Any]:
    asked = {"source": {"kind": "InsightActorsQuery", "source": insight}}
    found = run_actors_options(ctx(Project(id=PROJECT, api_token="phc_1", timezone="Europe/Berlin")), asked)
    return {name: value for name, value in found.items() if value is not None}


def test_days_and_series_of_a_trend(ctx: Make) -> None:
    assert options(ctx, **TREND) == {"day": DAYS, "series": SERIES}


def test_a_single_number_has_no_days(ctx: Make) -> None:
    assert options(ctx, **TREND, trendsFilter={"display": "ActionsPie"}) == {"series": SERIES}


def test_periods_that_are_compared(ctx: Make) -> None:
    compare = [{"label": "Current", "value": "current"}, {"label": "Previous", "value": "previous"}]
    assert options(ctx, **TREND, compareFilter={"compare": True})["compare"] == compare


def test_values_of_a_breakdown_are_named_once_in_their_order(ctx: Make, looks: None) -> None:
    found = options(ctx, **TREND, breakdownFilter={"breakdown": "browser", "breakdown_type": "event"})
    firefox, safari = ({"label": name, "value": name} for name in ("Firefox", "Safari"))
    assert found["breakdown"] == [firefox, safari, NO_VALUE]
    found = options(ctx, **TREND, breakdownFilter={"breakdowns": [{"property": "kind"}, {"property": "browser"}]})
    assert found["breakdowns"][0]["values"] == [{"label": "phone", "value": "phone"}, NO_VALUE]
    assert len(found["breakdowns"][1]["values"]) == 3


def test_days_and_statuses_of_a_lifecycle(ctx: Make) -> None:
    statuses = ["Dormant", "New", "Resurrecting", "Returning"]
    expected = [{"label": status, "value": status.lower()} for status in statuses]
    assert options(ctx, **LIFECYCLE) == {"day": DAYS, "status": expected}


def test_other_insights_offer_nothing(ctx: Make) -> None:
    assert options(ctx, **TREND | {"kind": "StickinessQuery"}) == {}


def test_a_source_without_an_insight_is_refused(ctx: Make) -> None:
    with pytest.raises(QueryError) as refusal:
        run_actors_options(ctx(PROJECT), {"source": {"kind": "InsightActorsQuery"}})
    assert refusal.value.attr == "source"
