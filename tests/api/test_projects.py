"""Projects over HTTP, in PostHog's shapes."""

import pytest

from tests.api.asking import Asker


def test_making_a_project(client: Asker) -> None:
    settings = {
        "timezone": "America/Phoenix",
        "week_start_day": 1,
        "test_account_filters": [{"key": "email", "value": "x", "operator": "is_not", "type": "person"}],
        "person_processing_opt_out": True,
        "flag_called_personless_default": True,
        "merge_move_distinct_id_limit": 2,
        "property_matching_version": 2,
        "person_properties_update_all": True,
        "event_buffer_seconds": 60,
    }
    answer = client.post("/api/projects/", json={"name": "New", **settings})
    assert answer.status_code == 201
    made = answer.json()
    assert {name: made[name] for name in settings} == settings
    assert made["api_token"].startswith("phc_") and made["name"] == "New" and made["uuid"]
    shown = client.get(f"/api/projects/{made['id']}/").json()
    assert shown == made
    assert client.get(f"/api/environments/{made['id']}").json() == made, "the older prefix, without slash"


def test_a_change_holds_from_the_next_request(client: Asker) -> None:
    assert client.patch("/api/projects/1/", json={"timezone": "Asia/Tokyo", "name": "T"}).json()["name"] == "T"
    assert client.get("/api/projects/@current/").json()["timezone"] == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"timezone": "Nowhere/City"}, "timezone"),
        ({"week_start_day": "monday"}, "week_start_day"),
        ({"test_account_filters": "none"}, "test_account_filters"),
        ({"name": 5}, "name"),
        ({"name": ""}, "name"),
        ({"merge_move_distinct_id_limit": -1}, "merge_move_distinct_id_limit"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_wrong_values(client: Asker, method: str, body: dict[str, object], attr: str) -> None:
    path = "/api/projects/" if method == "POST" else "/api/projects/1/"
    answer = client.request(method, path, json=body)
    assert answer.status_code == 400
    assert answer.json()["type"] == "validation_error" and answer.json()["attr"] == attr


@pytest.mark.parametrize("body", ["[]", "5", '"x"', "null", "{", '{"name": "\\ud800"}', '{"name": "\\u0000"}'])
def test_bodies_that_make_no_sense(client: Asker, body: str) -> None:
    answer = client.post("/api/projects/", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert set(answer.json()) == {"type", "code", "detail", "attr"}


def test_listing_and_deleting(client: Asker) -> None:
    made = client.post("/api/projects/", json={"name": "Short-lived"}).json()
    listed = client.get("/api/projects/?limit=1").json()
    assert listed["count"] == 2 and len(listed["results"]) == 1 and listed["previous"] is None
    following = client.get(listed["next"]).json()
    assert [row["id"] for row in following["results"]] == [made["id"]] and following["next"] is None
    assert client.delete(f"/api/projects/{made['id']}/").status_code == 204
    assert client.get(f"/api/projects/{made['id']}/").status_code == 404
    assert client.get("/api/projects/").json()["count"] == 1


def test_a_new_token(client: Asker) -> None:
    before = client.get("/api/projects/1/").json()["api_token"]
    after = client.patch("/api/projects/1/reset_token/").json()["api_token"]
    assert after != before and client.get("/api/projects/1/").json()["api_token"] == after


def test_organizations(client: Asker) -> None:
    here = client.get("/api/organizations/@current/").json()
    assert here["membership_level"] == 15 and [team["id"] for team in here["teams"]] == [1]
    assert client.patch(f"/api/organizations/{here['id']}/", json={"name": "Acme"}).json()["name"] == "Acme"
    assert client.get("/api/organizations/").json()["results"][0]["name"] == "Acme"
    members = client.get("/api/organizations/@current/members/").json()["results"]
    assert [member["user"]["email"] for member in members] == ["admin@localhost"]
    assert client.get("/api/organizations/unknown/").status_code == 404
    made = client.post(f"/api/organizations/{here['id']}/projects/", json={"name": "There"})
    assert made.status_code == 201 and made.json()["organization"] == here["id"]


def test_the_handshake_of_the_command_line_tool(client: Asker) -> None:
    key = client.get("/api/personal_api_keys/@current").json()
    assert key["scopes"] == ["*"] and key["scoped_teams"] == [] and key["scoped_organizations"] == []
    me = client.get("/api/users/@me/").json()
    assert me["distinct_id"] and me["team"]["id"] == 1 and me["organization"]["id"]
    assert client.get("/api/projects/1/").status_code == 200


@pytest.mark.parametrize("path", ["/api/nothing/", "/api/projects/1/nothing/", "/api/", "/api/nothing.csv"])
def test_unknown_paths(client: Asker, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        answer = client.request(method, path)
        assert (answer.status_code, answer.json()["type"]) == (404, "invalid_request")


def test_a_method_that_is_not_there(client: Asker) -> None:
    answer = client.put("/api/projects/1/", json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
