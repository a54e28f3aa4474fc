"""Saved insights: save, find, open by the short id, change, delete and take it back."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject


def test_save_open_change_delete_and_undo(page: Page, own_project: OwnProject) -> None:
    own_project.send({"event": "signed up", "distinct_id": "a"})
    page.goto(own_project.page('insight?q={"kind":"TrendsQuery","series":[{"kind":"EventsNode","event":"signed up"}]}'))
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Name").fill("Signups")
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/insights/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Signups")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()

    # A change lives in the address until it is saved; the short id alone then opens what was saved.
    page.get_by_role("tab", name="Lifecycle").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    address = page.url.split("?")[0]
    page.goto(address)
    expect(page.get_by_role("tab", name="Lifecycle")).to_have_attribute("aria-selected", "true")

    page.goto(own_project.page("insights"))
    page.get_by_role("button", name="Favourite: Signups").click()
    expect(page.get_by_role("button", name="Favourite: Signups")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Search insights").fill("nothing like it")
    expect(page.get_by_text("No insight matches")).to_be_visible()
    page.get_by_label("Search insights").fill("sign")
    page.get_by_role("button", name="Delete Signups").click()
    expect(page.get_by_role("link", name="Signups")).to_have_count(0)
    page.get_by_role("button", name="Undo", exact=True).click()
    page.get_by_role("link", name="Signups").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signups")


def test_changes_and_subscriptions_are_beside_the_insight(page: Page, own_project: OwnProject) -> None:
    query = {"kind": "InsightVizNode", "source": {"kind": "TrendsQuery", "series": [{"kind": "EventsNode"}]}}
    path = f"/api/projects/{own_project.id}/insights/"
    made = own_project.product.api("POST", path, {"name": "First", "query": query}).body
    own_project.product.api("PATCH", f"{path}{made['short_id']}/", {"name": "Second"})
    page.goto(own_project.page(f"insights/{made['short_id']}"))
    page.get_by_role("button", name="Changes and subscriptions").click()
    page.get_by_role("menuitem", name="Changes").click()
    expect(page.get_by_role("dialog").get_by_text("name: First → Second")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()

    page.get_by_role("button", name="Changes and subscriptions").click()
    page.get_by_role("menuitem", name="Subscriptions").click()
    expect(page.get_by_text("nothing is sent")).to_be_visible()
    page.get_by_role("button", name="New subscription").click()
    page.get_by_label("Addresses, separated by commas").fill("ada@example.com")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_text("email to ada@example.com, sent every week")).to_be_visible()
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("alert").get_by_text("No way of delivery")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nobody has subscribed")).to_be_visible()

    page.goto(own_project.page("changes?scope=Insight"))
    expect(page.get_by_role("link", name="Second")).to_be_visible()
