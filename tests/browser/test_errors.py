"""What pages show while the server answers with errors or not at all: what is wrong, and a way to try again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OwnProject, new_project
from tests.browser.test_pages import PAGES
from tests.product import Product

# What every page stands on; without it there is no page, and the frame says so itself.
FRAME = re.compile(r"/api/(users/@me|projects|projects/\d+)/?(\?|$)")
DATA = re.compile(r".*/api/.*")
NEEDS_NOTHING = {"settings", "cohorts/new", "sql"}
AWAY = ("activity", "persons", "definitions", "dashboards")  # each takes seconds: the app tries by itself first


def broken(route: Route) -> None:
    if FRAME.search(route.request.url):
        route.continue_()
    else:
        body = '{"type": "server_error", "code": "error", "detail": "Something went wrong on our side.", "attr": null}'
        route.fulfill(status=500, content_type="application/json", body=body)


def away(route: Route) -> None:
    if FRAME.search(route.request.url):
        route.continue_()
    else:
        route.abort("connectionrefused")


@pytest.fixture(scope="module")
def project(product: Product) -> OwnProject:
    made = new_project(product, "Errors")
    made.send({"event": "a", "distinct_id": "ada", "properties": {"$pathname": "/"}})
    return made


def fails_and_recovers(page: Page, address: str, fail: Callable[[Route], None], words: str) -> None:
    page.route(DATA, fail)
    page.goto(address)
    alert = page.get_by_role("alert").first
    expect(alert, address).to_contain_text(words)
    again = page.get_by_role("main").get_by_role("button", name="Try again")
    expect(again.first, address).to_be_visible()
    # Every place that could not be loaded has its own way to try again.
    assert page.get_by_role("main").get_by_text(words).count() == again.count(), address
    failed = again.count()
    page.unroute(DATA)
    again.first.click()
    expect(again.nth(failed - 1), address).to_have_count(0)
    page.goto("about:blank")


@pytest.mark.parametrize("path", [path for path in PAGES if path not in NEEDS_NOTHING and "settings/" not in path])
def test_an_error_of_the_server_can_be_tried_again(page: Page, project: OwnProject, path: str) -> None:
    fails_and_recovers(page, project.page(path), broken, "Something went wrong on our side.")


@pytest.mark.parametrize("path", AWAY)
def test_a_server_that_is_away(page: Page, project: OwnProject, path: str) -> None:
    fails_and_recovers(page, project.page(path), away, "The server cannot be reached.")


def test_without_its_frame_the_app_says_so(page: Page, project: OwnProject) -> None:
    page.route(re.compile(r".*/api/(projects|users).*"), lambda route: route.fulfill(status=500, body="no"))
    page.goto(project.page("activity"))
    expect(page.get_by_role("alert")).to_contain_text("status 500")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Activity")
