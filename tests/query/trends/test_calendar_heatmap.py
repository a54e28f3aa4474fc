"""Weekdays and hours, counted against the events themselves."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from leanbase.model.project import Project
from leanbase.query.calendar_heatmap import run_calendar_heatmap
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.store.client import Store
from tests.query.cases import StoredEvent, context, insert_events

PROJECT = 910
ZONE = "America/New_York"
BEGIN = datetime(2026, 3, 2, 5, tzinfo=UTC)  # Monday midnight in New York; clocks go forward six days later
QUERY = {"series": [{"event": "open"}], "dateRange": {"date_from": "2026-03-02", "date_to": "2026-03-15"}}


@pytest.fixture
def events() -> list[StoredEvent]:
    chance = Random(3)
    return [
        StoredEvent("open", chance.choice("abc"), BEGIN + timedelta(minutes=chance.randint(0, 13 * 24 * 60)))
        for _ in range(300)
    ]


@pytest.fixture
def here(store: Store, events: list[StoredEvent]) -> QueryContext:
    insert_events(store, PROJECT, events, "heatmap")
    project = Project(id=PROJECT, api_token="phc_heat", timezone=ZONE)
    return context(store, project, datetime(2026, 4, 1, tzinfo=UTC))


def place(event: StoredEvent) -> tuple[int, int]:
    local = event.timestamp.astimezone(ZoneInfo(ZONE))
    return local.isoweekday() % 7, local.hour


def test_events_by_weekday_and_hour(here: QueryContext, events: list[StoredEvent]) -> None:
    results = run_calendar_heatmap(here, QUERY)["results"]
    expected = Counter(place(event) for event in events)
    assert {(cell["row"], cell["column"]): cell["value"] for cell in results["data"]} == expected
    assert results["allAggregations"] == len(events)
    assert {row["row"]: row["value"] for row in results["rowAggregations"]} == Counter(place(e)[0] for e in events)


def test_persons_are_counted_anew_for_rows_and_columns(here: QueryContext, events: list[StoredEvent]) -> None:
    results = run_calendar_heatmap(here, QUERY | {"series": [{"event": "open", "math": "dau"}]})["results"]
    people: dict[int, set[str]] = defaultdict(set)
    for event in events:
        people[place(event)[1]].add(event.distinct_id)
    found = {column["column"]: column["value"] for column in results["columnAggregations"]}
    assert found == {hour: len(persons) for hour, persons in people.items()}
    assert results["allAggregations"] == 3


def test_other_maths_are_refused(here: QueryContext) -> None:
    with pytest.raises(QueryError, match="math of a calendar heatmap"):
        run_calendar_heatmap(here, QUERY | {"series": [{"event": "open", "math": "sum", "math_property": "x"}]})
