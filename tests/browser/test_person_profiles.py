"""posthog-js with each of its ``person_profiles``: who becomes a person, and which events are anonymous."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import USER_AGENT, new_project
from tests.browser.site import serving
from tests.product import Product, wait_until

INIT = """<script src="{host}/static/array.js"></script>
<script>
  posthog.init("{token}", {
    api_host: "{host}", person_profiles: "{profiles}", autocapture: false, capture_pageleave: false,
    request_queue_config: { flush_interval_ms: 250 },
    disable_session_recording: true, disable_surveys: true, opt_out_useragent_filter: true,
  })
</script>"""

STORED = (
    "SELECT event, person_mode, person_id, toString(properties.$process_person_profile) FROM events "
    "WHERE event IN ('$pageview', 'looked', '$identify', 'bought') "
    "ORDER BY timestamp, event = 'bought', event = '$identify', event = 'looked'"
)

ANONYMOUS, FULL = "propertyless", "full"


@pytest.mark.parametrize(
    ("profiles", "modes", "persons"),
    [
        ("identified_only", [ANONYMOUS, ANONYMOUS, FULL, FULL], 1),
        ("always", [FULL, FULL, FULL, FULL], 1),
        ("never", [ANONYMOUS, ANONYMOUS, ANONYMOUS], 0),  # posthog-js then sends no $identify
    ],
)
def test_who_becomes_a_person(
    browser: Browser, product: Product, profiles: str, modes: list[str], persons: int
) -> None:
    project = new_project(product, f"profiles {profiles}")
    snippet = INIT.replace("{host}", product.url).replace("{token}", project.token).replace("{profiles}", profiles)
    context = browser.new_context(user_agent=USER_AGENT)
    context.add_init_script("Object.defineProperty(navigator, 'webdriver', { get: () => false })")
    with serving(snippet) as address:
        page = context.new_page()
        page.goto(address)
        page.wait_for_function("window.posthog && window.posthog.__loaded")
        page.evaluate("posthog.capture('looked', { $set: { seen: 1 } })")
        page.evaluate("posthog.identify('ada@example.com', { plan: 'pro' })")
        page.evaluate("posthog.capture('bought')")
        # The page stays open: a browser that leaves may drop what it was about to send.
        wait_until(lambda: len(project.sql(STORED)) >= len(modes), f"{len(modes)} events are stored")
    context.close()
    found = project.sql(STORED)
    names = ["$pageview", "looked", "$identify", "bought"] if persons else ["$pageview", "looked", "bought"]
    assert [(name, mode) for name, mode, _, _ in found] == list(zip(names, modes, strict=True))
    assert {flag for _, mode, _, flag in found if mode == ANONYMOUS} <= {"false"}
    known = project.sql("SELECT id, is_identified, properties.plan, properties.seen FROM persons")
    assert len(known) == persons
    if persons:
        # The anonymous visitor and the known user are one, also for what came before.
        assert {person_id for _, _, person_id, _ in found} == {known[0][0]}
        assert known[0][1:3] == [True, "pro"]
        assert (known[0][3] is None) == (profiles == "identified_only")  # what an anonymous event sets is nobody's
