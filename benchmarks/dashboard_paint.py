"""How soon a dashboard of twelve tiles over the demo project is painted: from the navigation to the last tile.

    python -m benchmarks.dashboard_paint [repeats]

Loads the demo into a temporary folder (a minute), saves twelve insights of all kinds on one dashboard, and opens it in
headless Chromium with a warm browser cache: once as it is opened again (the server still has the answers), and once
under a date range that was never asked for, so that all twelve are computed. A tile is painted when its chart says that
it is drawn to the end, or, of tiles without a chart, when nothing is loading any more. Needs a built web app.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

from playwright.sync_api import BrowserContext, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.product import Product, wait_until

REPEATS = 7
DEMO_SECONDS = 600.0
VIEWPORT = {"width": 1440, "height": 900}  # a tall board: most tiles are below the fold, and count all the same
DEMO = "/api/organizations/@current/demo/"

# Asked for in every frame, so that it is exact to a frame; long tasks are those of 50 ms and more.
WATCH = """
window.tasks = [];
new PerformanceObserver(list => tasks.push(...list.getEntries().map(entry => entry.duration)))
  .observe({type: 'longtask', buffered: true});
const look = () => {
  const tiles = document.querySelectorAll('[data-tile]');
  const waiting = document.querySelector('[data-tile] [aria-label=Loading], [data-tile] [data-stale]');
  const charts = [...document.querySelectorAll('[data-tile] [data-chart]')];
  if (tiles.length === TILES && !waiting && charts.every(chart => chart.dataset.chart === 'drawn')) {
    window.painted = performance.now();
  } else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
SEEN = """() => ({
  painted: window.painted,
  tasks: window.tasks.reduce((sum, one) => sum + one, 0),
  requests: performance.getEntriesByType('resource').length,
  asked: performance.getEntriesByType('resource').filter(one => one.name.includes('/api/')).length,
})"""


def event(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "EventsNode", "event": name, "name": name, **more}


def trend(display: str, *series: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "TrendsQuery", "series": list(series), "trendsFilter": {"display": display}, **more}


def _broken_down(by: str, **more: Any) -> dict[str, Any]:
    return {"breakdownFilter": {"breakdown": by, "breakdown_type": "event", **more}}


VIEW, NOTE = event("$pageview"), event("note created")
ENTITY = {"id": "note created", "name": "note created", "type": "events"}
TILES: dict[str, dict[str, Any]] = {
    "Visitors": trend("ActionsLineGraph", event("$pageview", math="dau"), compareFilter={"compare": True}),
    "Notes by day": trend("ActionsBar", NOTE, event("comment added"), event("note shared")),
    "Browsers": trend("ActionsAreaGraph", VIEW, **_broken_down("$browser")),
    "Countries": trend("WorldMap", VIEW, **_broken_down("$geoip_country_code", breakdown_limit=300)),
    "Active people": trend("BoldNumber", event("note edited", math="dau")),
    "Devices": trend("ActionsPie", VIEW, **_broken_down("$device_type")),
    "Sign-up": {
        "kind": "FunnelsQuery",
        "series": [event(name) for name in ("$pageview", "signup started", "signed up", "first note written")],
    },
    "Conversion": {
        "kind": "FunnelsQuery",
        "series": [event("signed up"), event("note created")],
        "funnelsFilter": {"funnelVizType": "trends"},
    },
    "Who comes back": {
        "kind": "RetentionQuery",
        "retentionFilter": {"period": "Week", "totalIntervals": 8, "targetEntity": ENTITY, "returningEntity": ENTITY},
    },
    "Paths": {"kind": "PathsQuery", "pathsFilter": {"includeEventTypes": ["$pageview"], "stepLimit": 5}},
    "Growth": {"kind": "LifecycleQuery", "series": [NOTE], "interval": "day"},
    "Stickiness": {"kind": "StickinessQuery", "series": [NOTE], "interval": "day"},
}


def make_board(product: Product, project: int) -> int:
    """Twelve saved insights on one dashboard; its id."""
    board = cast(dict[str, Any], product.api("POST", f"/api/projects/{project}/dashboards/", {"name": "Twelve"}).body)
    for name, source in TILES.items():
        query = {"kind": "InsightVizNode", "source": {"dateRange": {"date_from": "-30d"}, **source}}
        body = {"name": name, "query": query, "dashboards": [board["id"]]}
        reply = product.api("POST", f"/api/projects/{project}/insights/", body)
        assert reply.status == 201, reply.text
    return int(board["id"])


def open_once(context: BrowserContext, path: str) -> dict[str, float]:
    """Open a dashboard in a new tab; milliseconds from the start of the navigation, and what it took."""
    page = context.new_page()
    page.add_init_script(WATCH.replace("TILES", str(len(TILES))))
    page.goto(path)
    page.wait_for_function("() => window.painted !== undefined", timeout=60_000)
    seen = page.evaluate(SEEN)
    page.close()
    return seen


def measure(product: Product, project: int, repeats: int) -> None:
    """Print a line per way of opening."""
    board = make_board(product, project)
    path = f"/project/{project}/dashboards/{board}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        context = browser.new_context(base_url=product.url, viewport=cast(Any, VIEWPORT))
        signing = context.new_page()
        signing.goto("/login")
        signing.get_by_label("E-mail").fill(product.email)
        signing.locator("input[name=password]").fill(product.password)
        signing.get_by_role("button", name="Sign in").click()
        signing.wait_for_url("**/project/**")
        signing.close()
        open_once(context, path)
        never_asked = [f'{path}?filters={{"date_from":"-{31 + at}d"}}' for at in range(repeats)]
        for way, addresses in {"answers kept": [path] * repeats, "all computed": never_asked}.items():
            seen = [open_once(context, address) for address in addresses]
            times = sorted(one["painted"] for one in seen)
            tasks = statistics.median(one["tasks"] for one in seen)
            print(
                f"{way}: median {statistics.median(times):.0f} ms, {times[0]:.0f} to {times[-1]:.0f} of {repeats};"
                f" long tasks {tasks:.0f} ms, {seen[-1]['requests']} requests, of them {seen[-1]['asked']} to the API"
            )
        browser.close()


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS
    with tempfile.TemporaryDirectory() as folder, Product(Path(folder) / "data") as product:
        product.api("POST", DEMO)
        wait_until(lambda: product.api("GET", DEMO).body["status"] == "done", "the demo is loaded", DEMO_SECONDS)
        project = int(product.api("GET", DEMO).body["project_id"])
        print(f"{product.sql('SELECT count() FROM events', project)[0][0]:,} events, load {os.getloadavg()[0]:.1f}")
        measure(product, project, repeats)
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
