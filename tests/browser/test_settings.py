"""Settings: what is saved holds, invitations by link, and what cannot be undone needs the name typed."""

import json
import urllib.request

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OwnProject
from tests.product import Product


def test_switches_reach_the_sdks(page: Page, own_project: OwnProject, product: Product) -> None:
    page.goto(own_project.page("settings/capture"))
    expect(page.get_by_role("switch", name="Autocapture")).to_be_checked()
    page.get_by_role("switch", name="Autocapture").click()
    page.get_by_role("switch", name="Session replay").click()
    page.get_by_label("Sessions to record, in percent").fill("25")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    with urllib.request.urlopen(f"{product.url}/array/{own_project.token}/config") as answer:
        config = json.load(answer)
    assert config["autocapture_opt_out"] is True
    assert config["sessionRecording"]["sampleRate"] == "0.25"
    page.reload()
    expect(page.get_by_role("switch", name="Autocapture")).not_to_be_checked()


def test_groups_and_elements_get_names_of_the_project(page: Page, own_project: OwnProject, product: Product) -> None:
    own_project.send({"event": "seen", "distinct_id": "a", "properties": {"$groups": {"firm": "acme"}}})
    page.goto(own_project.page("settings/project"))
    page.get_by_label("Several of firm").fill("Firms & co")
    page.get_by_role("button", name="Save the names").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.goto(own_project.page("groups"))
    expect(page.get_by_text("Firms & co")).to_be_visible()
    page.goto(own_project.page("settings/capture"))
    page.get_by_role("combobox", name="Data attributes").fill("data-part")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    settings = product.api("GET", f"/api/projects/{own_project.id}/").body
    assert settings["data_attributes"] == ["data-attr", "data-part"]


def test_paths_that_rules_make_the_same_are_one_page(page: Page, own_project: OwnProject) -> None:
    session = "01927b6e-3c00-7000-8000-000000000001"
    path = {"$session_id": session, "$host": "notes.example"}
    seen = {"$prev_pageview_pathname": "/notes/1", "$prev_pageview_max_scroll_percentage": 0.5}
    far = {"$prev_pageview_max_content_percentage": 0.9}
    own_project.send(
        {"event": "$pageview", "distinct_id": "a", "properties": path | {"$pathname": "/notes/1"}},
        {"event": "$pageview", "distinct_id": "a", "properties": path | seen | far | {"$pathname": "/notes/2"}},
    )
    page.goto(own_project.page("settings/project"))
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_label("Rule of the project 1: regular expression").fill("/notes/[0-9]+")
    page.get_by_label("Rule of the project 1: alias").fill("/notes/<id>")
    page.get_by_role("button", name="Save the rules").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.goto(own_project.page("web"))
    expect(page.get_by_role("button", name="/notes/1")).to_be_visible()
    page.get_by_role("switch", name="Path cleaning").click(force=True)
    page.get_by_role("switch", name="Scroll depth").click(force=True)
    row = page.get_by_role("row").filter(has_text="/notes/<id>")
    expect(row.get_by_role("cell")).to_have_text(["1", "2", "0%", "50%", "100%"])
    expect(page.get_by_role("button", name="/notes/1")).to_have_count(0)
    row.get_by_role("button", name="/notes/<id>").click()
    expect(page.get_by_text("is, as a cleaned path /notes/<id>")).to_be_visible()
    expect(row.get_by_role("cell").nth(1)).to_have_text("2")


def test_an_invitation_is_a_link(page: Page, browser: Browser, own_project: OwnProject, product: Product) -> None:
    page.goto(own_project.page("settings/members"))
    page.get_by_label("E-mail of whom to invite").fill("grace@example.com")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_role("status").locator("code").inner_text()
    assert link.startswith(f"{product.url}/invite/")
    guests = browser.new_context(base_url=product.url)
    guest = guests.new_page()
    guest.goto(link)
    guest.get_by_label("Name").fill("Grace <b>Hopper</b>")
    guest.get_by_label("New password").fill("a long password")
    guest.get_by_role("button", name="Join").click()
    guest.wait_for_url("**/project/**")
    guest.goto(link)
    expect(guest.get_by_role("alert")).to_contain_text("Ask for a new one")
    guests.close()
    page.reload()
    row = page.get_by_role("row", name="grace@example.com")
    expect(row).to_contain_text("Grace <b>Hopper</b>")
    page.once("dialog", lambda asked: asked.accept())
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)


def test_limits_show_what_they_would_remove(page: Page, own_project: OwnProject) -> None:
    own_project.send(
        {"event": "old", "distinct_id": "ada", "timestamp": "2024-01-01T00:00:00Z"},
        {"event": "new", "distinct_id": "ada"},
    )
    page.goto(own_project.page("settings/retention"))
    expect(page.get_by_text("Nothing is beyond these limits")).to_be_visible()
    page.get_by_label("Days to keep").fill("30")
    expect(page.get_by_text("1 events")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Remove them now").click()
    expect(page.get_by_text("Nothing is beyond these limits")).to_be_visible()
    assert own_project.sql("SELECT event FROM events") == [["new"]]
    page.goto(own_project.page("health"))
    page.get_by_text("retention by age").click()
    expect(page.get_by_text("older than the days that the project keeps")).to_be_visible()


def test_deleting_a_project_needs_its_name(page: Page, own_project: OwnProject, product: Product) -> None:
    page.goto(own_project.page("settings/danger"))
    delete = page.get_by_role("button", name="Delete the project")
    expect(delete).to_be_disabled()
    page.get_by_label("delete the project").fill("something else")
    expect(delete).to_be_disabled()
    page.get_by_label("delete the project").fill("test_deleting_a_project_needs_its_name")
    delete.click()
    page.wait_for_url(lambda url: f"/project/{own_project.id}/" not in url)
    assert product.api("GET", f"/api/projects/{own_project.id}/").status == 404
