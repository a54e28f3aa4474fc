"""Every kind of chart: a point opens the people behind it, the numbers are a CSV, the chart a PNG, the question SQL."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OwnProject, new_project
from tests.product import Product

DAYS = 8  # of a range of -7d
YESTERDAY = DAYS - 2
LOOK = {"kind": "EventsNode", "event": "look", "name": "look"}
BUY = {"kind": "EventsNode", "event": "buy", "name": "buy"}
RANGE = {"dateRange": {"date_from": "-7d"}}

Click = Callable[[Page], None]


@pytest.fixture(scope="module")
def shop(product: Product) -> OwnProject:
    """Ada looks on two days and buys half an hour later; bob only looks, on the second day."""
    project = new_project(product, "Shop")
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)

    def sent(name: str, who: str, days: int, minutes: int = 0, **properties: Any) -> dict[str, Any]:
        at = noon - timedelta(days=days) + timedelta(minutes=minutes)
        brazil = {"$geoip_country_code": "BR", "$geoip_disable": True}
        return {"event": name, "distinct_id": who, "timestamp": at.isoformat(), "properties": brazil | properties}

    project.send(
        sent("look", "ada", 2),
        sent("look", "ada", 1),
        sent("buy", "ada", 1, 30),
        sent("look", "bob", 1),
        sent("$pageview", "ada", 1, 0, **{"$current_url": "https://shop.example/"}),
        sent("$pageview", "ada", 1, 5, **{"$current_url": "https://shop.example/pricing"}),
    )
    return project


def trends(display: str, **more: Any) -> dict[str, Any]:
    return {"kind": "TrendsQuery", "series": [LOOK], "trendsFilter": {"display": display}, **RANGE, **more}


def funnel(viz: str) -> dict[str, Any]:
    return {"kind": "FunnelsQuery", "series": [LOOK, BUY], "funnelsFilter": {"funnelVizType": viz}, **RANGE}


def retention(display: str) -> dict[str, Any]:
    entity = {"id": "look", "name": "look", "type": "events"}
    options = {"period": "Day", "totalIntervals": 4, "targetEntity": entity, "returningEntity": entity}
    return {"kind": "RetentionQuery", "retentionFilter": {**options, "display": display}}


def chart(page: Page) -> Locator:
    drawn = page.locator("div[role=img]")
    expect(drawn.locator("canvas")).to_be_visible()
    return drawn


def at(x: float, y: float) -> Click:
    """A click on the drawing, by shares of its width and height."""

    def click(page: Page) -> None:
        box = chart(page).bounding_box()
        assert box
        page.wait_for_timeout(250)  # milliseconds: a canvas is there before it is painted
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])

    return click


def bucket(number: int, y: float, of: int = DAYS, *, bars: bool) -> Click:
    """A click at an interval. Points of lines stand at the edges of the drawing, bars amid theirs."""
    return at(0.02 + 0.97 * ((number + 0.5) / of if bars else number / (of - 1)), y)


def button(name: str) -> Click:
    return lambda page: page.get_by_role("button", name=name).click()


def country(name: str) -> Click:
    """A click on a country: the pointer looks for its tooltip around where it must be."""

    def click(page: Page) -> None:
        box = chart(page).bounding_box()
        assert box
        for x in range(30, 46, 2):
            page.mouse.move(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * 0.62)
            page.wait_for_timeout(60)
            if chart(page).get_by_text(name).is_visible():
                page.mouse.click(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * 0.62)
                return
        raise AssertionError(f"{name} is nowhere on the map")

    return click


LIFECYCLE = {"kind": "LifecycleQuery", "series": [LOOK], **RANGE}
STICKINESS = {"kind": "StickinessQuery", "series": [LOOK], **RANGE}
PATHS = {"kind": "PathsQuery", "pathsFilter": {"includeEventTypes": ["$pageview"]}, **RANGE}
COUNTRIES = {"breakdown": "$geoip_country_code", "breakdown_type": "event"}

# What is asked, what is clicked, and who is found.
KINDS: dict[str, tuple[dict[str, Any], Click, list[str]]] = {
    "line": (trends("ActionsLineGraph"), bucket(YESTERDAY, 0.8, bars=False), ["ada", "bob"]),
    "area": (trends("ActionsAreaGraph"), bucket(YESTERDAY, 0.5, bars=False), ["ada", "bob"]),
    "cumulative": (trends("ActionsLineGraphCumulative"), bucket(YESTERDAY, 0.1, bars=False), ["ada", "bob"]),
    "bars": (trends("ActionsUnstackedBar"), bucket(YESTERDAY, 0.8, bars=True), ["ada", "bob"]),
    "stacked bars": (trends("ActionsBar"), bucket(YESTERDAY, 0.8, bars=True), ["ada", "bob"]),
    "totals as bars": (trends("ActionsBarValue"), at(0.5, 0.47), ["ada", "bob"]),
    "pie": (trends("ActionsPie"), lambda page: ring(page), ["ada", "bob"]),
    "number": (trends("BoldNumber"), button("3"), ["ada", "bob"]),
    "world map": (trends("WorldMap", breakdownFilter=COUNTRIES), country("Brazil"), ["ada", "bob"]),
    "table": (trends("ActionsTable"), button("3: people of look"), ["ada", "bob"]),
    "formula": (
        trends("ActionsLineGraph", series=[LOOK, BUY])
        | {"trendsFilter": {"formulaNodes": [{"formula": "A + B", "custom_name": "Both"}]}},
        lambda page: formula(page),
        ["ada"],
    ),
    "funnel step": (funnel("steps"), button("The 1 who reached buy"), ["ada"]),
    "funnel drop-off": (funnel("steps"), button("The 1 who did not reach buy"), ["bob"]),
    "conversion over time": (funnel("trends"), lambda page: dropped(page), ["bob"]),
    "time to convert": (funnel("time_to_convert"), bucket(0, 0.7, of=2, bars=True), ["ada"]),
    "retention": (retention("ActionsTable"), lambda page: came_back(page), ["ada"]),
    "retention curve": (retention("ActionsLineGraph"), bucket(1, 0.05, of=4, bars=False), ["ada"]),
    "path": (PATHS, at(0.45, 0.5), ["ada"]),
    "place of a path": (PATHS, lambda page: first_place(page), ["ada"]),
    "stickiness": (STICKINESS, bucket(1, 0.7, bars=True), ["ada"]),
    "lifecycle": (LIFECYCLE, bucket(YESTERDAY - 1, 0.4, bars=True), ["ada"]),
}


def ring(page: Page) -> None:
    box = chart(page).bounding_box()
    assert box
    at(0.5 + 0.315 * box["height"] / box["width"], 0.5)(page)


def formula(page: Page) -> None:
    bucket(YESTERDAY, 0.3, bars=False)(page)
    page.get_by_role("dialog").get_by_text("B: buy").click()


def dropped(page: Page) -> None:
    bucket(YESTERDAY, 0.3, bars=False)(page)
    page.get_by_role("dialog").get_by_text("Dropped off").click()


def came_back(page: Page) -> None:
    page.get_by_role("button", name="the 1 of").filter(has_text="100%").last.click()


def first_place(page: Page) -> None:
    box = chart(page).bounding_box()
    assert box
    at(9 / box["width"], 0.5)(page)


def open_insight(page: Page, project: OwnProject, query: dict[str, Any], form: str = "") -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(project.page(f"insight?q={quote(json.dumps(query))}{form}"))
    expect(page.get_by_label("Loading")).to_have_count(0)


def menu(page: Page, item: str) -> None:
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name=item).click()


@pytest.mark.parametrize("kind", KINDS)
def test_a_point_opens_its_people(page: Page, shop: OwnProject, kind: str) -> None:
    query, click, people = KINDS[kind]
    open_insight(page, shop, query)
    click(page)
    panel = page.get_by_role("dialog")
    for name in people:
        expect(panel.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(panel.get_by_role("link")).to_have_count(len(people))
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)

    with page.expect_download() as table:
        menu(page, "Download CSV")
    assert len(table.value.path().read_bytes().splitlines()) >= 2
    with page.expect_download() as picture:
        menu(page, "Download PNG")
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    assert picture.value.path().stat().st_size > 4_000
    menu(page, "Show SQL")
    expect(page.get_by_role("dialog")).to_contain_text("SELECT")


@pytest.mark.parametrize("kind", ["line", "conversion over time", "path", "stickiness"])
def test_a_number_of_the_table_opens_its_people(page: Page, shop: OwnProject, kind: str) -> None:
    """Whoever has no pointer, or does not see the chart, finds the same people."""
    query, _, _ = KINDS[kind]
    open_insight(page, shop, query, "&form=table")
    number = page.get_by_role("button", name="people of").last
    number.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("link", name="ada", exact=True)).to_be_visible()


def test_people_are_a_file_too(page: Page, shop: OwnProject) -> None:
    open_insight(page, shop, KINDS["number"][0])
    button("3")(page)
    with page.expect_download() as table:
        page.get_by_role("dialog").get_by_role("button", name="Download CSV").click()
    assert table.value.path().read_text().splitlines()[0] == "id,name,distinct_ids"
    assert "bob" in table.value.path().read_text()
