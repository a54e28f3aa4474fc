"""Members, their roles, and invitations by link, over HTTP."""

import pytest

from leanbase.auth.users import ADMIN, MEMBER, OWNER
from tests.api.conftest import PASSWORD, World

MEMBERS, INVITES = "/api/organizations/@current/members/", "/api/organizations/@current/invites/"


def joined(world: World, name: str, level: int):
    """A member of the first organization: their client and their uuid."""
    owner = world.context.auth.users.by_email(world.credentials.email)
    assert owner is not None
    user = world.context.auth.users.create(f"{name}@example.com", PASSWORD, owner.memberships[0].organization_id, level)
    return world.client(world.context.auth.keys.create(user.id, name)[1]), user.uuid


def levels(client) -> dict[str, int]:
    return {row["user"]["email"]: row["level"] for row in client.get(MEMBERS).json()["results"]}


def test_an_invited_person_becomes_a_member_with_an_account(world, client) -> None:
    made = client.post(INVITES, json={"target_email": "Ada@Example.com", "level": ADMIN})
    assert made.status_code == 201
    link = made.json()["link"]
    assert link.startswith("http://leanbase.test/invite/")
    assert client.get(INVITES).json()["results"][0].get("link") is None
    path = f"/api/signup/{link.rsplit('/', 1)[1]}/"
    guest = world.client()
    shown = guest.get(path).json()
    assert (shown["target_email"], shown["has_account"]) == ("ada@example.com", False)
    assert guest.post(path, json={"password": "short"}).json()["attr"] == "password"
    assert guest.post(path, json={"password": "long enough", "first_name": "Ada"}).status_code == 201
    assert guest.get("/api/users/@me/").json()["email"] == "ada@example.com"
    assert levels(client)["ada@example.com"] == ADMIN
    assert world.client().post(path, json={"password": "another one"}).status_code == 404, "a link opens once"


def test_whoever_has_an_account_needs_its_password(world, client) -> None:
    world.stranger_key()
    link = client.post(INVITES, json={"target_email": "stranger@example.com"}).json()["link"]
    path = f"/api/signup/{link.rsplit('/', 1)[1]}/"
    guest = world.client()
    assert guest.get(path).json()["has_account"] is True
    assert guest.post(path, json={"password": "wrong password"}).json()["code"] == "invalid_credentials"
    assert guest.post(path, json={"password": PASSWORD}).status_code == 201
    assert levels(client)["stranger@example.com"] == MEMBER
    again = client.post(INVITES, json={"target_email": "stranger@example.com"})
    assert again.json()["attr"] == "target_email"


def test_a_withdrawn_invitation_opens_nothing(world, client) -> None:
    made = client.post(INVITES, json={"target_email": "ada@example.com"}).json()
    newer = client.post(INVITES, json={"target_email": "ada@example.com"}).json()
    assert world.client().get(f"/api/signup/{made['link'].rsplit('/', 1)[1]}/").status_code == 404
    assert client.delete(f"{INVITES}{newer['id']}/").status_code == 204
    assert client.delete(f"{INVITES}{newer['id']}/").status_code == 404
    assert world.client().get(f"/api/signup/{newer['link'].rsplit('/', 1)[1]}/").status_code == 404


def test_the_last_owner_stays(world, client) -> None:
    me = client.get("/api/users/@me/").json()["uuid"]
    refused = client.patch(f"{MEMBERS}{me}/", json={"level": MEMBER})
    assert (refused.status_code, refused.json()["code"]) == (400, "last_owner")
    assert client.delete(f"{MEMBERS}{me}/").json()["code"] == "last_owner"
    _, other = joined(world, "bob", ADMIN)
    assert client.patch(f"{MEMBERS}{other}/", json={"level": OWNER}).json()["level"] == OWNER
    assert client.delete(f"{MEMBERS}{me}/").status_code == 204
    assert client.get("/api/projects/").json()["results"] == []


@pytest.mark.parametrize("level", [MEMBER, ADMIN])
def test_nobody_gives_or_takes_more_than_they_have(world, client, level: int) -> None:
    theirs, _ = joined(world, "bob", level)
    _, ada = joined(world, "ada", MEMBER)
    owner = client.get("/api/users/@me/").json()["uuid"]
    assert theirs.patch(f"{MEMBERS}{owner}/", json={"level": MEMBER}).status_code == 403
    assert theirs.delete(f"{MEMBERS}{owner}/").status_code == 403
    assert theirs.patch(f"{MEMBERS}{ada}/", json={"level": OWNER}).status_code == 403
    assert theirs.post(INVITES, json={"target_email": "x@y.z", "level": OWNER}).status_code == 403
    allowed = theirs.patch(f"{MEMBERS}{ada}/", json={"level": ADMIN}).status_code
    assert allowed == (200 if level == ADMIN else 403)


def test_sessions_are_listed_and_ended(world) -> None:
    sign_in = {"email": world.credentials.email, "password": PASSWORD}
    here, there = world.client(), world.client()
    for browser in (here, there):
        browser.post("/api/login/", json=sign_in, headers={"User-Agent": "a browser"})
    listed = here.get("/api/users/@me/sessions/").json()
    assert sorted(one["current"] for one in listed) == [False, True]
    token = {"X-CSRFToken": here.cookies["leanbase_csrf"]}
    other = next(one["id"] for one in listed if not one["current"])
    assert here.delete(f"/api/users/@me/sessions/{other}/", headers=token).status_code == 204
    assert there.get("/api/users/@me/").status_code == 401
    assert here.delete(f"/api/users/@me/sessions/{other}/", headers=token).status_code == 404
    assert here.delete("/api/users/@me/sessions/", headers=token).status_code == 204
    assert here.get("/api/users/@me/").status_code == 200
