"""What axe finds on a page as it stands."""

from pathlib import Path

from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# A panel that fades in has the contrast of a moment. Pages forbid eval, which waiting for a function would need.
_STILL = """new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))).then(() =>
    Promise.all(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
        .map((one) => one.finished.catch(() => null)))).then(() => null)"""


def serious_findings(page: Page, root: str = "document") -> list[str]:
    """A sentence and the elements of each serious finding once nothing moves; ``root`` is JavaScript of what to look
    at.
    """
    page.evaluate(_STILL)
    page.evaluate(_AXE.read_text())
    found = page.evaluate(f"axe.run({root}, {{ resultTypes: ['violations'] }})")
    return [
        f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes']][:4]}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
