"""Actions: steps are tried on the events of the project before they are saved."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject


def test_steps_show_what_they_match(page: Page, own_project: OwnProject) -> None:
    buy = [{"tag_name": "button", "$el_text": "Buy now", "classes": ["primary"]}]
    help_ = [{"tag_name": "a", "$el_text": "Help", "attr__href": "/help"}]
    own_project.send(
        {"event": "$autocapture", "distinct_id": "ada", "properties": {"$event_type": "click", "$elements": buy}},
        {"event": "$autocapture", "distinct_id": "bob", "properties": {"$event_type": "click", "$elements": help_}},
        {"event": "$pageview", "distinct_id": "eve", "properties": {"$current_url": "https://shop.test/pricing"}},
    )
    page.goto(own_project.page("actions/new"))
    found = page.get_by_role("region", name="Matching events")
    expect(found).to_contain_text("ada")
    expect(found).to_contain_text("bob")
    page.get_by_label("Text in step 1").fill("Buy now")
    expect(found).not_to_contain_text("bob")
    expect(found).to_contain_text("ada")
    page.get_by_role("button", name="Or another step").click()
    page.get_by_label("URL in step 2").fill("/pricing")
    expect(found).to_contain_text("eve")

    page.get_by_label("Name").fill("Wants to buy")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wants to buy")
    action = int(page.url.rsplit("/", 1)[1])
    where = f"SELECT distinct_id FROM events WHERE matchesAction({action}) ORDER BY distinct_id"
    assert own_project.sql(where) == [["ada"], ["eve"]]

    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No actions yet")).to_be_visible()
