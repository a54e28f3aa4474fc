"""Every route of the OpenAPI document refuses those who may not: strangers, nobody, keys without the scope.

A new route is covered as soon as it exists. One that is open to all must be named here, on purpose.
"""

import json
import re
from typing import Any

import pytest

OPEN_TO_ALL = {
    ("POST", "/api/login/"),
    ("POST", "/api/logout/"),
    ("GET", "/api/signup/{secret}/"),
    ("POST", "/api/signup/{secret}/"),
    ("GET", "/api/shared/{access_token}/"),
    ("GET", "/api/surveys/"),
    ("GET", "/api/early_access_features/"),
    ("GET", "/api/product_tours/"),
    ("GET", "/api/web_experiments/"),
    ("POST", "/api/push_subscriptions/"),
    ("DELETE", "/api/push_subscriptions/"),
    ("GET", "/array/{token}/config"),
    ("GET", "/array/{token}/config.js"),
    ("GET", "/array/{token}/array.js"),
    ("GET", "/static/{name}"),
    ("GET", "/static/{version}/{name}"),
    ("POST", "/flags/"),
    ("POST", "/decide/"),
    # Of the toolbar: they take its own token alone, and test_toolbar.py walks them.
    ("POST", "/api/toolbar/token/"),
    ("POST", "/api/toolbar/end/"),
    ("GET", "/api/toolbar/actions/"),
    ("POST", "/api/toolbar/actions/"),
    ("GET", "/api/toolbar/counts/"),
}
# Of the asking user, whose data it is by definition; a stranger sees their own.
OWN = re.compile(
    r"/api/(users|personal_api_keys|organizations|projects)/($|@me|@current|\{key_id\})|/flags/definitions/"
)
UNUSED_SCOPE = "early_access_feature:read"


@pytest.fixture(autouse=True)
def an_empty_store(world) -> None:
    world.store.rows_of["max(inserted_at)"] = [(0, 0, 0, 0)]


def routes(world) -> list[tuple[str, str]]:
    paths = world.app.openapi()["paths"]
    return sorted((method.upper(), path) for path, methods in paths.items() for method in methods)


def guarded(world) -> list[tuple[str, str]]:
    return [route for route in routes(world) if route not in OPEN_TO_ALL]


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "1", path)


def ask(client: Any, method: str, path: str, body: Any):
    """Reading routes get no body."""
    if method in {"GET", "HEAD"}:
        return client.request(method, path)
    return client.request(method, path, content=json.dumps(body), headers={"Content-Type": "application/json"})


def test_there_are_routes_to_walk(world) -> None:
    assert sum("{project_id}" in path for _, path in routes(world)) > 30
    assert set(routes(world)) >= OPEN_TO_ALL, "a route that is gone must leave the list"


def test_a_stranger_reaches_no_project(world) -> None:
    stranger = world.client(world.stranger_key())
    before = world.context.projects.list()
    for method, path in routes(world):
        if "{project_id}" not in path:
            continue
        answer = ask(stranger, method, filled(path), {})
        assert answer.status_code in {403, 404}, f"{method} {path}: {answer.status_code} {answer.text}"
        assert set(answer.json()) == {"type", "code", "detail", "attr"}, f"{method} {path}"
    assert world.context.projects.list() == before


def test_nobody_reaches_anything(world) -> None:
    nobody, wrong = world.client(), world.client("phx_wrong")
    for method, path in guarded(world):
        for client in (nobody, wrong):
            answer = ask(client, method, filled(path), {})
            assert answer.status_code == 401, f"{method} {path}: {answer.status_code} {answer.text}"
            assert answer.json()["type"] == "authentication_error", f"{method} {path}"


def test_the_public_token_opens_nothing(world) -> None:
    client = world.client(world.credentials.project_api_key)
    for method, path in guarded(world):
        assert ask(client, method, filled(path), {}).status_code == 401, f"{method} {path}"


def test_a_key_without_the_scope_reaches_nothing(world) -> None:
    client = world.client(world.key_with(UNUSED_SCOPE))
    for method, path in guarded(world):
        if path == "/api/personal_api_keys/@current/":
            continue  # a key may always look at itself
        answer = ask(client, method, filled(path), {})
        assert answer.status_code == 403, f"{method} {path}: {answer.status_code} {answer.text}"
        assert answer.json()["type"] == "permission_denied", f"{method} {path}"


def test_a_forged_request_changes_nothing(world) -> None:
    """A browser sends the session's cookie along with requests that other pages make."""
    browser = world.client()
    browser.post("/api/login/", json={"email": "admin@localhost", "password": "correct horse battery"})
    assert browser.get("/api/projects/1/").status_code == 200
    for method, path in guarded(world):
        if method in {"GET", "HEAD"}:
            continue
        answer = ask(browser, method, filled(path), {})
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed"), f"{method} {path}"


HOSTILE_IDS = ["0", "-1", "99999999999999999999", "x", "%00", "%ff", "'; DROP TABLE users --", "１", "a" * 5000]


@pytest.mark.parametrize("hostile", HOSTILE_IDS)
def test_no_id_is_a_server_error(world, client, hostile: str) -> None:
    """Ids of a form that no database takes are 404 or 400."""
    for method, path in routes(world):
        if "{" not in path or method == "DELETE":
            continue
        answer = ask(client, method, re.sub(r"\{\w+\}", hostile, path.replace("{project_id}", "1")), {})
        assert answer.status_code < 500, f"{method} {path} with {hostile[:30]!r}: {answer.text}"


HOSTILE_BODIES = [[], None, 5, "x", {"name": {}, "query": [], "tags": "x", "filters": 5}, {"name": "\ud800"}]


@pytest.mark.parametrize("number", range(len(HOSTILE_BODIES)))
def test_no_body_is_a_server_error(world, client, number: int) -> None:
    for method, path in routes(world):
        if method in {"GET", "HEAD", "DELETE"}:
            continue
        answer = ask(client, method, filled(path), HOSTILE_BODIES[number])
        assert answer.status_code < 500, f"{method} {path}: {answer.text}"
