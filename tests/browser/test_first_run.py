"""From nothing to a first chart by clicks alone: the demo, loaded by the running server."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject
from tests.product import Product

PATH = "/api/organizations/@current/demo/"


def test_the_demo_is_loaded_by_a_button(page: Page, own_project: OwnProject, product: Product) -> None:
    page.goto(own_project.page(""))
    page.wait_for_url("**/start")
    page.get_by_role("button", name="Load the demo").click()
    expect(page.get_by_role("progressbar", name="Loading the demo")).to_have_count(1)  # of no width at first
    assert product.api("POST", PATH).status == 409
    page.reload()  # it goes on without the page
    page.get_by_role("link", name="See a chart").click(timeout=60_000)
    expect(page.get_by_role("button", name="Project: Fernwood (demo)")).to_be_visible()
    expect(page.get_by_role("img", name="Chart of").locator("canvas")).to_be_visible()
    assert product.api("POST", PATH).body["code"] == "demo_exists"
    demo = product.api("GET", PATH).body
    assert (demo["status"], demo["days_sent"]) == ("done", 60)
    assert demo["events_stored"] == demo["events_sent"] > 100
    product.api("DELETE", f"/api/projects/{demo['project_id']}/")
