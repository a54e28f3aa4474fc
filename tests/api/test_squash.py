"""Every kind of question is asked before and after overrides are folded into the rows of events: nothing changes."""

from collections.abc import Iterator
from typing import Any

import pytest

from leanbase.persons.squash import squash_overrides
from leanbase.query.kinds import RUNNERS
from leanbase.store.overrides import rebuild_overrides
from leanbase.store.sql import Sql
from tests.api.test_persons import AT, Site

DAY = 86_400_000_000
DATES = {"dateRange": {"date_from": "2023-11-14", "date_to": "2023-11-18"}}
VIEW, BUY = {"kind": "EventsNode", "event": "view"}, {"kind": "EventsNode", "event": "buy"}
PLANS = {"breakdown": "plan", "breakdown_type": "person"}
CAME, CAME_BACK = {"id": "view", "type": "events"}, {"id": "buy", "type": "events"}
PRO = [{"key": "plan", "type": "person", "value": "pro", "operator": "exact"}]
BOUGHT = {
    "type": "behavioral",
    "key": "buy",
    "event_type": "events",
    "value": "performed_event",
    "explicit_datetime": "2023-11-14",
}
FUNNEL: dict[str, Any] = {"kind": "FunnelsQuery", "series": [VIEW, BUY], **DATES}
TREND: dict[str, Any] = {"kind": "TrendsQuery", "series": [{**VIEW, "math": "dau"}], **DATES}
RETENTION = {"targetEntity": CAME, "returningEntity": CAME_BACK, "period": "Day", "totalIntervals": 3}
SQL = "select person_id, person.properties.email, count() from events group by 1, 2 order by 1"


def sql(query: str) -> dict[str, Any]:
    return {"kind": "HogQLQuery", "query": query}


# Questions whose answers depend on who is who: without the overrides of the history below they are others.
BY_PERSON: dict[str, dict[str, Any]] = {
    "unique persons": TREND,
    "weekly active": {**TREND, "series": [{**VIEW, "math": "weekly_active"}]},
    "first time": {**TREND, "series": [{**BUY, "math": "first_time_for_user"}]},
    "events per person": {**TREND, "series": [{**VIEW, "math": "avg_count_per_actor"}]},
    "broken down by a person property": {**TREND, "series": [VIEW], "breakdownFilter": PLANS},
    "filtered by a person property": {**TREND, "series": [VIEW], "properties": PRO},
    "funnel": FUNNEL,
    "strict funnel": {**FUNNEL, "funnelsFilter": {"funnelOrderType": "strict"}},
    "time to convert": {**FUNNEL, "funnelsFilter": {"funnelVizType": "time_to_convert"}},
    "funnel over time": {**FUNNEL, "funnelsFilter": {"funnelVizType": "trends"}},
    "funnel by a person property": {**FUNNEL, "breakdownFilter": PLANS},
    "retention": {"kind": "RetentionQuery", "retentionFilter": RETENTION, **DATES},
    "hours of the week": {"kind": "CalendarHeatmapQuery", "series": [{**VIEW, "math": "dau"}], **DATES},
    "lifecycle": {"kind": "LifecycleQuery", "series": [VIEW], **DATES},
    "stickiness": {"kind": "StickinessQuery", "series": [VIEW], **DATES},
    "paths": {"kind": "PathsQuery", "pathsFilter": {"includeEventTypes": ["custom_event"]}, **DATES},
    "correlation": {
        "kind": "FunnelCorrelationQuery",
        "funnelCorrelationType": "events",
        "source": {"kind": "FunnelsActorsQuery", "source": FUNNEL},
    },
    "web overview": {"kind": "WebOverviewQuery", "properties": [], **DATES},
    "web pages": {"kind": "WebStatsTableQuery", "breakdownBy": "Page", "properties": [], **DATES},
    "size of a cohort": {
        "kind": "CohortSizeQuery",
        "filters": {"properties": {"type": "AND", "values": [*PRO, BOUGHT]}},
    },
    "persons behind a day": {
        "kind": "ActorsQuery",
        "select": ["id", "person"],
        "source": {"kind": "InsightActorsQuery", "source": TREND, "day": "2023-11-14"},
    },
    "persons of a funnel": {
        "kind": "ActorsQuery",
        "select": ["id"],
        "source": {"kind": "FunnelsActorsQuery", "source": FUNNEL, "funnelStep": 2},
    },
    "events of persons": {
        "kind": "EventsQuery",
        "select": ["uuid", "person"],
        "after": "all",
        "orderBy": ["timestamp"],
    },
    "SQL by person": sql(SQL),
    "SQL that joins persons": sql(
        "select p.id, count() from events e join persons p on p.id = e.person_id group by 1 order by 1"
    ),
    "SQL over sessions": sql(
        "select uniq(person_id), $session_id from events where $session_id != '' group by 2 order by 2"
    ),
}
# What counts no persons, or has too few events here to say anything; it may not change either.
OTHERS: dict[str, dict[str, Any]] = {
    "events": {**TREND, "series": [VIEW]},
    "activation": {"kind": "ActivationMetricQuery", **DATES},
    "goals": {"kind": "WebGoalsQuery", "properties": [], **DATES},
    "vitals": {"kind": "WebVitalsQuery", "source": {**TREND, "series": [VIEW]}},
    "vitals by path": {"kind": "WebVitalsPathBreakdownQuery", "metric": "LCP", "properties": [], **DATES},
    "external clicks": {"kind": "WebExternalClicksTableQuery", "properties": [], **DATES},
    "persons in SQL": sql("select id, properties.email, is_identified from persons order by id"),
    "distinct ids": sql("select distinct_id, person_id from person_distinct_ids order by 1"),
}
# Answers about the present minute, about what a question offers, and about SQL itself.
TIMELESS = {
    "WebLiveQuery", "InsightActorsQueryOptions", "HogQLMetadata", "HogQLAutocomplete", "DatabaseSchemaQuery",
    "UsageMetricsQuery",
}  # fmt: skip


@pytest.fixture
def site(world: Any) -> Iterator[Site]:
    made = Site(world)
    yield made
    made.queries.close()


def session(at: int, number: int) -> dict[str, str]:
    """A session that begins at a time (microseconds), as its id must say."""
    begun = f"{at // 1000:012x}"
    return {"$session_id": f"{begun[:8]}-{begun[8:]}-7000-8000-{number:012x}"}


@pytest.fixture
def merged(site: Site) -> Site:
    """Persons who each were two, by identify and by force, with anonymous events among them."""
    anonymous = {"$process_person_profile": False}
    for day in range(3):
        at = AT + day * DAY
        site.send_all(
            ("view", "device", at, anonymous if day == 0 else {}),
            ("view", "ada", at + 1, {"$set": {"email": "ada@example.com", "plan": "pro"}, **session(at, 1)}),
            ("view", "phone", at + 2, {"$set": {"plan": "free"}, **session(at, 1)}),
            ("$pageview", "phone", at + 3, {"$pathname": "/a", **session(at, 2)}),
            ("$pageview", "ada", at + 4, {"$pathname": "/a", **session(at, 3)}),
            ("buy", "phone" if day else "device", at + 60_000_000, {}),
            ("view", "bob", at + 5, {}),
            ("view", "cyd", at + 6, {"$set": {"plan": "free"}}),
        )
    site.send("buy", "cyd", AT + DAY)
    site.send("$identify", "ada", AT + 3 * DAY, **{"$anon_distinct_id": "device"})
    site.send("$identify", "ada", AT + 3 * DAY, **{"$anon_distinct_id": "phone"})
    site.send("$merge_dangerously", "cyd", AT + 3 * DAY, alias="bob")
    return site


def answer(site: Site, query: dict[str, Any]) -> Any:
    return site.ask("POST", "query/", {"query": query, "refresh": "force_blocking"})["results"]


def test_every_kind_of_question_is_asked() -> None:
    asked = {query["kind"] for query in (*BY_PERSON.values(), *OTHERS.values())}
    assert asked | TIMELESS == set(RUNNERS)


def test_no_answer_changes_when_overrides_are_folded(merged: Site) -> None:
    questions = BY_PERSON | OTHERS
    before = {name: answer(merged, query) for name, query in questions.items()}
    people = merged.ask("GET", "persons/")["results"]
    assert squash_overrides(merged.persons, older_than_seconds=-10) > 2
    assert merged.store.query(Sql("SELECT count() FROM person_overrides")).rows == [(0,)]
    assert merged.store.query(Sql("SELECT uniqExact(person_id) FROM events")).rows == [(2,)]
    after = {name: answer(merged, query) for name, query in questions.items()}
    assert [name for name in questions if after[name] != before[name]] == []
    assert merged.ask("GET", "persons/")["results"] == people


def test_the_questions_notice_who_is_who(merged: Site) -> None:
    """Were the overrides dropped without being folded, each of these answers would be another."""
    before = {name: answer(merged, query) for name, query in BY_PERSON.items()}
    merged.store.command(Sql("TRUNCATE TABLE person_overrides"))
    rebuild_overrides(merged.store)
    assert [name for name, query in BY_PERSON.items() if answer(merged, query) == before[name]] == []
