"""Events beyond a project's limits go, are counted with a reason, and nothing else goes."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leanbase.model.project import Project
from leanbase.projects.retention import BY_AGE, BY_BYTES, Stored, excesses
from tests.product import Product, wait_until

TODAY = date(2026, 3, 10)
DAYS = st.lists(st.tuples(st.integers(-2, 60), st.integers(1, 50), st.integers(0, 500)), unique_by=lambda one: one[0])


def project(**settings: int | None) -> Project:
    return Project(id=1, api_token="t", timezone="Pacific/Auckland", settings=dict(settings))


@given(DAYS, st.none() | st.integers(1, 70), st.none() | st.integers(1, 3000))
def test_what_goes_is_what_a_naive_count_says(rows, days: int | None, most: int | None) -> None:
    stored = [Stored(TODAY - timedelta(days=age), events, size) for age, events, size in sorted(rows)]
    now = datetime(2026, 3, 9, 12, tzinfo=UTC)  # the tenth in Auckland
    found = excesses(stored, project(event_retention_days=days, event_retention_bytes=most), now)
    kept = [one for one in stored if days is None or (TODAY - one.day).days <= days]
    expected = {BY_AGE: sum(one.events for one in stored if one not in kept)}
    if most is not None:
        fitting = [one for n, one in enumerate(kept) if one.day >= TODAY or sum(o.bytes for o in kept[: n + 1]) <= most]
        expected[BY_BYTES] = sum(one.events for one in kept if one not in fitting)
    assert {one.reason: one.events for one in found} == {reason: n for reason, n in expected.items() if n}
    assert all(one.before <= TODAY for one in found), "today is never removed"


def test_today_stays_however_little_may_be_kept() -> None:
    stored = [Stored(TODAY, 5, 10**9)]
    assert excesses(stored, project(event_retention_bytes=1), datetime(2026, 3, 9, 12, tzinfo=UTC)) == []


def test_old_events_go_and_are_counted(product: Product) -> None:
    made = product.api("POST", "/api/projects/", {"name": "short memory", "event_retention_days": 30}).body
    neighbour = product.api("POST", "/api/projects/", {"name": "long memory"}).body
    here, there = f"/api/projects/{made['id']}", f"/api/projects/{neighbour['id']}"
    now = datetime.now(UTC)
    ages = [0, 1, 29, 32, 40, 400]
    for one in (made, neighbour):
        events = [
            {"event": f"age {age}", "distinct_id": "ada", "timestamp": (now - timedelta(days=age)).isoformat()}
            for age in ages
        ]
        assert product.capture(events, one["api_token"]).status == 200

    def stored(place: str) -> int:
        return product.api("GET", f"{place}/event_retention/").body["stored_events"]

    wait_until(lambda: stored(here) == len(ages) and stored(there) == len(ages), "the events are stored")
    question = {"kind": "HogQLQuery", "query": "SELECT event FROM events WHERE timestamp < now() - INTERVAL 20 DAY"}
    assert len(product.api("POST", f"{here}/query/", {"query": question}).body["results"]) == 4

    (excess,) = product.api("GET", f"{here}/event_retention/").body["excess"]
    assert (excess["reason"], excess["events"]) == (BY_AGE, 3)
    assert product.api("GET", f"{there}/event_retention/?days=10").body["excess"][0]["events"] == 4
    removed = product.api("POST", f"{here}/event_retention/apply/", {})
    assert removed.status == 200, removed.text
    assert removed.body["stored_events"] == 3
    assert stored(there) == len(ages)
    assert len(product.api("POST", f"{here}/query/", {"query": question}).body["results"]) == 1
    (drop,) = product.api("GET", f"{here}/health/").body["dropped"]
    assert (drop["reason"], drop["count"]) == (BY_AGE, 3)
    assert "older than" in drop["meaning"]
    assert product.api("POST", f"{here}/event_retention/apply/", {}).body["excess"] == []


def test_the_oldest_days_go_first_when_there_is_too_much(product: Product) -> None:
    made = product.api("POST", "/api/projects/", {"name": "small disk"}).body
    here = f"/api/projects/{made['id']}"
    now = datetime.now(UTC)
    events = [
        {
            "event": "big",
            "distinct_id": "ada",
            "timestamp": (now - timedelta(days=age)).isoformat(),
            "properties": {"text": f"{age}-{number}" * 50},
        }
        for age in range(4)
        for number in range(5)
    ]
    assert product.capture(events, made["api_token"]).status == 200
    shown = f"{here}/event_retention/"
    wait_until(lambda: product.api("GET", shown).body["stored_events"] == 20, "the events are stored")
    assert product.api("PATCH", f"{here}/", {"event_retention_bytes": 5}).status == 400
    assert product.api("PATCH", f"{here}/", {"event_retention_bytes": 1 << 20}).status == 200
    stored = product.api("GET", shown).body
    assert 0 < stored["stored_bytes"] < 1 << 20
    assert stored["excess"] == []
