"""Markup and script in every text that people and SDKs can write, through every page that shows it: it stays text."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject, new_project
from tests.product import Product, wait_until

MARK = 'x"\'><img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload=window.hacked=1>'
LINK = f"javascript:window.hacked=1//{MARK}"
MARKDOWN = f"# {MARK}\n\n[click](javascript:window.hacked=1) ![x](javascript:window.hacked=1) <b>{MARK}</b>"

# What a page must not have got from a text: elements, and addresses that run.
FOREIGN = (
    '[...document.querySelectorAll(\'img[src=x], svg[onload], [onerror], [href^="javascript:" i], '
    "iframe, script:not([src])')].map((one) => one.outerHTML.slice(0, 200))"
)


TABS = ("events", "ids", "merges", "groups", "history")
PAGES = (
    "activity", "an event", "persons", "a person", *(f"a person's {tab}" for tab in TABS), "groups", "a group",
    "cohorts", "a cohort", "actions", "an action", "annotations", "definitions", "definitions of properties",
    "definitions of persons", "warnings", "health", "usage", "insights", "an insight", "dashboards", "a dashboard",
    "a shared dashboard", "web analytics", "sql", "start", "settings", "danger",
)  # fmt: skip
NUMBERS_ALONE = {"usage", "health", "warnings"}


@dataclass
class Written:
    """A project in which every text is hostile, and the pages that show it."""

    project: OwnProject
    pages: dict[str, str]


@pytest.fixture(scope="module")
def written(product: Product) -> Written:
    project = new_project(product, MARK[:80])
    of_web = ("$current_url", "$pathname", "$host", "$referrer", "$referring_domain", "$browser", "$os", "$device_type")
    campaign = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
    texts: dict[str, Any] = dict.fromkeys(
        (*of_web, *campaign, "$lib", "$lib_version", "$entry_current_url", MARK), MARK
    )
    element = {"tag_name": MARK, "$el_text": MARK, "attr__href": LINK, "attr__id": MARK, "classes": [MARK]}
    session = {"$session_id": "0199a6b0-0000-7000-8000-000000000001", "$window_id": MARK}
    event = {"distinct_id": MARK, "properties": {**texts, **session, "nested": {MARK: [LINK]}, "$groups": {MARK: MARK}}}
    person = {"$set": {"email": MARK, "name": MARK, MARK: LINK}}
    project.send(
        {**event, "event": MARK},
        {**event, "event": "$pageview", "properties": {**event["properties"], "$current_url": LINK}},
        {**event, "event": "$identify", "properties": {**texts, "$anon_distinct_id": LINK, **person}},
        {**event, "event": "$autocapture", "properties": {**texts, "$event_type": MARK, "$elements": [element]}},
        {
            "event": "$groupidentify",
            "distinct_id": MARK,
            "properties": {"$group_type": MARK, "$group_key": MARK, "$group_set": {"name": MARK, MARK: LINK}},
        },
    )
    # A warning and a drop that quote what was sent.
    body = [{"event": "$identify", "distinct_id": "null", "properties": {"$anon_distinct_id": MARK, MARK: MARK}}]
    assert product.capture(body, project.token).status == 200

    def made(path: str, body: dict[str, Any]) -> dict[str, Any]:
        reply = product.api("POST", f"/api/projects/{project.id}/{path}/", body)
        assert reply.status in {200, 201}, f"{path}: {reply.text}"
        return reply.body

    series = [{"kind": "EventsNode", "event": MARK, "name": MARK, "custom_name": MARK}]
    trend = {"kind": "TrendsQuery", "series": series, "breakdownFilter": {"breakdown": MARK, "breakdown_type": "event"}}
    words = {"name": MARK, "description": MARKDOWN, "tags": [MARK]}
    board = made("dashboards", words)
    insight = made("insights", {**words, "query": trend, "dashboards": [board["id"]]})
    made(f"dashboards/{board['id']}/create_text_tile", {"body": MARKDOWN})
    steps = [{"event": "$autocapture", "selector": MARK, "text": MARK, "href": LINK, "url": MARK}]
    action = made("actions", {**words, "steps": steps})
    filters = {"type": "AND", "values": [{"type": "person", "key": MARK, "value": [MARK], "operator": "exact"}]}
    cohort = made("cohorts", {"name": MARK, "filters": {"properties": filters}})
    made("annotations", {"content": MARKDOWN, "date_marker": "2026-03-07T09:05:00Z", "scope": "project"})
    shared = product.api("PATCH", f"/api/projects/{project.id}/dashboards/{board['id']}/sharing/", {"enabled": True})
    for kind in ("event_definitions", "property_definitions"):
        for row in product.api("GET", f"/api/projects/{project.id}/{kind}/").body["results"]:
            change = {"description": MARKDOWN, "tags": [MARK]}
            product.api("PATCH", f"/api/projects/{project.id}/{kind}/{row['id']}/", change)
    people: list[dict[str, Any]] = []

    def known() -> bool:
        people[:] = product.api("GET", f"/api/projects/{project.id}/persons/").body["results"]
        return bool(people)

    wait_until(known, "the person is known")
    uuid = project.sql("SELECT uuid FROM events WHERE event = {name}", name=MARK)[0][0]
    person_page = f"persons/{people[0]['uuid']}"
    sql = quote("SELECT event, distinct_id, properties FROM events -- " + MARK)
    pages = {
        "activity": "activity",
        "an event": f"activity?uuid={uuid}",
        "persons": f"persons?columns={quote(json.dumps(['email', MARK]))}",
        "a person": person_page,
        **{f"a person's {tab}": f"{person_page}?tab={tab}" for tab in TABS},
        "groups": "groups",
        "a group": f"groups/0/{quote(MARK, safe='')}",
        "cohorts": "cohorts",
        "a cohort": f"cohorts/{cohort['id']}",
        "actions": "actions",
        "an action": f"actions/{action['id']}",
        "annotations": "annotations",
        "definitions": "definitions",
        "definitions of properties": "definitions?list=event",
        "definitions of persons": "definitions?list=person",
        "warnings": "warnings",
        "health": "health",
        "usage": "usage",
        "insights": "insights",
        "an insight": f"insights/{insight['short_id']}",
        "dashboards": "dashboards",
        "a dashboard": f"dashboards/{board['id']}",
        "web analytics": "web",
        "sql": f"sql?q={sql}",
        "start": "start",
        "settings": "settings",
        "danger": "settings/danger",
    }
    assert shared.status == 200, shared.text
    link = f"/shared/{shared.body['access_token']}"
    known_pages = {name: project.page(path) for name, path in pages.items()} | {"a shared dashboard": link}
    assert set(known_pages) == set(PAGES)
    return Written(project, known_pages)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which no dialog opens; its console is watched by ``page`` itself."""
    dialogs: list[str] = []

    def note(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    yield page
    assert dialogs == []


def check(page: Page, name: str) -> None:
    assert page.evaluate("window.hacked") is None, name
    assert page.evaluate(FOREIGN) == [], name


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_it_as_text(watched: Page, written: Written, name: str) -> None:
    watched.goto(written.pages[name])
    expect(watched.get_by_role("heading", level=1)).to_be_visible()
    expect(watched.get_by_label("Loading")).to_have_count(0)
    if name not in NUMBERS_ALONE:  # the test means something only where the text is there to be seen
        expect(watched.locator("body")).to_contain_text("onerror")
    check(watched, name)


def test_menus_pickers_and_panels_show_it_as_text(watched: Page, written: Written) -> None:
    project = written.project
    watched.goto(project.page("definitions"))
    watched.get_by_role("button", name=MARK, exact=True).click()
    expect(watched.get_by_role("dialog")).to_contain_text("onerror")
    check(watched, "a definition")
    watched.goto(project.page("insight"))
    watched.get_by_role("button", name="Series A: ").click()
    expect(watched.get_by_role("option", name=MARK).first).to_be_visible()
    check(watched, "the picker of events")
    watched.keyboard.press("Escape")
    watched.keyboard.press("Control+k")
    watched.get_by_label("Find").fill("onerror")
    expect(watched.get_by_role("button", name="onerror").first).to_be_visible()
    check(watched, "the palette")
    watched.keyboard.press("Escape")
    watched.get_by_role("button", name="Project:").click()
    expect(watched.get_by_role("menuitem", name=MARK[:40]).first).to_be_visible()
    check(watched, "the list of projects")
