"""The main job of the web app: an event arrives, is seen, and is counted."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject


def event(name: str, distinct_id: str = "ada", **properties: Any) -> dict[str, Any]:
    return {"event": name, "distinct_id": distinct_id, "properties": properties}


def run_sql(page: Page, text: str) -> None:
    editor = page.get_by_role("textbox", name="SQL")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")


def test_first_run_turns_green_when_the_first_event_arrives(page: Page, own_project: OwnProject) -> None:
    page.goto(own_project.page(""))
    page.wait_for_url("**/start")
    expect(page.get_by_text("Waiting for the first event.")).to_be_visible()
    expect(page.get_by_text(own_project.token).first).to_be_visible()
    own_project.send(event("hello leanbase"))
    expect(page.get_by_text("Events are arriving.")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("hello leanbase").first).to_be_visible()


def test_every_snippet_holds_the_key(page: Page, own_project: OwnProject) -> None:
    page.goto(own_project.page("start"))
    tabs = page.get_by_role("tab")
    expect(tabs.first).to_be_visible()
    assert {"Python", "Node", "Go", "PHP"} <= set(tabs.all_inner_texts())
    for tab in tabs.all():
        tab.click()
        expect(page.get_by_role("tabpanel")).to_contain_text(own_project.token)


def test_activity_shows_new_events_by_itself_and_one_in_full(page: Page, own_project: OwnProject) -> None:
    own_project.send(event("first"))
    page.goto(own_project.page("activity"))
    expect(page.get_by_role("button", name="first", exact=True)).to_be_visible()
    own_project.send(event("second", plan="pro", nested={"deep": [1, 2]}))
    page.get_by_role("button", name="second", exact=True).click(timeout=15_000)
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("plan")
    expect(panel).to_contain_text('"deep"')
    assert "uuid=" in page.url


def test_activity_is_still_while_paused(page: Page, own_project: OwnProject) -> None:
    own_project.send(event("before"))
    page.goto(own_project.page("activity"))
    expect(page.get_by_role("button", name="before", exact=True)).to_be_visible()
    page.get_by_role("button", name="Pause", exact=True).click()
    own_project.send(event("meanwhile"))
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    assert page.get_by_role("button", name="meanwhile", exact=True).count() == 0
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="meanwhile", exact=True)).to_be_visible(timeout=15_000)


def test_activity_filters_by_event_and_person(page: Page, own_project: OwnProject) -> None:
    own_project.send(event("kept", "ada"), event("kept", "bob"), event("other", "ada"))
    page.goto(own_project.page("activity?event=kept&person=ada"))
    expect(page.get_by_role("button", name="kept", exact=True)).to_have_count(1)
    assert page.get_by_role("button", name="other", exact=True).count() == 0


def test_sql_counts_and_says_what_it_read(page: Page, own_project: OwnProject) -> None:
    own_project.send(*(event("bought", f"person {at}", amount=at) for at in range(5)))
    page.goto(own_project.page("sql"))
    run_sql(page, "SELECT event, count() AS n, sum(toFloat(properties.amount)) AS total FROM events GROUP BY event")
    table = page.get_by_role("table", name="Result")
    expect(table.get_by_role("cell", name="bought")).to_be_visible()
    expect(table.get_by_role("cell", name="5", exact=True)).to_be_visible()
    expect(page.get_by_text("1 row", exact=False).first).to_be_visible()
    expect(page.get_by_text("rows read")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert download.value.path().read_bytes() == b"event,n,total\r\nbought,5,10"


def test_sql_says_where_it_is_wrong(page: Page, own_project: OwnProject) -> None:
    page.goto(own_project.page("sql"))
    run_sql(page, "SELECT evnt FROM events")
    expect(page.get_by_role("alert")).to_contain_text("line 1, column 8")


def test_sql_completes_properties_that_were_seen(page: Page, own_project: OwnProject) -> None:
    own_project.send(event("bought", favourite_colour="blue"))
    page.goto(own_project.page("sql"))
    editor = page.get_by_role("textbox", name="SQL")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT properties.favo")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("favourite_colour")


def test_insight_is_a_link_and_back_is_an_undo(page: Page, own_project: OwnProject) -> None:
    own_project.send(event("bought", "ada"), event("bought", "ada"), event("bought", "bob"))
    page.goto(own_project.page("insight"))
    page.get_by_role("button", name="Series A: $pageview").click()
    page.get_by_role("option", name="bought").click()
    page.get_by_role("radiogroup", name="Form").get_by_text("Table").click()
    row = page.get_by_role("row", name="bought")
    expect(row.get_by_role("cell").nth(1)).to_have_text("3")
    page.locator("input[aria-label='Calculation of bought']").click()
    page.get_by_role("option", name="Unique users").click()
    expect(row.get_by_role("cell").nth(1)).to_have_text("2")
    page.reload()
    expect(page.locator("input[aria-label='Calculation of bought']")).to_have_value("Unique users")
    page.go_back()
    expect(page.locator("input[aria-label='Calculation of bought']")).to_have_value("Total count")


def test_signing_out_ends_the_session(browser: Any, product: Any) -> None:
    context = browser.new_context(base_url=product.url)
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("E-mail").fill(product.email)
    page.locator("input[name=password]").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.locator("input[name=password]").fill(product.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/project/**")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url("**/login*")
    page.goto("/")
    page.wait_for_url("**/login*")
    context.close()
