"""How charts look, compared with stored pictures: light, one width, made events of a fixed week."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject, new_project
from tests.browser.pictures import check_picture
from tests.product import Product

WEEK = {"dateRange": {"date_from": "2026-01-05", "date_to": "2026-01-12"}}
VIEW = {"kind": "EventsNode", "event": "viewed", "name": "viewed"}
BUY = {"kind": "EventsNode", "event": "bought", "name": "bought"}
PLAN = {"breakdownFilter": {"breakdown": "plan", "breakdown_type": "event"}}
PLANS = ("free", "team", "enterprise with a long name")
COUNTRIES = ("DE", "BR", "US", "IN", "AU")


def event(name: str, who: int, day: int, minute: int, **properties: Any) -> dict[str, Any]:
    place = {"$geoip_country_code": COUNTRIES[who % 5], "$geoip_disable": True, "plan": PLANS[who % 3]}
    at = f"2026-01-{5 + day:02}T{9 + minute // 60:02}:{minute % 60:02}:00Z"
    return {"event": name, "distinct_id": f"person {who}", "timestamp": at, "properties": place | properties}


@pytest.fixture(scope="module")
def week(product: Product) -> OwnProject:
    """Forty people, of whom fewer come every day, and fewer still buy."""
    project = new_project(product, "Pictures")
    sent: list[dict[str, Any]] = []
    for who in range(40):
        for day in range(8):
            if (who * 7 + day * 3) % (4 + day) > 3:
                continue
            sent.append(event("viewed", who, day, who))
            for step, path in enumerate(("/", "/pricing", "/buy")[: 1 + (who + day) % 3]):
                url = {"$current_url": f"https://shop.example{path}"}
                sent.append(event("$pageview", who, day, who + 2 * step, **url))
            if (who + day) % 3 == 2:
                sent.append(event("bought", who, day, who + 5 + 2 * who, amount=10 * (who % 4)))
    project.send(*sent)
    note = {"content": "Released 2", "date_marker": "2026-01-08T10:00:00Z"}
    assert product.api("POST", f"/api/projects/{project.id}/annotations/", note).status == 201
    return project


def trends(display: str, **more: Any) -> dict[str, Any]:
    return {"kind": "TrendsQuery", "series": [VIEW, BUY], "trendsFilter": {"display": display}, **WEEK, **more}


def funnel(viz: str, **more: Any) -> dict[str, Any]:
    return {"kind": "FunnelsQuery", "series": [VIEW, BUY], "funnelsFilter": {"funnelVizType": viz}, **WEEK, **more}


ENTITIES = {
    "targetEntity": {"id": "viewed", "name": "viewed", "type": "events"},
    "returningEntity": {"id": "viewed", "name": "viewed", "type": "events"},
}

CHARTS: dict[str, dict[str, Any]] = {
    "line": trends("ActionsLineGraph"),
    "stacked": trends("ActionsBar", series=[VIEW], **PLAN),
    "pie": trends("ActionsPie", series=[VIEW], **PLAN),
    "map": trends(
        "WorldMap",
        series=[VIEW],
        breakdownFilter={"breakdown": "$geoip_country_code", "breakdown_type": "event", "breakdown_limit": 300},
    ),
    "funnel": funnel("steps", **PLAN),
    "conversion": funnel("trends"),
    "retention": {"kind": "RetentionQuery", "retentionFilter": {"totalIntervals": 8, **ENTITIES}, **WEEK},
    "paths": {"kind": "PathsQuery", "pathsFilter": {"includeEventTypes": ["$pageview"]}, **WEEK},
    "lifecycle": {"kind": "LifecycleQuery", "series": [VIEW], **WEEK},
    "stickiness": {"kind": "StickinessQuery", "series": [VIEW], **WEEK},
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_looks_as_it_did(page: Page, week: OwnProject, name: str) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.goto(week.page(f"insight?q={quote(json.dumps(CHARTS[name]))}"))
    expect(page.get_by_text("Computed")).to_be_visible()
    if name not in ("funnel", "retention"):
        expect(page.locator("[data-chart=drawn] canvas")).to_be_visible()
    page.mouse.move(0, 0)
    check_picture(page, name, [page.locator("footer"), page.get_by_role("navigation")])
