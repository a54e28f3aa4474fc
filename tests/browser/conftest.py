"""Fixtures of the browser tests: a Chromium, a signed-in page, a project of one's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.product import Product, wait_until

# What a person's browser says; posthog-js sends nothing for one that calls itself headless.
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests run last: while Playwright is open its event loop runs in this thread, and no other may."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine or from npm: browser tests are left out")
    expect.set_options(timeout=20_000)  # milliseconds; the default of 5 s is too little on a machine that is busy
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, product: Product) -> Any:
    """Cookies of a browser in which the admin signed in, by the form."""
    context = browser.new_context(base_url=product.url)
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("E-mail").fill(product.email)
    page.locator("input[name=password]").fill(product.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/project/**")
    state = context.storage_state()
    context.close()
    return state


@dataclass(frozen=True)
class OwnProject:
    """A project of one test."""

    id: int
    token: str
    product: Product

    def sql(self, query: str, **values: object) -> list[list[Any]]:
        """Rows of an SQL question, computed now."""
        body = {"query": {"kind": "HogQLQuery", "query": query, "values": values}, "refresh": "force_blocking"}
        reply = self.product.api("POST", f"/api/projects/{self.id}/query/", body)
        assert reply.status == 200, reply.text
        return reply.body["results"]

    def count(self) -> int:
        return int(self.sql("SELECT count() FROM events")[0][0])

    def send(self, *events: dict[str, Any]) -> None:
        """Capture events, and wait until they are visible."""
        expected = self.count() + len(events)
        assert self.product.capture(list(events), self.token).status == 200
        wait_until(lambda: self.count() >= expected, "the events are visible")

    def page(self, path: str) -> str:
        return f"/project/{self.id}/{path}"


def new_project(product: Product, name: str) -> OwnProject:
    """A project with its own token; tests in one server do not see each other's events."""
    reply = product.api("POST", "/api/projects/", {"name": name})
    assert reply.status == 201, reply.text
    return OwnProject(reply.body["id"], reply.body["api_token"], product)


def is_complaint(message: ConsoleMessage) -> bool:
    """Errors, and whatever the content security policy refused. A 4xx that a test provokes is none."""
    return (message.type == "error" and "Failed to load resource" not in message.text) or (
        "Content Security Policy" in message.text
    )


@pytest.fixture
def own_project(product: Product, request: pytest.FixtureRequest) -> OwnProject:
    return new_project(product, request.node.name)


@pytest.fixture
def context(browser: Browser, product: Product, signed_in: Any) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=product.url, storage_state=signed_in, viewport={"width": 1440, "height": 900})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of the app. Whatever it complains about in its console fails the test."""
    made = context.new_page()
    complaints: list[str] = []
    made.on("pageerror", lambda problem: complaints.append(str(problem)))
    made.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    yield made
    assert complaints == []
