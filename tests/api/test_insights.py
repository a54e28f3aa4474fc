"""Saved insights over HTTP."""

from typing import Any

import pytest

from leanbase.query.errors import QueryError
from leanbase.query.service import Answer

TRENDS = {
    "kind": "InsightVizNode",
    "source": {"kind": "TrendsQuery", "series": [{"kind": "EventsNode", "event": "$pageview", "math": "dau"}]},
}
FUNNEL = {"kind": "FunnelsQuery", "series": [{"event": "a"}, {"event": "b"}]}


def make(client, **body: Any) -> dict[str, Any]:
    answer = client.post("/api/projects/1/insights/", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def names(client, query: str = "") -> list[str]:
    answer = client.get(f"/api/projects/1/insights/{query}")
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["results"]]


def test_saving_and_reading(client) -> None:
    made = make(client, name="Visitors", description="d", query=TRENDS, tags=["web"])
    assert len(made["short_id"]) == 8 and made["query"] == TRENDS and made["tags"] == ["web"]
    assert made["derived_name"] == "$pageview unique users"
    assert made["created_by"]["email"] == "admin@localhost" and made["created_at"].endswith("Z")
    assert made["dashboards"] == [] and made["result"] is None and made["timezone"] == "UTC"
    for key in (made["id"], made["short_id"]):
        assert client.get(f"/api/projects/1/insights/{key}/").json()["name"] == "Visitors"


def test_changing_deleting_and_bringing_back(client) -> None:
    made = make(client, name="a", query=TRENDS, description="d")
    path = f"/api/projects/1/insights/{made['id']}/"
    changed = client.patch(path, json={"query": FUNNEL, "favorited": True, "description": None}).json()
    assert changed["name"] == "a" and changed["favorited"] is True and changed["description"] == ""
    assert changed["derived_name"] == "a → b conversion"
    assert client.patch(path, json={"deleted": True}).json()["deleted"] is True
    assert client.get(path).status_code == 404 and names(client) == []
    assert client.patch(path, json={"deleted": False}).status_code == 200
    assert names(client) == ["a"]
    assert client.delete(path).status_code == 405


def test_duplicating(client) -> None:
    made = make(client, name="a", query=TRENDS, tags=["t"])
    copy = client.post(f"/api/projects/1/insights/{made['short_id']}/duplicate/").json()
    assert copy["id"] != made["id"] and copy["short_id"] != made["short_id"]
    assert (copy["name"], copy["query"], copy["tags"]) == ("a (copy)", TRENDS, ["t"])


@pytest.fixture
def three(client) -> list[dict[str, Any]]:
    board = client.post("/api/projects/1/dashboards/", json={"name": "b"}).json()["id"]
    return [
        make(client, name="first", query=TRENDS, tags=["web", "ünï"], dashboards=[board]),
        make(client, name="second 100%", query=FUNNEL, tags=["website"]),
        make(client, name="third", query={"kind": "HogQLQuery", "query": "select 1"}, saved=False),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["third", "second 100%", "first"]),
        ("?limit=1&offset=1", ["second 100%"]),
        ("?search=SECOND", ["second 100%"]),
        ("?search=100%25", ["second 100%"]),
        ("?search=conversion", ["second 100%"]),
        ("?search=_", []),
        ("?saved=true", ["second 100%", "first"]),
        ("?insight=SQL", ["third"]),
        ("?insight=TRENDS", ["first"]),
        ("?insight=FunnelsQuery", ["second 100%"]),
        ("?tags=web", ["first"]),
        ("?tags=ünï,website", ["second 100%", "first"]),
        ("?created_by=1", ["third", "second 100%", "first"]),
        ("?created_by=2", []),
        ("?dashboards=1", ["first"]),
        ("?dashboards=[1]", ["first"]),
        ("?date_from=-7d&basic=true", ["third", "second 100%", "first"]),
        ("?date_to=2020-01-01", []),
        ("?short_id=nothing", []),
        ("?favorited=true", []),
    ],
)
@pytest.mark.usefixtures("three")
def test_finding(client, query: str, expected: list[str]) -> None:
    assert names(client, query) == expected


@pytest.mark.parametrize("query", ["?created_by=x", "?dashboards=99999999999", "?date_from=soon", "?limit=0"])
def test_wishes_that_make_no_sense(client, query: str) -> None:
    assert client.get(f"/api/projects/1/insights/{query}").status_code == 400


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"query": {}}, "query"),
        ({"query": {"kind": 5}}, "query"),
        ({"query": "select 1"}, "query"),
        ({"query": {"kind": "TrendsQuery", "x": "y" * 300_000}}, "query"),
        ({"name": "x" * 401}, "name"),
        ({"tags": [5]}, "tags__0"),
        ({"dashboards": [99]}, "dashboards"),
        ({"dashboards": [10**30]}, "dashboards"),
    ],
)
def test_bodies_that_make_no_sense(client, body: dict[str, Any], attr: str) -> None:
    answer = client.post("/api/projects/1/insights/", json=body)
    assert (answer.status_code, answer.json()["attr"]) == (400, attr)


class Queries:
    """Stands in for the query service; remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def ask(self, question: Any) -> Answer:
        self.asked.append((question.project.id, question.query, question.refresh, question.filters_override))
        if question.query == FUNNEL:
            raise QueryError("a funnel needs more")
        return Answer(200, {"results": [1, 2], "is_cached": True, "last_refresh": "now", "timings": []})


def test_results_come_from_the_query_service(make_world) -> None:
    queries = Queries()
    world = make_world(queries=queries)
    client = world.client(world.credentials.personal_api_key)
    made = make(client, query=TRENDS)
    assert queries.asked == [(1, TRENDS, "force_cache", None)], "saving computes nothing"
    board = client.post("/api/projects/1/dashboards/", json={"filters": {"date_from": "-7d"}}).json()["id"]
    path = f"/api/projects/1/insights/{made['id']}/?refresh=blocking&from_dashboard={board}"
    shown = client.get(path).json()
    assert queries.asked[-1] == (1, TRENDS, "blocking", {"date_from": "-7d"})
    assert (shown["result"], shown["is_cached"], shown["last_refresh"]) == ([1, 2], True, "now")
    broken = make(client, query=FUNNEL)
    assert broken["result"] is None and broken["error"] == "a funnel needs more"


def test_a_wrong_word_for_refresh_breaks_nothing(client) -> None:
    made = make(client, query=TRENDS)
    shown = client.get(f"/api/projects/1/insights/{made['id']}/?refresh=perhaps").json()
    assert shown["result"] is None and "refresh" in shown["error"]


def test_insights_of_others(world, client) -> None:
    made = make(client, name="mine", query=TRENDS)
    other = client.post("/api/projects/", json={"name": "Other"}).json()["id"]
    for key in (made["id"], made["short_id"]):
        path = f"/api/projects/{other}/insights/{key}/"
        assert client.get(path).status_code == client.patch(path, json={}).status_code == 404
    assert client.get(f"/api/projects/{other}/insights/").json()["count"] == 0


def test_insights_that_were_looked_at_lately_are_trending(client) -> None:
    path = "/api/projects/1/insights/"
    made = [make(client, name=name, saved=True) for name in ("One", "Two", "Three")]
    assert client.get(f"{path}trending/").json()["count"] == 0, "nobody looked yet"
    for insight in (made[0], made[2]):
        client.get(f"{path}{insight['short_id']}/")
    trending = client.get(f"{path}trending/").json()
    assert [item["name"] for item in trending["results"]] == ["Three", "One"]
    assert client.get(f"{path}trending/?days=0").status_code == 400
