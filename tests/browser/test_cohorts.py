"""Cohorts: by what persons did, and lists of ids."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject


def test_by_an_event_and_as_a_list(page: Page, own_project: OwnProject) -> None:
    identified = [
        {"event": "order paid", "distinct_id": name, "properties": {"$set": {"email": f"{name}@example.com"}}}
        for name in ("ada", "ada", "bob")
    ]
    own_project.send(*identified)
    page.goto(own_project.page("cohorts/new"))
    page.get_by_label("Name").fill("Regulars")
    page.get_by_role("button", name="Add an event").click()
    page.get_by_role("option", name="order paid").click()
    page.get_by_label("Times of order paid").fill("2")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regulars")
    expect(page.get_by_role("link", name="ada@example.com")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("link", name="bob@example.com")).to_have_count(0)

    page.goto(own_project.page("cohorts/new"))
    page.get_by_label("Name").fill("Invited")
    page.get_by_text("List of ids").click()
    page.get_by_label("Distinct ids").fill("bob")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("link", name="bob@example.com")).to_be_visible(timeout=20_000)
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("link", name="Regulars")).to_be_visible()
    expect(page.get_by_role("link", name="Invited")).to_have_count(0)
