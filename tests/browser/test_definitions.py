"""Definitions of events and properties: found, described, typed, with values that were seen."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject


def test_an_event_is_described_and_a_property_typed(page: Page, own_project: OwnProject) -> None:
    own_project.send({"event": "order paid", "distinct_id": "a", "properties": {"plan": "premium"}})
    page.goto(own_project.page("definitions"))
    course = page.get_by_role("row", name="order paid").get_by_role("img")
    expect(course).to_have_accessible_name("1 in 30 days, 1 on the busiest day, 1 today")
    page.get_by_role("button", name="order paid").click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("region", name="Properties").get_by_text("plan")).to_be_visible()
    panel.get_by_label("Description").fill("Money came in")
    panel.get_by_role("switch", name="Verified").click()
    panel.get_by_role("button", name="Save").click()
    expect(panel).to_have_count(0)
    row = page.get_by_role("row", name="order paid")
    expect(row).to_contain_text("Money came in")
    expect(row.get_by_label("Verified")).to_be_visible()

    page.get_by_role("tab", name="Event properties").click()
    page.get_by_label("Search definitions").fill("pla")
    page.get_by_role("button", name="plan", exact=True).click()
    expect(panel.get_by_text("premium")).to_be_visible()
    panel.get_by_text("As a table").click()
    expect(panel.get_by_role("table").get_by_role("row")).to_have_count(31)
    panel.get_by_role("combobox", name="Type").click()
    page.get_by_role("option", name="Numeric").click()
    panel.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="plan")).to_contain_text("Numeric")
