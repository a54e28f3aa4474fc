"""Queries, actions and cohorts through HTTP, over the real engine."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from leanbase.query.service import QueryService
from leanbase.store.client import Store
from tests.api.asking import Asker
from tests.api.conftest import World, first_start, make_world  # noqa: F401 - fixtures
from tests.query.conftest import person_uuid

BASE = "/api/projects/1"


@pytest.fixture
def whole(make_world: Callable[..., World], store: Store) -> World:  # noqa: F811
    """An app whose queries reach the engine. Its first project has id 1."""
    empty = make_world()
    queries = QueryService(store, empty.context.appdb, empty.context.state)
    return make_world(
        store=store, queries=queries, appdb=empty.context.appdb, projects=empty.context.projects,
        auth=empty.context.auth, test_clock=True,
    )  # fmt: skip


@pytest.fixture
def client(whole: World) -> Asker:
    return whole.client(whole.credentials.personal_api_key)


def ask(client: Asker, query: dict[str, Any], **more: Any) -> Any:
    headers = more.pop("headers", None)
    return client.post(f"{BASE}/query/", json={"query": query, **more}, headers=headers)


def sql(text: str) -> dict[str, Any]:
    return {"kind": "HogQLQuery", "query": text}


def settled(client: Asker, cohort_id: int) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        cohort = client.get(f"{BASE}/cohorts/{cohort_id}/").json()
        if not cohort["is_calculating"]:
            return cohort
        time.sleep(0.05)
    raise AssertionError("still calculating")


@pytest.fixture
def shop(insert_events: Callable, insert_persons: Callable) -> None:
    now = datetime.now(UTC)
    insert_persons(
        1, [{"distinct_ids": [name], "properties": {"plan": plan}} for name, plan in (("ann", "pro"), ("bob", "free"))]
    )
    insert_events(
        1,
        [
            {"event": "view", "timestamp": now, "distinct_id": "ann", "properties": {"$current_url": "https://x/shop"}},
            {"event": "buy", "timestamp": now, "distinct_id": "bob"},
        ],
    )


def test_queries(client: Asker, shop: None) -> None:
    answer = ask(client, sql("select event from events order by event"))
    assert answer.status_code == 200 and answer.json()["results"] == [["buy"], ["view"]]
    assert ask(client, {"kind": "DataTableNode", "source": sql("select 1")}).json()["results"] == [[1]]
    named = client.post(f"{BASE}/query/HogQLQuery/", json={"query": sql("select 1")})
    assert named.json()["results"] == [[1]]
    assert client.post(f"{BASE}/query/TrendsQuery/", json={"query": sql("select 1")}).status_code == 400
    assert client.post(f"{BASE}/query/upgrade/", json={"query": sql("select 1")}).json() == {"query": sql("select 1")}
    clock = ask(client, sql("select now()"), headers={"X-Leanbase-Now": "2020-02-03T04:05:06Z"})
    assert clock.json()["results"] == [["2020-02-03T04:05:06Z"]]


def test_errors_have_posthogs_shape(client: Asker) -> None:
    answer = ask(client, sql("select nope from events"))
    body = answer.json()
    assert answer.status_code == 400
    assert (body["type"], body["code"]) == ("validation_error", "invalid_input")
    assert "line 1, column 8" in body["detail"]
    assert ask(client, {"kind": "Nope"}).json()["attr"] == "query.kind"
    assert client.post(f"{BASE}/query/", json={}).status_code == 400
    assert client.post(f"{BASE}/query/", json={"query": []}).status_code == 400
    assert ask(client, sql("select 1"), headers={"X-Leanbase-Now": "now"}).status_code == 400


def test_a_query_later(client: Asker) -> None:
    answer = ask(client, sql("select 42"), **{"async": True, "client_query_id": "later"})
    assert answer.status_code == 202 and answer.json()["query_status"]["id"] == "later"
    deadline = time.monotonic() + 20
    while (polled := client.get(f"{BASE}/query/later/")).status_code == 202 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert polled.status_code == 200
    assert polled.json()["query_status"]["results"]["results"] == [[42]]
    assert client.get(f"{BASE}/query/unknown/").status_code == 404
    assert client.delete(f"{BASE}/query/later/").json()["cancelled"] is False


def test_what_a_query_did_is_logged(client: Asker, shop: None) -> None:
    ask(client, sql("select event from events"), client_query_id="mine", refresh="force_blocking")
    answer = client.get(f"{BASE}/query/mine/log/")
    row = dict(zip(answer.json()["columns"], answer.json()["results"][0], strict=True))
    assert (row["query_id"], row["kind"], row["read_rows"], row["exception"]) == ("mine", "HogQLQuery", 2, "")
    assert "FROM events" in row["query"]
    ask(client, sql("select nope from events"), client_query_id="wrong")
    refused = client.get(f"{BASE}/query/wrong/log/").json()
    assert "no column 'nope'" in dict(zip(refused["columns"], refused["results"][0], strict=True))["exception"]
    assert client.get(f"{BASE}/query/nothing/log/").status_code == 404


def test_states_of_aggregates_cannot_be_shown(client: Asker) -> None:
    answer = ask(client, sql("select uniqState(1)"))
    assert (answer.status_code, answer.json()["code"]) == (400, "illegal_column")
    assert ask(client, sql("select uniqMerge(s) from (select uniqState(1) as s)")).json()["results"] == [[1]]


def test_small_routes_beside_the_query(client: Asker) -> None:
    assert client.post(f"{BASE}/query/check_auth_for_async/").json() == {"user": "ok"}
    assert client.get(f"{BASE}/query/draft_sql/").json()["attr"] == "prompt"
    drafted = client.get(f"{BASE}/query/draft_sql/?prompt=count+users")
    assert drafted.status_code == 400 and "No language model" in drafted.json()["detail"]
    old = {"kind": "TrendsQuery", "series": [], "trendsFilter": {"compare": True, "display": "ActionsBar"}}
    new = {"kind": "InsightVizNode", "source": {**old, "trendsFilter": {"display": "ActionsBar"}}}
    new["source"]["compareFilter"] = {"compare": True}
    answer = client.post(f"{BASE}/query/upgrade/", json={"query": {"kind": "InsightVizNode", "source": old}})
    assert answer.json() == {"query": new}


def test_actions(client: Asker, shop: None) -> None:
    made = client.post(f"{BASE}/actions/", json={"name": "Shop", "steps": [{"url": "shop"}, {"event": "nothing"}]})
    assert made.status_code == 201
    action = made.json()
    assert action["steps"][0] == {"url": "shop", "url_matching": "contains"}
    count = sql(f"select event from events where matchesAction({action['id']})")
    assert ask(client, count).json()["results"] == [["view"]]
    changed = client.patch(f"{BASE}/actions/{action['id']}/", json={"steps": [{"event": "buy"}], "tags": ["x"]})
    assert changed.json()["tags"] == ["x"] and changed.json()["name"] == "Shop"
    assert ask(client, count, refresh=True).json()["results"] == [["buy"]]
    assert client.get(f"{BASE}/actions/?search=sho").json()["count"] == 1
    assert client.delete(f"{BASE}/actions/{action['id']}/").status_code == 204
    assert client.get(f"{BASE}/actions/{action['id']}/").status_code == 404
    assert ask(client, count, refresh=True).status_code == 400
    assert client.post(f"{BASE}/actions/", json={"steps": []}).json()["attr"] == "name"
    bad = {"name": "a", "steps": [{"properties": [{"key": "a", "operator": "no", "value": 1}]}]}
    assert client.post(f"{BASE}/actions/", json=bad).json()["attr"] == "steps.0.properties.0.operator"


def test_a_dynamic_cohort(client: Asker, shop: None) -> None:
    pro = {"type": "person", "key": "plan", "value": "pro", "operator": "exact"}
    filters = {"properties": {"type": "OR", "values": [{"type": "AND", "values": [pro]}]}}
    assert ask(client, {"kind": "CohortSizeQuery", "filters": filters}).json()["results"] == 1
    made = client.post(f"{BASE}/cohorts/", json={"name": "Pro", "filters": filters})
    assert made.status_code == 201 and made.json()["is_static"] is False
    number = made.json()["id"]
    assert settled(client, number)["count"] == 1
    people = client.get(f"{BASE}/cohorts/{number}/persons/").json()
    assert [person["distinct_ids"] for person in people["results"]] == [["ann"]]
    text = client.get(f"{BASE}/cohorts/{number}/persons/?format=csv")
    assert text.headers["content-type"].startswith("text/csv") and "ann" in text.text
    free = {"properties": {"type": "OR", "values": [{**pro, "value": "free"}]}}
    client.patch(f"{BASE}/cohorts/{number}/", json={"filters": free, "name": "Free"})
    assert settled(client, number)["name"] == "Free"
    count = sql(f"select distinct_id from events where person_id in cohort {number}")
    assert ask(client, count).json()["results"] == [["bob"]]
    copied = client.post(f"{BASE}/cohorts/{number}/duplicate_as_static_cohort/").json()
    assert copied["is_static"] and copied["count"] == 1
    assert client.get(f"{BASE}/cohorts/").json()["count"] == 2
    assert client.patch(f"{BASE}/cohorts/{number}/", json={"deleted": True}).json()["deleted"] is True
    assert client.get(f"{BASE}/cohorts/{number}/").status_code == 404
    assert client.post(f"{BASE}/cohorts/", json={"name": "x"}).json()["attr"] == "filters"
    bad = {"name": "x", "filters": {"properties": {"type": "OR", "values": [{"type": "moon"}]}}}
    refused = client.post(f"{BASE}/cohorts/", json=bad).json()
    assert refused["attr"] == "filters.properties.values.0.type"
    assert ask(client, {**bad, "kind": "CohortSizeQuery"}).json()["attr"] == refused["attr"]


def test_older_groups_are_understood(client: Asker, shop: None) -> None:
    groups = [{"properties": [{"key": "plan", "value": "pro", "type": "person"}]}, {"event_id": "buy", "days": 3}]
    number = client.post(f"{BASE}/cohorts/", json={"name": "old", "groups": groups}).json()["id"]
    assert settled(client, number)["count"] == 2


def test_lists(client: Asker, shop: None) -> None:
    form = {"csv": ("people.csv", "distinct_id\nann\nnobody\n", "text/csv")}
    made = client.post(f"{BASE}/cohorts/", data={"name": "CSV", "is_static": "true"}, files=form)
    assert made.status_code == 201, made.text
    assert (made.json()["count"], made.json()["is_static"], made.json()["name"]) == (1, True, "CSV")
    number = made.json()["id"]
    ids = {"person_ids": [str(person_uuid(1, "bob"))]}
    assert client.patch(f"{BASE}/cohorts/{number}/add_persons_to_static_cohort/", json=ids).status_code == 200
    assert client.get(f"{BASE}/cohorts/{number}/").json()["count"] == 2
    gone = {"person_id": str(person_uuid(1, "ann"))}
    assert client.patch(f"{BASE}/cohorts/{number}/remove_person_from_static_cohort/", json=gone).status_code == 200
    assert client.get(f"{BASE}/cohorts/{number}/").json()["count"] == 1
    query = sql("select person_id from events where event = 'buy'")
    made = client.post(f"{BASE}/cohorts/", json={"name": "SQL", "is_static": True, "query": query})
    assert made.json()["count"] == 1
    for bad in (sql("select event from events"), {"kind": "TrendsQuery"}, sql("select nope")):
        assert client.post(f"{BASE}/cohorts/", json={"name": "x", "is_static": True, "query": bad}).status_code == 400
    assert client.get(f"{BASE}/cohorts/").json()["count"] == 2
    assert client.post(f"{BASE}/cohorts/", content="{", headers={"Content-Type": "application/json"}).status_code == 400
    assert client.post(f"{BASE}/cohorts/", json={"is_static": "perhaps"}).json()["attr"] == "is_static"


def test_a_stranger_gets_nothing(whole: World, client: Asker, shop: None) -> None:
    number = client.post(f"{BASE}/actions/", json={"name": "mine"}).json()["id"]
    stranger = whole.client(whole.stranger_key())
    assert ask(stranger, sql("select 1")).status_code == 404
    assert stranger.get(f"{BASE}/actions/{number}/").status_code == 404
    elsewhere = stranger.get("/api/projects/@current/").json()["id"]
    assert stranger.get(f"/api/projects/{elsewhere}/actions/{number}/").status_code == 404
    answer = stranger.post(f"/api/projects/{elsewhere}/query/", json={"query": sql("select count() from events")})
    assert answer.json()["results"] == [[0]]
