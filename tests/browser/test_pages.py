"""Every page: no serious finding of axe, no sideways scroll on a phone, a title, and strangers' markup as text."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious_findings
from tests.browser.conftest import OwnProject, new_project
from tests.product import Product

MARKUP = '"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'

TRENDS = 'insight?q={"kind":"TrendsQuery","series":[{"kind":"EventsNode","event":null,"name":"All events"}]}'
FUNNEL = (
    'insight?q={"kind":"FunnelsQuery","series":[{"kind":"EventsNode","event":"a","name":"a"},'
    '{"kind":"EventsNode","event":"b","name":"b"}],"funnelsFilter":{}}'
)
RETENTION = (
    'insight?q={"kind":"RetentionQuery","retentionFilter":{"period":"Day","totalIntervals":5,'
    '"targetEntity":{"id":"a","name":"a","type":"events"},"returningEntity":{"id":"a","name":"a","type":"events"}}}'
)
CURVE = RETENTION.replace('"period"', '"display":"ActionsLineGraph","period"')
ACTIVATION = 'insight?q={"kind":"ActivationMetricQuery","dateRange":{"date_from":"-90d"},"activationFilter":{}}'

PAGES = {
    "start": "Send events",
    "activity": "Activity",
    "sql": "SQL",
    TRENDS: "Trends",
    FUNNEL: "Funnel",
    RETENTION: "Retention",
    CURVE: "Retention",
    ACTIVATION: "Activation",
    "insights": "Saved insights",
    "dashboards": "Dashboards",
    "persons": "Persons",
    "cohorts": "Cohorts",
    "cohorts/new": "New cohort",
    "groups": "Groups",
    "actions": "Actions",
    "actions/new": "New action",
    "definitions": "Definitions",
    "definitions?list=event": "Definitions",
    "warnings": "Ingestion warnings",
    "health": "Health",
    "usage": "Usage",
    "annotations": "Annotations",
    "changes": "Changes",
    "settings": "Settings",
    "settings/members": "Settings",
    "settings/keys": "Settings",
    "settings/account": "Settings",
    "settings/retention": "Settings",
    "settings/capture": "Settings",
    "settings/danger": "Settings",
    "web": "Web analytics",
}


@pytest.fixture(scope="module")
def stranger(product: Product) -> OwnProject:
    """A project into which somebody sent markup in every field."""
    project = new_project(product, MARKUP[:60])
    properties: dict[str, Any] = {
        MARKUP: MARKUP,
        "$current_url": MARKUP,
        "$pathname": MARKUP,
        "$lib": MARKUP,
        "$set": {MARKUP: MARKUP, "email": MARKUP, "name": MARKUP},
        "$groups": {"company": MARKUP},
        "nested": {MARKUP: [MARKUP]},
    }
    project.send(
        {"event": MARKUP, "distinct_id": MARKUP, "properties": properties},
        {"event": "a", "distinct_id": MARKUP, "properties": properties},
        {"event": "b", "distinct_id": MARKUP, "properties": properties},
    )
    return project


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, page: Page) -> Page:
    page.emulate_media(color_scheme=request.param, reduced_motion="reduce")
    return page


def open_page(page: Page, project: OwnProject, path: str) -> None:
    page.goto(project.page(path))
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[path])
    expect(page.get_by_label("Loading")).to_have_count(0, timeout=20_000)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(themed: Page, stranger: OwnProject, path: str) -> None:
    open_page(themed, stranger, path)
    assert serious_findings(themed) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_needs_no_sideways_scroll(page: Page, stranger: OwnProject, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, stranger, path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.title() == f"{PAGES[path]} · Leanbase"
    assert page.evaluate("window.hacked") is None  # every text there is: test_hostile_input.py
    assert page.locator("img[src=x]").count() == 0


def test_a_stranger_s_event_in_full_is_text(page: Page, stranger: OwnProject) -> None:
    open_page(page, stranger, "activity")
    page.get_by_role("button", name=MARKUP, exact=True).first.click()
    expect(page.get_by_role("dialog")).to_contain_text("onerror")
    assert page.evaluate("window.hacked") is None


def test_a_chart_s_tooltip_is_text(page: Page, stranger: OwnProject) -> None:
    page.goto(
        stranger.page(
            'insight?q={"kind":"TrendsQuery","series":[{"kind":"EventsNode","event":"a","name":"a"}],'
            '"breakdownFilter":{"breakdown":"$pathname","breakdown_type":"event"}}'
        )
    )
    chart = page.get_by_role("img", name="Chart of")
    expect(chart.locator("canvas")).to_be_visible()
    box = chart.bounding_box()
    assert box is not None
    for step in range(5):  # the pointer comes from outside, as a person's does
        page.mouse.move(box["x"] + box["width"] * 0.8 + 4 * step, box["y"] + box["height"] / 2)
    expect(chart).to_contain_text("onerror")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0


def test_a_deep_link_leads_back_after_signing_in(browser: Any, product: Product) -> None:
    context = browser.new_context(base_url=product.url)
    page = context.new_page()
    page.goto("/project/1/sql?q=SELECT%201")
    page.wait_for_url("**/login?next=**")
    page.get_by_label("E-mail").fill(product.email)
    page.locator("input[name=password]").fill(product.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/project/1/sql?q=SELECT%201")
    context.close()


def test_the_palette_and_keys_open_pages(page: Page, stranger: OwnProject) -> None:
    open_page(page, stranger, "health")
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Activity")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="Find").or_(page.get_by_role("textbox", name="Find"))).to_be_focused()
    page.keyboard.type("Settin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
