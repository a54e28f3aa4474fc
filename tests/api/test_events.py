"""Events one by one and the values of their properties, over a real store."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leanbase.query.service import QueryService
from leanbase.store.client import Store
from tests.embedded_engine import emptied

NOW = datetime.now(UTC).replace(microsecond=0)
PERSON = uuid.UUID(int=7)


@pytest.fixture(scope="module")
def store() -> Store:
    opened = emptied()
    rows = [
        (1, "a", "ann", '{"plan":"pro","n":5,"tags":["x","y"],"on":true,"nothing":null,"deep":{"k":1}}', 1),
        (1, "a", "ann", '{"plan":"pro","n":5.5}', 2),
        (1, "b", "bob", '{"plan":"100%"}', 3),
        (1, "b", "bob", '{"plan":"old"}', 24 * 60 * 8),
        (2, "a", "eve", '{"plan":"theirs"}', 1),
    ]
    opened.insert(
        "events",
        {
            "project_id": [row[0] for row in rows],
            "event": [row[1] for row in rows],
            "distinct_id": [row[2] for row in rows],
            "properties": [row[3] for row in rows],
            "timestamp": [NOW - timedelta(minutes=row[4]) for row in rows],
            "uuid": [uuid.UUID(int=number) for number in range(len(rows))],
            "person_id": [PERSON for _ in rows],
            "person_properties": ["{}" for _ in rows],
            "person_created_at": [NOW for _ in rows],
            "person_mode": ["full" for _ in rows],
            "inserted_at": [NOW for _ in rows],
        },
        f"test_events {uuid.uuid4()}",
    )
    return opened


@pytest.fixture
def client(make_world, store: Store, tmp_path: Path):
    world = make_world()
    context = world.context
    queries = QueryService(store, context.appdb, context.state)
    real = make_world(store=store, queries=queries, appdb=context.appdb, state=context.state)
    yield real.client(world.credentials.personal_api_key)
    queries.close()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["a", "a", "b"]),
        ("?event=b", ["b"]),
        ("?distinct_id=ann", ["a", "a"]),
        ("?after=-30d", ["a", "a", "b", "b"]),
        ("?before=-5M", []),
        (f"?person_id={PERSON}&event=b", ["b", "b"]),
        ('?properties=[{"key":"plan","value":"pro","operator":"exact","type":"event"}]', ["a", "a"]),
        ("?limit=2&offset=2", ["b"]),
    ],
)
def test_listing(client, query: str, expected: list[str]) -> None:
    answer = client.get(f"/api/projects/1/events/{query}")
    assert answer.status_code == 200, answer.text
    assert [row["event"] for row in answer.json()["results"]] == expected


def test_pages_and_single_events(client) -> None:
    first = client.get("/api/projects/1/events/?limit=2&event=a").json()
    assert first["next"] is None
    first = client.get("/api/projects/1/events/?limit=1&event=a").json()
    second = client.get(first["next"]).json()
    assert second["results"][0]["properties"] == {"plan": "pro", "n": 5.5} and second["next"] is None
    one = first["results"][0]
    assert one["distinct_id"] == "ann" and one["person"]["uuid"] == str(PERSON)
    assert client.get(f"/api/projects/1/events/{one['id']}/").json() == one
    for key in (uuid.UUID(int=4), uuid.uuid4(), "x"):
        assert client.get(f"/api/projects/1/events/{key}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?key=plan", ["pro", "100%"]),
        ("?key=plan&value=R", ["pro"]),
        ("?key=plan&value=0%25", ["100%"]),
        ("?key=plan&value=_", []),
        ("?key=plan&event_name=b", ["100%"]),
        ('?key=plan&event_name=["a","b"]', ["pro", "100%"]),
        ("?key=n", [5, 5.5]),
        ("?key=tags", ["x", "y"]),
        ("?key=on", [True]),
        ("?key=nothing", []),
        ("?key=deep", []),
        ("?key=none", []),
        ("?key=o'clock\\", []),
    ],
)
@pytest.mark.parametrize("path", ["/api/projects/1/events/values/", "/api/event/values", "/api/events/values/"])
def test_values(client, path: str, query: str, expected: list[object]) -> None:
    answer = client.get(path + query)
    assert answer.status_code == 200, answer.text
    assert [row["name"] for row in answer.json()] == expected


@pytest.mark.parametrize("query", ["values/", "?properties=x", "?properties=[1]", "?limit=0", "?person_id=x"])
def test_wishes_that_make_no_sense(client, query: str) -> None:
    assert client.get(f"/api/projects/1/events/{query}").status_code == 400
