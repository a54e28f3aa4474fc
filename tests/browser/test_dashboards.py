"""Dashboards: made of a template, arranged by hand and by keys, filtered, and shared by a secret link."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import serious_findings
from tests.browser.conftest import OwnProject, new_project
from tests.browser.test_pages import MARKUP
from tests.product import Product


@pytest.fixture(scope="module")
def site(product: Product) -> OwnProject:
    """A project with visitors from two countries."""
    project = new_project(product, "Site")
    visits = [("ada", "/", "DE"), ("ada", "/pricing", "DE"), ("bob", "/", "BR"), ("eve", "/docs", "DE")]
    project.send(
        *(
            {
                "event": "$pageview",
                "distinct_id": who,
                "properties": {"$pathname": path, "$geoip_country_code": country, "$geoip_disable": True},
            }
            for who, path, country in visits
        )
    )
    return project


def board_of(project: OwnProject, **body: Any) -> int:
    reply = project.product.api("POST", f"/api/projects/{project.id}/dashboards/", body)
    assert reply.status == 201, reply.text
    return int(reply.body["id"])


def trend(event: str, **more: Any) -> dict[str, Any]:
    series = [{"kind": "EventsNode", "event": event, "name": event}]
    source = {"kind": "TrendsQuery", "series": series, "dateRange": {"date_from": "-7d"}, **more}
    return {"kind": "InsightVizNode", "source": source}


def with_insights(project: OwnProject, *names: str, **more: Any) -> int:
    """A dashboard of one insight for each name, each a number."""
    board = board_of(project, name="Board")
    for name in names:
        body = {
            "name": name,
            "query": trend("$pageview", trendsFilter={"display": "BoldNumber"}, **more),
            "dashboards": [board],
        }
        assert project.product.api("POST", f"/api/projects/{project.id}/insights/", body).status == 201
    return board


def tile(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def places(project: OwnProject, board: int) -> dict[str, dict[str, int]]:
    """Where the tiles are, as stored, by the names of their insights."""
    reply = project.product.api("GET", f"/api/projects/{project.id}/dashboards/{board}/")
    return {one["insight"]["name"]: one["layouts"].get("sm") for one in reply.body["tiles"] if one["insight"]}


def test_a_template_makes_a_dashboard_with_a_map(page: Page, site: OwnProject) -> None:
    page.goto(site.page("dashboards"))
    page.get_by_role("button", name="New dashboard").first.click()
    page.get_by_role("button", name="Web analytics").click()
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url("**/dashboards/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Web analytics")
    expect(tile(page, "Visitors")).to_contain_text("3")
    expect(tile(page, "Countries").get_by_role("img", name="Map of Visitors, by country")).to_be_visible()
    expect(page.get_by_label("Loading")).to_have_count(0)
    assert serious_findings(page) == []


def test_a_tile_is_dragged_and_resized_and_stays_there(page: Page, site: OwnProject) -> None:
    board = with_insights(site, "First", "Second")
    page.goto(site.page(f"dashboards/{board}"))
    expect(tile(page, "Second")).to_contain_text("4")
    expect(tile(page, "First")).to_contain_text("4")
    first, second = tile(page, "First").bounding_box(), tile(page, "Second").bounding_box()
    assert first and second and second["x"] > first["x"] and second["y"] == first["y"]

    page.mouse.move(second["x"] + second["width"] / 2, second["y"] + 18)
    page.mouse.down()
    page.mouse.move(second["x"] + second["width"] / 2 - 200, second["y"] + 20, steps=4)
    page.mouse.move(first["x"] + second["width"] / 2, first["y"] + 18, steps=4)
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.mouse.up()
    assert places(site, board) == {
        "Second": {"x": 0, "y": 0, "w": 6, "h": 5},
        "First": {"x": 0, "y": 5, "w": 6, "h": 5},
    }

    box = tile(page, "Second").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 6, box["y"] + box["height"] - 6)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 2, box["y"] + box["height"] - 6 + 74, steps=5)
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.mouse.up()
    page.reload()
    expect(tile(page, "Second")).to_contain_text("4")
    assert places(site, board)["Second"] == {"x": 0, "y": 0, "w": 12, "h": 6}
    wide = tile(page, "Second").bounding_box()
    assert wide and wide["width"] > 1.9 * box["width"]


def test_a_tile_is_moved_by_keys(page: Page, site: OwnProject) -> None:
    board = with_insights(site, "First", "Second")
    page.goto(site.page(f"dashboards/{board}"))
    handle = page.get_by_role("button", name="Move First: arrow keys")
    handle.focus()
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.keyboard.press("Shift+ArrowLeft")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.keyboard.press("Shift+ArrowDown")
    assert places(site, board)["First"] == {"x": 0, "y": 0, "w": 5, "h": 6}
    expect(handle).to_be_focused()


def test_filters_lie_over_all_tiles_and_can_be_kept(page: Page, site: OwnProject) -> None:
    board = with_insights(site, "Views")
    page.goto(site.page(f"dashboards/{board}"))
    expect(tile(page, "Views")).to_contain_text("4")
    filters = '{"properties":[{"key":"$geoip_country_code","type":"event","operator":"exact","value":["BR"]}]}'
    page.goto(site.page(f"dashboards/{board}?filters={filters}"))
    expect(tile(page, "Views").get_by_text("1", exact=True)).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name="Keep for everybody").click()
    page.goto(site.page(f"dashboards/{board}"))
    expect(tile(page, "Views").get_by_text("1", exact=True)).to_be_visible()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(tile(page, "Views").get_by_text("4", exact=True)).to_be_visible()


def test_texts_are_written_changed_and_taken_off(page: Page, site: OwnProject) -> None:
    board = board_of(site, name="Texts")
    page.goto(site.page(f"dashboards/{board}"))
    page.get_by_role("button", name="Add text").click()
    page.get_by_role("textbox", name="Text").fill(f"# Read me\n{MARKUP} **bold**")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(tile(page, "Text").get_by_role("heading", name="Read me")).to_be_visible()
    expect(tile(page, "Text")).to_contain_text("onerror")
    assert page.evaluate("window.hacked") is None
    page.get_by_role("button", name="More of Text").click()
    page.get_by_role("menuitem", name="Edit").click()
    page.get_by_role("textbox", name="Text").fill("Changed")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(tile(page, "Text")).to_have_text("Changed")
    page.get_by_role("button", name="More of Text").click()
    page.get_by_role("menuitem", name="Take off this dashboard").click()
    expect(page.get_by_text("This dashboard is empty")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(tile(page, "Text")).to_have_text("Changed")


def test_a_secret_link_shows_the_dashboard_to_anybody_until_it_is_switched_off(
    page: Page, browser: Browser, site: OwnProject
) -> None:
    board = with_insights(site, "Views")
    page.goto(site.page(f"dashboards/{board}"))
    page.get_by_role("button", name="Share").click()
    switch = page.get_by_role("switch", name="Whoever has the link")
    switch.click(force=True)
    link = page.get_by_label("Link", exact=True).input_value()
    assert "/shared/" in link

    context = browser.new_context(base_url=site.product.url)
    guest = context.new_page()
    asked: list[str] = []
    guest.on("request", lambda request: asked.append(request.url))
    guest.goto(link)
    expect(guest.get_by_role("heading", level=1)).to_have_text("Board")
    expect(tile(guest, "Views")).to_contain_text("4")
    expect(guest.get_by_role("navigation")).to_have_count(0)
    assert serious_findings(guest) == []
    api = {url for url in asked if "/api/" in url}
    assert api == {f"{site.product.url}/api/shared/{link.rsplit('/', 1)[1]}/"}
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        switch.click(force=True)
    guest.reload()
    expect(guest.get_by_text("This link is not valid any more.")).to_be_visible()
    context.close()
