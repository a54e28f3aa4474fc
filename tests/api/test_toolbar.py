"""The toolbar's permission: for authorised sites, for one project's actions, for a while, and for nothing else."""

import json
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from leanbase.auth import toolbar_grants
from leanbase.auth.users import MEMBER
from leanbase.projects.authorised_urls import is_authorised, origin_of
from tests.api.test_every_route import filled, routes

SHOP = "https://shop.example"
OF_THE_TOOLBAR = ["POST /api/toolbar/actions/", "GET /api/toolbar/actions/", "GET /api/toolbar/counts/"]
STEPS = [{"event": "$autocapture", "selector": "#buy"}]


@pytest.fixture
def shop(world, client):
    """The first project, with the shop as its authorised URL."""
    client.patch("/api/projects/1/", json={"app_urls": [f"{SHOP}/", "http://127.0.0.1:3000", "https://*.wild.example"]})
    return world


def opened(client, url: str = f"{SHOP}/pricing?a=1#top") -> tuple[str, dict[str, Any]]:
    """The address that the app opens, and what its hash says."""
    answer = client.post("/api/projects/1/toolbar/", json={"url": url})
    assert answer.status_code == 200, answer.text
    address = answer.json()["url"]
    return address, json.loads(unquote(urlsplit(address).fragment.removeprefix("__posthog=")))


def exchange(world, code: str, origin: str | None = SHOP):
    headers = {"Origin": origin} if origin else {}
    return world.client().post("/api/toolbar/token/", json={"code": code}, headers=headers)


def token_of(world, client) -> str:
    answer = exchange(world, opened(client)[1]["toolbarCode"])
    assert answer.status_code == 200, answer.text
    return answer.json()["token"]


def test_an_authorised_page_makes_an_action(shop, client) -> None:
    address, said = opened(client)
    assert address.startswith(f"{SHOP}/pricing?a=1#__posthog=")
    assert (said["action"], said["token"], said["desiredHash"]) == (
        "ph_authorize",
        shop.credentials.project_api_key,
        "top",
    )
    answer = exchange(shop, said["toolbarCode"])
    assert answer.headers["access-control-allow-origin"] == SHOP
    page = shop.client(answer.json()["token"])
    made = page.post("/api/toolbar/actions/", json={"name": "Buys", "steps": STEPS}, headers={"Origin": SHOP})
    assert made.status_code == 201, made.text
    assert [one["name"] for one in page.get("/api/toolbar/actions/").json()["results"]] == ["Buys"]
    stored = client.get(f"/api/projects/1/actions/{made.json()['id']}/").json()
    assert (stored["name"], stored["steps"][0]["selector"]) == ("Buys", "#buy")
    assert stored["created_by"]["email"] == shop.credentials.email


def test_a_code_is_good_once_and_for_its_site_only(shop, client) -> None:
    code = opened(client)[1]["toolbarCode"]
    assert exchange(shop, code).status_code == 200
    assert exchange(shop, code).status_code == 401
    for elsewhere in ("https://evil.example", "http://shop.example", f"{SHOP}:8443", "null", None):
        stolen = opened(client)[1]["toolbarCode"]
        assert exchange(shop, stolen, elsewhere).status_code == 401, elsewhere
        assert exchange(shop, stolen).status_code == 401, "a stolen code is spent"


def test_codes_and_tokens_end_by_themselves(shop, client, monkeypatch) -> None:
    code, token = opened(client)[1]["toolbarCode"], token_of(shop, client)
    page = shop.client(token)
    assert page.get("/api/toolbar/actions/").status_code == 200
    now = toolbar_grants.now_us()
    monkeypatch.setattr(toolbar_grants, "now_us", lambda: now + (toolbar_grants.CODE_SECONDS + 1) * 1_000_000)
    assert exchange(shop, code).status_code == 401
    assert page.get("/api/toolbar/actions/").status_code == 200
    monkeypatch.setattr(toolbar_grants, "now_us", lambda: now + (toolbar_grants.TOKEN_SECONDS + 1) * 1_000_000)
    assert page.get("/api/toolbar/actions/").status_code == 401


def test_the_token_opens_no_other_route(shop, client) -> None:
    page = shop.client(token_of(shop, client))
    opens = [
        f"{method} {path}"
        for method, path in routes(shop)
        if path.startswith(("/api/projects", "/api/users", "/api/personal", "/api/organizations", "/api/toolbar"))
        and path != "/api/toolbar/end/"
        and page.request(method, filled(path), json={"name": "x", "steps": STEPS}).status_code not in {401, 404}
    ]
    assert sorted(opens) == sorted([*OF_THE_TOOLBAR, "POST /api/toolbar/token/"])
    assert page.post("/api/toolbar/token/", json={"code": "x"}).status_code == 401


def test_nothing_else_opens_the_toolbar_s_routes(shop, client) -> None:
    browser = shop.client()
    browser.post("/api/login/", json={"email": "admin@localhost", "password": "correct horse battery"})
    code = opened(client)[1]["toolbarCode"]
    for other in (client, browser, shop.client(shop.credentials.project_api_key), shop.client(code)):
        for route in [*OF_THE_TOOLBAR, "POST /api/toolbar/end/"]:
            method, path = route.split()
            answer = other.request(method, path, json={"name": "x", "steps": STEPS})
            assert answer.status_code == 401, route


def test_other_sites_members_gone_and_urls_withdrawn(shop, client) -> None:
    token = token_of(shop, client)
    page = shop.client(token)
    evil = page.get("/api/toolbar/actions/", headers={"Origin": "https://evil.example"})
    assert evil.status_code == 403
    client.patch("/api/projects/1/", json={"app_urls": ["https://other.example"]})
    assert page.get("/api/toolbar/actions/").status_code == 403
    client.patch("/api/projects/1/", json={"app_urls": [SHOP]})
    assert page.get("/api/toolbar/actions/").status_code == 200
    assert page.post("/api/toolbar/end/").status_code == 204
    assert page.get("/api/toolbar/actions/").status_code == 401


def test_a_member_who_leaves_takes_the_toolbar_along(shop, client) -> None:
    auth, record = shop.context.auth, shop.context.projects.list()[0]
    guest = auth.users.create("guest@example.com", "correct horse battery", record.organization_id, MEMBER)
    signed = shop.client(auth.keys.create(guest.id, "guest")[1])
    page = shop.client(token_of(shop, signed))
    assert page.get("/api/toolbar/actions/").status_code == 200
    auth.members.remove(record.organization_id, guest.id)
    assert page.get("/api/toolbar/actions/").status_code == 401


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://shop.example.evil.example/",
        "https://shop.example@evil.example/",
        "https://evil.example\\@shop.example/",
        "https://evil.example\\.wild.example/",
        "https://*.wild.example/",
        "https://wild.example/",
        "http://shop.example/",
        "javascript:alert(1)//https://shop.example",
        "data:text/html,x",
        "shop.example",
        "",
        "https://[::1",
    ],
)
def test_only_authorised_addresses_are_opened(shop, client, url: str) -> None:
    answer = client.post("/api/projects/1/toolbar/", json={"url": url})
    assert (answer.status_code, answer.json()["attr"]) == (400, "url")


def test_a_key_needs_to_be_able_to_write_actions(shop) -> None:
    for scope, status in (("action:read", 403), ("insight:write", 403), ("action:write", 200)):
        answer = shop.client(shop.key_with(scope)).post("/api/projects/1/toolbar/", json={"url": SHOP})
        assert answer.status_code == status, scope


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Shop.Example:443/a?b#c", SHOP),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://[::1]:80/", "http://[::1]"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://a b.example", None),
        ("https://shop.example:99999", None),
        ("ftp://shop.example", None),
    ],
)
def test_an_origin_is_as_browsers_say_it(url: str, origin: str | None) -> None:
    assert origin_of(url) == origin


def test_a_star_stands_for_subdomains() -> None:
    assert is_authorised("https://a.b.wild.example", ["https://*.wild.example"])
    assert not is_authorised("https://wild.example", ["https://*.wild.example"])
    assert not is_authorised("https://evilwild.example", ["https://*.wild.example"])
    assert not is_authorised("http://a.wild.example", ["https://*.wild.example"])


def test_counts_are_asked_in_one_question(shop, client) -> None:
    page = shop.client(token_of(shop, client))
    made = page.post("/api/toolbar/actions/", json={"name": "Buys", "steps": STEPS}).json()["id"]
    shop.store.columns, shop.store.rows_of["countIf"] = ("n",), [(7,)]
    assert page.get(f"/api/toolbar/counts/?ids={made},999,x").json() == {"counts": {str(made): 7}}
    assert page.get("/api/toolbar/counts/?ids=').json()").json() == {"counts": {}}
