"""Dashboards, tiles, annotations and secret links over HTTP."""

from typing import Any

import pytest

QUERY = {"kind": "TrendsQuery", "series": [{"kind": "EventsNode", "event": "a"}]}
BOARDS = "/api/projects/1/dashboards/"


@pytest.fixture
def board(client) -> int:
    return client.post(BOARDS, json={"name": "Board"}).json()["id"]


@pytest.fixture
def insight(client, board: int) -> dict[str, Any]:
    return client.post("/api/projects/1/insights/", json={"name": "i", "query": QUERY, "dashboards": [board]}).json()


def shown(client, board: int) -> dict[str, Any]:
    answer = client.get(f"{BOARDS}{board}/")
    assert answer.status_code == 200, answer.text
    return answer.json()


def do(client, board: int, action: str, body: dict[str, Any], method: str = "POST") -> dict[str, Any]:
    answer = client.request(method, f"{BOARDS}{board}/{action}/", json=body)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def test_making_and_changing(client) -> None:
    body = {"name": "B", "description": "d", "tags": ["t"], "filters": {"date_from": "-7d"}, "pinned": True}
    made = client.post(BOARDS, json=body)
    assert made.status_code == 201
    made = made.json()
    assert {key: made[key] for key in body} == body and made["tiles"] == [] and made["is_shared"] is False
    path = f"{BOARDS}{made['id']}/"
    assert client.patch(path, json={"name": "C", "filters": None}).json()["filters"] == {}
    assert [row["name"] for row in client.get(f"{BOARDS}?search=c&pinned=true").json()["results"]] == ["C"]
    assert "tiles" not in client.get(BOARDS).json()["results"][0]
    client.patch(path, json={"deleted": True})
    assert client.get(path).status_code == 404 and client.get(BOARDS).json()["count"] == 0
    assert client.patch(path, json={"deleted": False}).status_code == 200


def test_an_insight_is_placed_by_its_dashboards(client, board: int, insight: dict[str, Any]) -> None:
    (tile,) = shown(client, board)["tiles"]
    assert tile["insight"]["id"] == insight["id"] and tile["text"] is None and tile["order"] == 0
    assert insight["dashboards"] == [board] and insight["dashboard_tiles"][0]["dashboard_id"] == board
    path = f"/api/projects/1/insights/{insight['id']}/"
    assert client.patch(path, json={"name": "renamed"}).json()["dashboards"] == [board], "left alone"
    assert client.patch(path, json={"dashboards": []}).json()["dashboards"] == []
    assert shown(client, board)["tiles"] == []
    client.patch(path, json={"dashboards": [board]})
    client.patch(path, json={"deleted": True})
    assert shown(client, board)["tiles"] == []


def test_tiles(client, board: int, insight: dict[str, Any]) -> None:
    made = do(client, board, "create_text_tile", {"body": "# Hello"})
    first, text = made["tiles"]
    assert text["text"] == {"body": "# Hello"} and text["insight"] is None
    layouts = {"sm": {"x": 0, "y": 1, "w": 6, "h": 5}}
    changed = client.patch(
        f"{BOARDS}{board}/",
        json={"tiles": [{"id": first["id"], "layouts": layouts, "color": "blue", "filters_overrides": {"a": 1}}]},
    ).json()
    assert changed["tiles"][0]["layouts"] == layouts and changed["tiles"][0]["color"] == "blue"
    assert changed["tiles"][0]["filters_overrides"] == {"a": 1}
    assert do(client, board, "update_text_tile", {"tile_id": text["id"], "body": "Bye"})["tiles"][1]["text"] == {
        "body": "Bye"
    }
    ordered = do(client, board, "reorder_tiles", {"tile_order": [text["id"], first["id"]]})
    assert [tile["id"] for tile in ordered["tiles"]] == [text["id"], first["id"]]
    other = client.post(BOARDS, json={"name": "Other"}).json()["id"]
    assert len(do(client, other, "copy_tile", {"tile_id": first["id"], "from_dashboard": board})["tiles"]) == 1
    left = do(client, board, "move_tile", {"tile": {"id": text["id"]}, "to_dashboard": other}, "PATCH")
    assert [tile["id"] for tile in left["tiles"]] == [first["id"]]
    assert [tile["text"] for tile in shown(client, other)["tiles"]] == [None, {"body": "Bye"}]
    assert do(client, board, "delete_tile", {"tile_id": first["id"]})["tiles"] == []


@pytest.mark.parametrize(
    ("action", "body", "attr"),
    [
        ("create_text_tile", {"body": ""}, "body"),
        ("create_text_tile", {}, "body"),
        ("update_text_tile", {"tile_id": 99, "body": "x"}, "tile_id"),
        ("delete_tile", {"tile_id": 10**30}, "tile_id"),
        ("reorder_tiles", {"tile_order": [99]}, "tile_id"),
        ("reorder_tiles", {"tile_order": "x"}, "tile_order"),
    ],
)
def test_actions_that_make_no_sense(client, board: int, action: str, body: dict[str, Any], attr: str) -> None:
    answer = client.post(f"{BOARDS}{board}/{action}/", json=body)
    assert (answer.status_code, answer.json()["attr"]) == (400, attr)


def test_duplicating_with_and_without_insights(client, board: int, insight: dict[str, Any]) -> None:
    do(client, board, "create_text_tile", {"body": "text"})
    same = client.post(BOARDS, json={"name": "same", "use_dashboard": board}).json()
    assert [tile["insight"] and tile["insight"]["id"] for tile in same["tiles"]] == [insight["id"], None]
    copied = client.post(BOARDS, json={"use_dashboard": board, "duplicate_tiles": True}).json()
    assert copied["tiles"][0]["insight"]["id"] != insight["id"]
    assert copied["tiles"][0]["insight"]["query"] == QUERY and copied["creation_mode"] == "duplicate"


def test_deleting_with_insights(client, board: int, insight: dict[str, Any]) -> None:
    client.patch(f"{BOARDS}{board}/", json={"deleted": True, "delete_insights": True})
    assert client.get(f"/api/projects/1/insights/{insight['id']}/").status_code == 404


def test_a_secret_link_shows_one_thing_to_everybody(world, client, board: int, insight: dict[str, Any]) -> None:
    do(client, board, "create_text_tile", {"body": "text"})
    sharing = f"{BOARDS}{board}/sharing/"
    assert client.get(sharing).json()["enabled"] is False and client.get(sharing).json()["access_token"] is None
    first = client.patch(sharing, json={"enabled": True}).json()["access_token"]
    assert shown(client, board)["is_shared"] is True
    anyone = world.client()
    seen = anyone.get(f"/api/shared/{first}/")
    assert seen.status_code == 200
    assert [tile["text"] for tile in seen.json()["dashboard"]["tiles"]] == [None, {"body": "text"}]
    assert "admin@localhost" not in seen.text and world.credentials.project_api_key not in seen.text
    assert anyone.get(f"{BOARDS}{board}/").status_code == 401
    client.patch(sharing, json={"enabled": False})
    assert anyone.get(f"/api/shared/{first}/").status_code == 404
    second = client.patch(sharing, json={"enabled": True}).json()["access_token"]
    assert second != first and anyone.get(f"/api/shared/{first}/").status_code == 404

    of_insight = f"/api/projects/1/insights/{insight['id']}/sharing/"
    token = client.patch(of_insight, json={"enabled": True}).json()["access_token"]
    assert anyone.get(f"/api/shared/{token}/").json()["insight"]["query"] == QUERY
    assert client.get(of_insight).json()["access_token"] == token != second
    client.patch(f"/api/projects/1/insights/{insight['id']}/", json={"deleted": True})
    assert anyone.get(f"/api/shared/{token}/").status_code == 404
    assert anyone.get("/api/shared/wrong/").status_code == 404


def test_annotations(client, board: int, insight: dict[str, Any]) -> None:
    path = "/api/projects/1/annotations/"
    marker = "2026-01-02T03:04:05.000000Z"
    made = client.post(path, json={"content": "Launch", "date_marker": marker, "dashboard_item": insight["id"]})
    assert made.status_code == 201
    made = made.json()
    assert (made["content"], made["date_marker"], made["scope"]) == ("Launch", marker, "project")
    assert made["insight_short_id"] == insight["short_id"] and made["created_by"]["id"] == 1
    later = client.post(path, json={"content": "Later", "date_marker": "2026-02-01", "scope": "dashboard",
                                    "dashboard_id": board}).json()  # fmt: skip
    assert later["dashboard_name"] == "Board"
    assert [row["content"] for row in client.get(path).json()["results"]] == ["Later", "Launch"]
    for query, expected in (
        ("?search=launch", ["Launch"]),
        ("?scope=dashboard", ["Later"]),
        (f"?dashboardItemId={insight['id']}", ["Launch"]),
        ("?after=2100-01-01", []),
        ("?before=2100-01-01&limit=1", ["Later"]),
    ):
        assert [row["content"] for row in client.get(path + query).json()["results"]] == expected
    one = f"{path}{made['id']}/"
    assert client.patch(one, json={"content": "Launched"}).json()["content"] == "Launched"
    client.patch(one, json={"deleted": True})
    assert client.get(one).status_code == 404
    assert [row["content"] for row in client.get(path).json()["results"]] == ["Later"]
    for body, attr in (
        ({"content": "x"}, "date_marker"),
        ({"date_marker": "soon"}, "date_marker"),
        ({"date_marker": "9" * 30}, "date_marker"),
        ({"date_marker": marker, "scope": "planet"}, "scope"),
        ({"date_marker": marker, "dashboard_item": 99}, "dashboard_item"),
        ({"date_marker": marker, "dashboard_id": 99}, "dashboard_id"),
    ):
        answer = client.post(path, json=body)
        assert (answer.status_code, answer.json()["attr"]) == (400, attr)
