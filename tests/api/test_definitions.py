"""Definitions of events and properties over HTTP."""

import json
from typing import Any

import pytest

DAY = 86_400_000_000


@pytest.fixture(autouse=True)
def seen(world) -> None:
    """What the pipeline would have learnt: two projects, three kinds of properties."""
    with world.context.state.write() as connection:
        for project, name, last in ((1, "signed up", 3), (1, "$pageview", 2), (1, "100%_off", 1), (2, "theirs", 1)):
            connection.execute(
                "INSERT INTO event_definitions (project_id, name, first_seen, last_seen, volume) "
                "VALUES (?, ?, 0, ?, 7)",
                (project, name, last * DAY),
            )
        for project, kind, index, name, type_ in (
            (1, "event", -1, "$browser", "String"),
            (1, "event", -1, "price", "Numeric"),
            (1, "event", -1, "$feature/beta", "Boolean"),
            (1, "person", -1, "email", "String"),
            (1, "group", 0, "industry", None),
            (1, "group", 1, "size", "Numeric"),
            (2, "event", -1, "theirs", "String"),
        ):
            connection.execute(
                "INSERT INTO property_definitions (project_id, kind, group_type_index, name, property_type, "
                "is_numerical, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
                (project, kind, index, name, type_, type_ == "Numeric"),
            )
        connection.execute("INSERT INTO event_properties VALUES (1, '$pageview', '$browser')")


def names(client, path: str) -> list[str]:
    answer = client.get(f"/api/projects/1/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["count"] >= len(answer.json()["results"])
    return [row["name"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["signed up", "$pageview", "100%_off"]),
        ("?search=SIGNED", ["signed up"]),
        ("?search=up sign", ["signed up"]),
        ("?search=%25_", ["100%_off"]),
        ("?search=x%25", []),
        ("?limit=1&offset=1", ["$pageview"]),
        ("?ordering=name", ["$pageview", "100%_off", "signed up"]),
        ("?ordering=last_seen_at", ["100%_off", "$pageview", "signed up"]),
        ("?ordering=-volume", ["$pageview", "100%_off", "signed up"]),
    ],
)
def test_listing_events(client, query: str, expected: list[str]) -> None:
    assert names(client, f"event_definitions/{query}") == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["$browser", "$feature/beta", "price"]),
        ("?type=event&limit=1000", ["$browser", "$feature/beta", "price"]),
        ("?type=person", ["email"]),
        ("?type=group&group_type_index=0", ["industry"]),
        ("?type=group&group_type_index=1", ["size"]),
        ("?type=session", []),
        ("?is_numerical=true", ["price"]),
        ("?is_feature_flag=true", ["$feature/beta"]),
        ("?is_feature_flag=false", ["$browser", "price"]),
        ("?properties=price,none", ["price"]),
        ('?excluded_properties=["price"]', ["$browser", "$feature/beta"]),
        ('?event_names=["$pageview"]&filter_by_event_names=true', ["$browser"]),
        ('?event_names=["$pageview"]', ["$browser", "$feature/beta", "price"]),
        ("?search=brow", ["$browser"]),
    ],
)
def test_listing_properties(client, query: str, expected: list[str]) -> None:
    assert names(client, f"property_definitions/{query}") == expected


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ("?type=group", "group_type_index"),
        ("?type=event&group_type_index=0", "group_type_index"),
        ("?type=group&group_type_index=5", "group_type_index"),
        ("?type=planet", "type"),
        ("?limit=0", "limit"),
        ("?offset=-1", "offset"),
        ("?event_names=[1]&filter_by_event_names=1", "event_names"),
        ("?excluded_properties=x", "excluded_properties"),
        ("?is_numerical=perhaps", "is_numerical"),
    ],
)
def test_wishes_that_make_no_sense(client, query: str, attr: str) -> None:
    answer = client.get(f"/api/projects/1/property_definitions/{query}")
    assert (answer.status_code, answer.json()["attr"]) == (400, attr)


def one(client, path: str, name: str) -> dict[str, Any]:
    rows = client.get(f"/api/projects/1/{path}").json()["results"]
    return next(row for row in rows if row["name"] == name)


def test_choosing_a_type(world, client) -> None:
    row = one(client, "property_definitions/?type=group&group_type_index=0", "industry")
    path = f"/api/projects/1/property_definitions/{row['id']}/"
    chosen = client.patch(path, json={"property_type": "Numeric"}).json()
    assert (chosen["property_type"], chosen["is_numerical"]) == ("Numeric", True)
    assert client.get(path).json() == chosen

    def declared() -> int:
        with world.context.state.read() as connection:
            return connection.execute("SELECT declared FROM property_definitions WHERE name = 'industry'").fetchone()[0]

    assert declared() == 1
    client.patch(path, json={"description": "x"})
    assert declared() == 1, "only a sent type changes the type"
    assert client.patch(path, json={"property_type": None}).json()["property_type"] is None
    assert declared() == 0
    wrong = client.patch(path, json={"property_type": "Colour"})
    assert (wrong.status_code, wrong.json()["attr"]) == (400, "property_type")


@pytest.mark.parametrize(("path", "name"), [("event_definitions/", "$pageview"), ("property_definitions/", "price")])
def test_describing(client, path: str, name: str) -> None:
    row = one(client, path, name)
    change = {"description": "<b>hostile</b>", "verified": True, "hidden": True, "tags": ["a", "b"]}
    changed = client.patch(f"/api/projects/1/{path}{row['id']}/", json=change).json()
    assert {key: changed[key] for key in change} == change
    assert name not in names(client, f"{path}?exclude_hidden=true")
    assert names(client, f"{path}?verified=true") == [name]
    assert names(client, f"{path}?verified=false") and name not in names(client, f"{path}?verified=false")


def test_event_definitions_by_name_and_deleted(client) -> None:
    row = client.get("/api/projects/1/event_definitions/by_name/?name=signed up").json()
    assert row["volume"] == 7 and row["last_seen_at"] == "1970-01-04T00:00:00.000000Z"
    assert client.delete(f"/api/projects/1/event_definitions/{row['id']}/").status_code == 204
    assert client.get("/api/projects/1/event_definitions/by_name/?name=signed up").status_code == 404


@pytest.mark.parametrize("path", ["event_definitions", "property_definitions"])
def test_definitions_of_others_are_out_of_reach(world, client, path: str) -> None:
    table = path
    with world.context.state.read() as connection:
        (key,) = connection.execute(f"SELECT id FROM {table} WHERE project_id = 2").fetchone()
    assert "theirs" not in json.dumps(client.get(f"/api/projects/1/{path}/").json())
    assert client.get(f"/api/projects/1/{path}/{key}/").status_code == 404
    assert client.patch(f"/api/projects/1/{path}/{key}/", json={"description": "x"}).status_code == 404
    for key in ("x", "0" * 32, "%00"):
        assert client.get(f"/api/projects/1/{path}/{key}/").status_code == 404
