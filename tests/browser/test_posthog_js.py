"""posthog-js, as it ships, on a page of another origin: what a visitor does is what is stored."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import USER_AGENT, OwnProject, new_project
from tests.browser.site import serving
from tests.product import Product, wait_until

INIT = """<script src="{host}/static/array.js"></script>
<script>
  posthog.init("{token}", {
    api_host: "{host}", person_profiles: "always", autocapture: true, capture_pageleave: true,
    disable_session_recording: true, disable_surveys: true, opt_out_useragent_filter: true,
  })
</script>"""

EXPECTED = {"$pageview", "$autocapture", "$pageleave", "cart filled", "$identify", "after reset"}


@dataclass(frozen=True)
class Visit:
    """What was stored of one visit."""

    project: OwnProject
    anonymous_id: str

    def events(self, name: str) -> list[dict[str, Any]]:
        rows = self.project.sql(
            "SELECT distinct_id, person_id, elements_chain, properties FROM events WHERE event = {name} "
            "ORDER BY timestamp",
            name=name,
        )
        return [
            {"distinct_id": a, "person_id": b, "elements_chain": c, "properties": json.loads(d)} for a, b, c, d in rows
        ]


@pytest.fixture(scope="module")
def visit(browser: Browser, product: Product) -> Iterator[Visit]:
    project = new_project(product, "posthog-js")
    snippet = INIT.replace("{host}", product.url).replace("{token}", project.token)
    context = browser.new_context(user_agent=USER_AGENT)
    context.add_init_script("Object.defineProperty(navigator, 'webdriver', { get: () => false })")
    with serving(snippet) as address:
        page = context.new_page()
        page.goto(address + "?utm_source=newsletter")
        page.wait_for_function("window.posthog && window.posthog.__loaded")
        anonymous = page.evaluate("posthog.get_distinct_id()")
        page.click("#buy")
        page.click("#secret")
        page.fill("#name", "Ada")
        page.select_option("#size", "M")
        page.click("#send")
        page.evaluate(
            "posthog.capture('cart filled', { cart: { items: [{ sku: 'a', n: 2 }], total: 9.5 }, gift: true })"
        )
        page.evaluate("posthog.identify('ada@example.com', { plan: 'pro' })")
        page.evaluate("posthog.capture('signed in')")
        page.evaluate("posthog.reset()")
        page.evaluate("posthog.capture('after reset')")
        page.goto("about:blank")
        stored = lambda: {row[0] for row in project.sql("SELECT DISTINCT event FROM events")}  # noqa: E731
        wait_until(lambda: stored() >= EXPECTED, f"all of {sorted(EXPECTED)} are stored")
        yield Visit(project, anonymous)
    context.close()


def test_pageview_has_the_address_the_campaign_and_the_browser(visit: Visit) -> None:
    first = visit.events("$pageview")[0]
    assert first["distinct_id"] == visit.anonymous_id
    assert first["properties"]["utm_source"] == "newsletter"
    assert first["properties"]["$pathname"] == "/"
    assert first["properties"]["$lib"] == "web"
    assert first["properties"]["$browser"] == "Chrome"


def test_autocapture_of_a_click_a_change_and_a_form(visit: Visit) -> None:
    kinds = [event["properties"]["$event_type"] for event in visit.events("$autocapture")]
    assert {"click", "change", "submit"} <= set(kinds)
    chains = [event["elements_chain"] for event in visit.events("$autocapture")]
    assert any("Buy now" in chain and "button" in chain for chain in chains), chains


def test_no_capture_is_respected(visit: Visit) -> None:
    stored = visit.project.sql("SELECT elements_chain, properties FROM events WHERE event = '$autocapture'")
    assert not any("Secret" in text for row in stored for text in row)


def test_pageleave_is_sent_on_unload(visit: Visit) -> None:
    assert len(visit.events("$pageleave")) == 1


def test_nested_properties_arrive_as_they_were(visit: Visit) -> None:
    (event,) = visit.events("cart filled")
    assert event["properties"]["cart"] == {"items": [{"sku": "a", "n": 2}], "total": 9.5}
    assert event["properties"]["gift"] is True


def test_identify_makes_one_person_of_before_and_after(visit: Visit) -> None:
    (after,) = visit.events("signed in")
    assert after["distinct_id"] == "ada@example.com"
    assert visit.events("$pageview")[0]["person_id"] == after["person_id"]
    plan = visit.project.sql("SELECT DISTINCT person.properties.plan FROM events WHERE event = '$pageview'")
    assert plan == [["pro"]]


def test_reset_begins_a_new_person(visit: Visit) -> None:
    (event,) = visit.events("after reset")
    assert event["distinct_id"] not in {visit.anonymous_id, "ada@example.com"}
    assert event["person_id"] != visit.events("signed in")[0]["person_id"]
