"""The pages of one thing, a person, an action, a cohort: axe in both colours, keys alone, and the way back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious_findings
from tests.browser.conftest import OwnProject
from tests.browser.test_hostile_input import Written, written  # noqa: F401 -- a fixture

DETAILS = (
    "an event", "a person", "a person's events", "a person's ids", "a person's merges", "a person's history",
    "a group", "a cohort", "an action", "an insight", "a dashboard", "a shared dashboard",
)  # fmt: skip


@pytest.mark.parametrize("name", DETAILS)
def test_axe_finds_nothing_serious(page: Page, written: Written, name: str) -> None:  # noqa: F811
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(written.pages[name])
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_label("Loading")).to_have_count(0)
    assert serious_findings(page) == []
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    assert serious_findings(page) == []


def test_an_action_by_keys_alone(page: Page, own_project: OwnProject) -> None:
    page.goto(own_project.page("actions"))
    expect(page.get_by_text("No actions yet")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="By clicking on your site")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").locator(":focus")).to_have_count(1)  # before, it could not give focus back
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="By clicking on your site")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("New action")
    page.get_by_role("textbox", name="Name").focus()
    page.keyboard.type("By keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("By keys")
    assert page.title() == "By keys · Leanbase"


def test_back_and_forward_are_the_pages_that_were_seen(page: Page, own_project: OwnProject) -> None:
    own_project.send(*({"event": f"event {at:03}", "distinct_id": "ada"} for at in range(60)))
    page.goto(own_project.page("definitions"))
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**offset=50**")
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    page.go_back()
    expect(page.get_by_role("button", name="Back", exact=True)).to_be_disabled()
    page.go_forward()
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    page.get_by_label("Search definitions").fill("event 01")  # also 001; a search begins at its first page
    expect(page.get_by_text("11 names")).to_be_visible()
    assert "offset" not in page.url
    page.reload()
    expect(page.get_by_text("11 names")).to_be_visible()
