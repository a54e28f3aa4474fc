"""Who may: keys with scopes, keys of one project, strangers, people with less than admin."""

import pytest

from leanbase.auth.users import MEMBER
from tests.api.asking import Asker

PASSWORD = "correct horse battery"


def test_a_key_is_shown_once_and_stored_hashed(world, client: Asker) -> None:
    made = client.post("/api/personal_api_keys/", json={"label": "CI", "scopes": ["insight:read"]})
    assert made.status_code == 201
    value = made.json()["value"]
    listed = client.get("/api/personal_api_keys/").json()
    assert [key["value"] for key in listed] == [None, None]
    assert value[-4:] in listed[0]["mask_value"]
    for file in world.context.data_dir.glob("app.sqlite*"):
        assert value.encode() not in file.read_bytes()
        assert PASSWORD.encode() not in file.read_bytes()


def test_rolling_and_deleting_a_key(world, client: Asker) -> None:
    made = client.post("/api/personal_api_keys/", json={"label": "CI", "scopes": ["*"]}).json()
    rolled = client.post(f"/api/personal_api_keys/{made['id']}/roll/").json()
    assert world.client(made["value"]).get("/api/users/@me/").status_code == 401
    assert world.client(rolled["value"]).get("/api/users/@me/").status_code == 200
    changed = client.patch(f"/api/personal_api_keys/{made['id']}/", json={"scopes": ["user:read"]}).json()
    assert (changed["scopes"], changed["label"]) == (["user:read"], "CI")
    assert client.delete(f"/api/personal_api_keys/{made['id']}/").status_code == 204
    assert world.client(rolled["value"]).get("/api/users/@me/").status_code == 401


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"label": ""}, "label"),
        ({"scopes": ["*"]}, "label"),
        ({"label": "x", "scopes": ["insight:delete"]}, "scopes"),
        ({"label": "x", "scopes": []}, "scopes"),
        ({"label": "x", "scoped_teams": [99]}, "scoped_teams"),
        ({"label": "x", "scoped_organizations": ["no"]}, "scoped_organizations"),
    ],
)
def test_keys_that_cannot_be_made(client: Asker, body: dict[str, object], attr: str) -> None:
    answer = client.post("/api/personal_api_keys/", json=body)
    assert (answer.status_code, answer.json()["attr"]) == (400, attr)


def test_scopes_limit_a_key(world) -> None:
    reader = world.client(world.key_with("project:read"))
    assert reader.get("/api/projects/1/").status_code == 200
    assert "secret_api_token" not in reader.get("/api/projects/1/").json()
    refused = reader.patch("/api/projects/1/", json={"name": "x"})
    assert (refused.status_code, refused.json()["type"]) == (403, "permission_denied")
    assert "required scope 'project:write'" in refused.json()["detail"]
    assert reader.get("/api/users/@me/").status_code == 403
    assert reader.post("/api/personal_api_keys/", json={"label": "wider"}).status_code == 403


def test_a_key_of_one_project_sees_no_other(world, client: Asker) -> None:
    other = client.post("/api/projects/", json={"name": "Other"}).json()["id"]
    limited = world.client(world.key_with("*", scoped_projects=(other,)))
    assert limited.get("/api/projects/1/").status_code == 404
    assert limited.get("/api/projects/@current/").json()["id"] == other
    assert [row["id"] for row in limited.get("/api/projects/").json()["results"]] == [other]
    assert limited.post("/api/projects/", json={"name": "x"}).status_code == 403


def test_a_member_cannot_delete_what_belongs_to_all(world, client: Asker) -> None:
    organization = client.get("/api/organizations/@current/").json()["id"]
    auth = world.context.auth
    member = auth.users.create("member@example.com", PASSWORD, organization, MEMBER)
    hers = world.client(auth.keys.create(member.id, "hers")[1])
    assert hers.get("/api/projects/1/").status_code == 200
    assert hers.delete("/api/projects/1/").status_code == 403
    assert hers.patch("/api/projects/1/reset_token/").status_code == 403
    assert hers.post("/api/projects/", json={"name": "x"}).status_code == 403


@pytest.mark.parametrize("project", ["1", "0", "-1", "999", "99999999999999999999", "x", "@other", "1e0", "１"])
def test_a_stranger_learns_nothing_about_projects(world, project: str) -> None:
    stranger = world.client(world.stranger_key())
    assert stranger.get(f"/api/projects/{project}/").status_code == 404
    assert stranger.get(f"/api/projects/{project}/").json() == stranger.get("/api/projects/888/").json()


def test_an_inactive_user_is_locked_out(world, client: Asker) -> None:
    world.context.auth.users.change(1, {"is_active": False})
    assert client.get("/api/users/@me/").status_code == 401
    signing_in = {"email": "admin@localhost", "password": PASSWORD}
    assert world.client().post("/api/login/", json=signing_in).status_code == 400


@pytest.mark.parametrize("value", ["phx_wrong", "phc_token", "", "é"])
def test_wrong_keys(world, value: str) -> None:
    answer = world.client().get("/api/projects/1/", headers={"Authorization": f"Bearer {value}".encode()})
    assert (answer.status_code, answer.json()["type"]) == (401, "authentication_error")


def test_what_goes_wrong_inside_stays_inside(world, client: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret name of a table")

    monkeypatch.setattr(type(world.context.projects), "record", broken)
    quiet = world.client(world.credentials.personal_api_key, raise_errors=False)
    answer = quiet.get("/api/projects/1/")
    assert (answer.status_code, answer.json()["type"]) == (500, "server_error")
    assert "secret" not in answer.text
