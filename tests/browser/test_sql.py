"""The SQL page: tabs that stay, saved questions, history, placeholders, a chart of the result."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject


def editor(page: Page):
    return page.get_by_role("textbox", name="SQL").locator("visible=true")


def write(page: Page, text: str) -> None:
    expect(editor(page)).to_be_visible()
    editor(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_a_question_is_charted_saved_and_found_again(page: Page, own_project: OwnProject) -> None:
    own_project.send(*[{"event": name, "distinct_id": "ada"} for name in ("buy", "buy", "sell")])
    page.goto(own_project.page("sql"))
    write(page, "SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("2 rows", exact=True)).to_be_visible()
    page.get_by_text("Bars", exact=True).click()
    expect(page.get_by_role("img", name="Result as a chart")).to_be_visible()

    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Name").fill("What sells <b>")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("tab", name="What sells <b>")).to_be_visible()
    page.get_by_role("button", name="Close What sells <b>").click()
    page.get_by_role("button", name="Saved", exact=True).click()
    page.get_by_role("menuitem", name="What sells <b>").click()
    expect(editor(page)).to_contain_text("GROUP BY event")
    page.get_by_role("button", name="History").click()
    expect(page.get_by_role("menuitem").first).to_contain_text("GROUP BY event")


def test_tabs_stay_and_placeholders_take_values(page: Page, own_project: OwnProject) -> None:
    own_project.send({"event": "it's", "distinct_id": "ada"})
    page.goto(own_project.page("sql"))
    page.get_by_role("button", name="New tab").click()
    write(page, "SELECT count() FROM events WHERE event = {name}")
    page.get_by_label("Value of name").fill("it's")
    page.get_by_role("button", name="Run").locator("visible=true").click()
    expect(page.get_by_role("tabpanel").locator("visible=true").get_by_text("1 row", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("tab")).to_have_count(2)
    expect(editor(page)).to_contain_text("{name}")
    page.get_by_role("button", name="Close Query 2").click()
    expect(page.get_by_role("tab")).to_have_count(1)
