"""The insight builder: what is chosen is in the address as the API takes it, and the answer follows."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject, new_project
from tests.product import Product

A = {"kind": "EventsNode", "event": "a", "name": "a"}
B = {"kind": "EventsNode", "event": "b", "name": "b"}


@pytest.fixture(scope="module")
def letters(product: Product) -> OwnProject:
    """Events a, b and c of two people and two teams."""
    project = new_project(product, "Letters")

    def sent(name: str, who: str, **properties: Any) -> dict[str, Any]:
        team = {"$groups": {"team": f"team of {who}"}, "$session_id": f"session of {who}"}
        return {"event": name, "distinct_id": who, "properties": team | properties}

    project.send(
        {"event": "$groupidentify", "distinct_id": "x", "properties": {"$group_type": "team", "$group_key": "red"}},
        sent("a", "ada", size=1, plan="pro"),
        sent("a", "bob", size=30, plan="free"),
        sent("b", "ada", size=5),
        sent("c", "bob", size=7),
    )
    return project


def open_insight(page: Page, project: OwnProject, query: dict[str, Any], form: str = "&form=table") -> None:
    page.goto(project.page(f"insight?q={quote(json.dumps(query))}{form}"))
    expect(page.get_by_label("Loading")).to_have_count(0)


def question(page: Page) -> dict[str, Any]:
    """The question in the address."""
    return json.loads(parse_qs(urlsplit(page.url).query)["q"][0])


def choose(page: Page, label: str, option: str) -> None:
    page.locator(f"input[aria-label='{label}']").click()
    page.get_by_role("option", name=option, exact=True).click()


def pick(page: Page, button: str, option: str, search: str = "") -> None:
    page.get_by_role("button", name=button, exact=True).click()
    if search:
        page.get_by_placeholder("Search", exact=True).last.fill(search)
    # What is typed is offered as SQL too, and at first alone: the names of properties come a moment later.
    named = page.get_by_role("option").filter(has=page.get_by_title(option, exact=True))
    named.filter(has_not_text="as an SQL expression").first.click()


def test_steps_are_optional_or_any_of_several_and_without_others(page: Page, letters: OwnProject) -> None:
    open_insight(page, letters, {"kind": "FunnelsQuery", "series": [A, B, A], "funnelsFilter": {}}, "")
    pick(page, "Step 2: or another event", "c")
    expect(page.get_by_text("b or c")).to_be_visible()
    page.get_by_role("switch", name="Step 2 is optional").click(force=True)
    pick(page, "Exclude an event: An event between steps", "$groupidentify")
    choose(page, "Exclusion 1 after step", "2. b or c")
    choose(page, "Counted", "Unique team")
    expect(page.get_by_role("button", name="The 2 who reached a").first).to_be_visible()
    asked = question(page)
    assert asked["series"][1] == {
        "kind": "GroupNode",
        "operator": "OR",
        "nodes": [B, {"kind": "EventsNode", "event": "c", "name": "c"}],
        "optionalInFunnel": True,
    }
    assert asked["aggregation_group_type_index"] == 0
    excluded = asked["funnelsFilter"]["exclusions"][0]
    assert (excluded["event"], excluded["funnelFromStep"], excluded["funnelToStep"]) == ("$groupidentify", 1, 2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("input[aria-label='Counted']")).to_have_value("Unique users")
    page.get_by_role("button", name="Redo").click()
    expect(page.locator("input[aria-label='Counted']")).to_have_value("Unique team")
    page.keyboard.press("Control+z")
    expect(page.locator("input[aria-label='Counted']")).to_have_value("Unique users")


def test_filters_are_groups_of_all_or_any(page: Page, letters: OwnProject) -> None:
    plan = {"key": "plan", "type": "event", "operator": "exact", "value": ["pro"]}
    open_insight(page, letters, {"kind": "TrendsQuery", "series": [A], "properties": [plan]})
    cell = page.get_by_role("row", name="a").get_by_role("cell").nth(1)
    expect(cell).to_have_text("1")
    page.get_by_role("button", name="Filters: add a group").click()
    group = page.get_by_role("group", name="Filters 1")
    group.get_by_role("button", name="Add a filter").click()
    page.get_by_role("textbox", name="Search: Add a filter").last.fill("toFloat(properties.size) > 20")
    page.get_by_role("option", name="as an SQL expression").click()
    expect(page.get_by_text("Nothing in this range").or_(cell)).to_be_visible()
    page.get_by_role("radiogroup", name="Filters: how they join").get_by_text("Any of").click()
    expect(cell).to_have_text("2")
    assert question(page)["properties"] == {
        "type": "OR",
        "values": [plan, {"type": "AND", "values": [{"key": "toFloat(properties.size) > 20", "type": "hogql"}]}],
    }


def test_several_breakdowns_bins_and_formulas(page: Page, letters: OwnProject) -> None:
    open_insight(page, letters, {"kind": "TrendsQuery", "series": [A, B]})
    pick(page, "Breakdown: Property", "size", "size")
    page.get_by_role("button", name="Options of the breakdown size").click()
    page.get_by_label("Bins").fill("2")
    page.keyboard.press("Escape")
    expect(page.get_by_role("row", name="a · 1 – 15.5")).to_be_visible()
    pick(page, "Breakdown: And", "plan", "plan")
    expect(page.get_by_role("row", name="pro")).to_be_visible()
    page.get_by_role("button", name="Formula", exact=True).click()
    page.get_by_role("textbox", name="Formula", exact=True).fill("A + B")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Name of formula 1").fill("Both")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="Both").or_(page.get_by_role("row", name="pro")).first).to_be_visible()
    asked = question(page)
    assert [one["property"] for one in asked["breakdownFilter"]["breakdowns"]] == ["size", "plan"]
    assert asked["trendsFilter"]["formulaNodes"] == [{"formula": "A + B", "custom_name": "Both"}]
    page.reload()
    expect(page.get_by_role("textbox", name="Name of formula 1")).to_have_value("Both")


@pytest.mark.parametrize(
    ("math", "total"),
    [("Unique team", "2"), ("Sum of property", "31"), ("SQL expression", "30"), ("Unique sessions", "2")],
)
def test_every_way_to_count(page: Page, letters: OwnProject, math: str, total: str) -> None:
    open_insight(page, letters, {"kind": "TrendsQuery", "series": [A]})
    choose(page, "Calculation of a", math)
    if math == "Sum of property":
        pick(page, "Property of a to calculate with: Choose a property", "size", "size")
    if math == "SQL expression":
        page.get_by_role("textbox", name="SQL expression of a").fill("max(toFloat(properties.size))")
        page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="a").get_by_role("cell").nth(1)).to_have_text(total)


def test_boxes_hours_and_samples(page: Page, letters: OwnProject) -> None:
    open_insight(page, letters, {"kind": "TrendsQuery", "series": [A], "dateRange": {"date_from": "-1d"}}, "")
    choose(page, "Display", "Box plot")
    expect(page.get_by_text("Choose the property to calculate with.")).to_be_visible()
    pick(page, "Property of a to calculate with: Choose a property", "size", "size")
    expect(page.get_by_label("Box plot of a - size").locator("canvas")).to_be_visible()
    form = page.get_by_role("radiogroup", name="Form")
    form.get_by_text("Table", exact=True).click()
    row = page.get_by_role("row", name="a - size").filter(has_text="30")
    expect(row.get_by_role("cell")).to_contain_text(["a - size", "", "30", "22.75", "15.5", "8.25", "1", "15.5"])
    form.get_by_text("Chart", exact=True).click()
    choose(page, "Display", "Heatmap")
    hours = page.get_by_role("region", name="Weekdays by hour")
    expect(hours.get_by_role("row").last.get_by_role("cell").last).to_have_text("2")
    assert question(page)["kind"] == "CalendarHeatmapQuery"
    choose(page, "Calculation of a", "Unique team")
    expect(hours.get_by_role("row").last.get_by_role("cell").last).to_have_text("2")
    choose(page, "Display", "Line")
    choose(page, "Sampling", "50% sample")
    expect(page.get_by_text("Estimated from 50% of the people: counts are scaled up")).to_be_visible()
    asked = question(page)
    assert (asked["kind"], asked["samplingFactor"]) == ("TrendsQuery", 0.5)
    choose(page, "Sampling", "Not sampled")
    expect(page.get_by_text("counts are scaled up")).to_have_count(0)


def test_what_goes_with_completing_a_funnel(page: Page, own_project: OwnProject) -> None:
    def sent(name: str, who: str, minute: int, **properties: Any) -> dict[str, Any]:
        at = f"{datetime.now(UTC) - timedelta(minutes=60 - minute):%Y-%m-%dT%H:%M:%SZ}"
        return {"event": name, "distinct_id": who, "timestamp": at, "properties": properties}

    happy, others = [f"happy {number}" for number in range(12)], [f"other {number}" for number in range(12)]
    own_project.send(
        *(sent("a", who, 0, **{"$set": {"plan": "pro" if who in happy else "free"}}) for who in happy + others),
        *(sent("c", who, 10) for who in [*happy[:11], others[0]]),
        *(sent("b", who, 20) for who in happy),
    )
    open_insight(page, own_project, {"kind": "FunnelsQuery", "series": [A, B], "funnelsFilter": {}}, "")
    panel = page.get_by_role("region", name="What goes with completing the funnel")
    expect(panel).to_have_count(0)
    page.get_by_text("Events", exact=True).click()
    row = panel.get_by_role("row").filter(has=page.get_by_role("cell", name="c", exact=True))
    expect(row).to_contain_text("as likely")
    row.get_by_role("button", name="people of c, dropped off").click()
    expect(page.get_by_role("dialog").get_by_role("link", name="other 0")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("Properties", exact=True).click()
    expect(panel.get_by_role("row").filter(has_text="plan = pro")).to_contain_text("as likely")
    expect(panel.get_by_role("row").filter(has_text="plan = free")).to_contain_text("less likely")


def test_a_question_is_cancelled_and_asked_again(page: Page, letters: OwnProject) -> None:
    held: list[Any] = []
    page.route("**/query/", lambda route: held.append(route))
    page.goto(letters.page(f"insight?q={quote(json.dumps({'kind': 'TrendsQuery', 'series': [A]}))}"))
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_text("Not computed")).to_be_visible()
    page.unroute("**/query/")
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_role("img", name="Chart of a")).to_be_visible()
    assert held


def test_an_annotation_is_made_from_a_point_and_seen_on_it(page: Page, letters: OwnProject) -> None:
    open_insight(page, letters, {"kind": "TrendsQuery", "series": [A], "dateRange": {"date_from": "-2d"}})
    page.get_by_role("button", name="people of a").last.click()
    page.get_by_role("button", name="Annotate this point").click()
    page.get_by_label("What happened").fill("Released <img src=x onerror=window.hacked=1>")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("list", name="Annotations")).to_contain_text("Released <img")
    page.get_by_role("radiogroup", name="Form").get_by_text("Chart").click()
    chart = page.get_by_role("img", name="Chart of a")
    expect(chart.locator("canvas")).to_be_visible()
    box = chart.bounding_box()
    assert box
    for step in range(5):  # the pointer comes from outside, as a person's does
        page.mouse.move(box["x"] + box["width"] - 60 + 8 * step, box["y"] + box["height"] / 2)
    expect(chart).to_contain_text("Released <img")
    assert page.evaluate("window.hacked") is None
    listed = letters.product.api("GET", f"/api/projects/{letters.id}/annotations/").body["results"]
    assert [one["scope"] for one in listed] == ["project"]


def test_paths_around_a_funnels_step_and_who_dropped_off(page: Page, letters: OwnProject) -> None:
    funnel = {"kind": "FunnelsQuery", "series": [A, B], "funnelsFilter": {}}
    open_insight(page, letters, funnel, "")
    page.get_by_role("button", name="Paths around b").click()
    page.get_by_role("menuitem", name="Paths between").click()
    expect(page.locator("input[aria-label='Step of the funnel']")).to_have_value("2. b")
    choose(page, "Part of the way", "After")
    choose(page, "Step of the funnel", "dropping off before 2. b")
    asked = question(page)["funnelPathsFilter"]
    assert (asked["funnelPathType"], asked["funnelStep"]) == ("funnel_path_after_step", -2)
    page.get_by_text("Table", exact=True).click()
    page.get_by_role("region", name="Places").get_by_role("button", name="people of a").click()
    page.get_by_text("Dropped off", exact=True).last.click()
    expect(page.get_by_role("dialog").get_by_text("Nobody")).to_be_visible()
    page.get_by_role("button", name="Leave it out").click()
    expect(page.get_by_text("No paths in this range")).to_be_visible()
    assert question(page)["pathsFilter"]["excludeEvents"] == ["a"]
    page.get_by_role("button", name="Open the funnel").click()
    expect(page.locator("input[aria-label='Order of steps']")).to_be_visible()
    assert question(page) == funnel


def test_rules_of_the_insight_and_of_the_project_clean_paths(page: Page, letters: OwnProject) -> None:
    paths = {"kind": "PathsQuery", "pathsFilter": {"includeEventTypes": ["custom_event"]}}
    open_insight(page, letters, paths)
    page.get_by_role("button", name="Cleaning rules").click()
    for at, (whose, regex, alias) in enumerate((("this insight", "^b$", "bee"), ("the project", "^c$", "sea"))):
        page.get_by_role("button", name="Add a rule").nth(at).click()
        page.get_by_label(f"Rule of {whose} 1: regular expression").fill(regex)
        page.get_by_label(f"Rule of {whose} 1: alias").fill(alias)
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_role("cell", name="bee").first).to_be_visible()
    expect(page.get_by_role("cell", name="c", exact=True).first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)  # while it closes it takes the click
    page.get_by_role("switch", name="Project's path cleaning").click(force=True)
    expect(page.get_by_role("cell", name="sea").first).to_be_visible()
