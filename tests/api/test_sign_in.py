"""Sessions: cookies, CSRF, the brake on guessing, changing the password."""

import pytest

from leanbase.auth.attempts import MAX_PER_EMAIL
from tests.api.asking import Asker

PASSWORD = "correct horse battery"


@pytest.fixture
def browser(world) -> Asker:
    return world.client()


def sign_in(browser: Asker, password: str = PASSWORD, email: str = "admin@localhost", **headers: str):
    return browser.post("/api/login/", json={"email": email, "password": password}, headers=headers)


def csrf(browser: Asker) -> dict[str, str]:
    return {"X-CSRFToken": browser.cookies["leanbase_csrf"]}


def test_signing_in_and_out(browser: Asker) -> None:
    assert browser.get("/api/users/@me/").status_code == 401
    assert sign_in(browser, email=" Admin@LOCALHOST ").json() == {"success": True}
    me = browser.get("/api/users/@me/").json()
    assert me["email"] == "admin@localhost" and me["team"]["id"] == 1 and me["organization"]["id"]
    secret = browser.cookies["leanbase_session"]
    assert browser.post("/api/logout/").status_code == 200
    assert browser.get("/api/users/@me/").status_code == 401
    browser.cookies.set("leanbase_session", secret)
    assert browser.get("/api/users/@me/").status_code == 401, "the session itself has ended, not only the cookie"


@pytest.mark.parametrize(("headers", "secure"), [({}, False), ({"X-Forwarded-Proto": "https"}, True)])
def test_cookie_flags(browser: Asker, headers: dict[str, str], secure: bool) -> None:
    cookies = {item.split("=")[0]: item for item in sign_in(browser, **headers).headers.get_list("set-cookie")}
    session = cookies["leanbase_session"].lower()
    assert "httponly" in session and "samesite=lax" in session and "path=/" in session
    assert ("secure" in session) is secure
    assert "httponly" not in cookies["leanbase_csrf"].lower(), "our own scripts read the token"


def test_a_session_changes_things_only_with_its_token_and_from_our_origin(browser: Asker) -> None:
    sign_in(browser)
    change = {"first_name": "Ada"}
    without = browser.patch("/api/users/@me/", json=change)
    assert (without.status_code, without.json()["code"]) == (403, "csrf_failed")
    wrong = browser.patch("/api/users/@me/", json=change, headers={"X-CSRFToken": "x"})
    assert wrong.status_code == 403
    elsewhere = browser.patch(
        "/api/users/@me/", json=change, headers={**csrf(browser), "Origin": "http://evil.example"}
    )
    assert elsewhere.status_code == 403
    ours = browser.patch("/api/users/@me/", json=change, headers={**csrf(browser), "Origin": "http://leanbase.test"})
    assert (ours.status_code, ours.json()["first_name"]) == (200, "Ada")


def test_no_other_site_can_sign_somebody_in(browser: Asker) -> None:
    assert sign_in(browser, Origin="http://evil.example").status_code == 403


def test_behind_a_proxy_the_outer_name_counts(browser: Asker) -> None:
    outer = {"Origin": "https://stats.example", "X-Forwarded-Host": "stats.example"}
    assert sign_in(browser, **outer).status_code == 200
    assert sign_in(browser, **{**outer, "Origin": "null"}).status_code == 403


def test_guessing_is_slowed_down(browser: Asker) -> None:
    for _ in range(MAX_PER_EMAIL):
        answer = sign_in(browser, "wrong password")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_credentials")
    blocked = sign_in(browser)
    assert blocked.status_code == 429 and blocked.json()["type"] == "throttled_error"
    assert int(blocked.headers["retry-after"]) > 0


def test_unknown_addresses_get_the_same_answer(browser: Asker) -> None:
    assert sign_in(browser, email="nobody@example.com").json() == sign_in(browser, "wrong password").json()


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(world, browser: Asker) -> None:
    other = world.client()
    sign_in(browser)
    sign_in(other)
    new = {"password": "a new password", "current_password": "wrong"}
    refused = browser.patch("/api/users/@me/", json=new, headers=csrf(browser))
    assert (refused.status_code, refused.json()["attr"]) == (400, "current_password")
    weak = browser.patch(
        "/api/users/@me/", json={"password": "short", "current_password": PASSWORD}, headers=csrf(browser)
    )
    assert (weak.status_code, weak.json()["attr"]) == (400, "password")
    new["current_password"] = PASSWORD
    assert browser.patch("/api/users/@me/", json=new, headers=csrf(browser)).status_code == 200
    assert browser.get("/api/users/@me/").status_code == 200
    assert other.get("/api/users/@me/").status_code == 401
    assert sign_in(world.client()).status_code == 400
    assert sign_in(world.client(), "a new password").status_code == 200


def test_cookies_are_not_believed_when_a_key_is_sent(world, browser: Asker) -> None:
    sign_in(browser)
    answer = browser.get("/api/users/@me/", headers={"Authorization": "Bearer phx_wrong"})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_personal_api_key")
