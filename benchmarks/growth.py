"""How the time of each insight grows with the events, and that of a funnel with its steps.

    python -m benchmarks.growth [--events 250000,1000000,4000000] [--plot FILE.svg]

Answers are not compared here: ``benchmarks.insights`` does that. The exponent is the slope of a line through the
logarithms of CPU time over those of events; what a question costs whatever there is (planning: a few milliseconds) is
measured over an empty project and taken off, since it would make every exponent look better.
"""

import argparse
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.growth_plot import plot
from benchmarks.insights import as_line, measured, median
from benchmarks.insights_data import make
from benchmarks.insights_questions import Question, funnel, questions, stages
from benchmarks.insights_sides import Product
from leanbase.store.embedded import EmbeddedStore
from leanbase.store.migrate import migrate
from leanbase.store.overrides import reload_overrides
from leanbase.store.sql import Sql

SIZES = (250_000, 1_000_000, 4_000_000)
STEPS = (2, 4, 8, 12, 16, 20)
MOST = 1.05
REPEATS = 3


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The slope of the straight line that fits best."""
    x = sum(point[0] for point in points) / len(points)
    y = sum(point[1] for point in points) / len(points)
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def exponent(sizes: Sequence[int], costs: Sequence[float], fixed: float) -> float:
    """The exponent of cost over size, above the fixed cost; of sizes at which the events cost as much as that at least,
    for below it noise decides. Where that leaves one size or none, the exponent of the whole cost of the last two.
    """
    above = [(size, cost - fixed) for size, cost in zip(sizes, costs, strict=True) if cost >= 2 * fixed]
    if len(above) < 2:
        above = list(zip(sizes, costs, strict=True))[-2:]
    return slope([(math.log(size), math.log(cost)) for size, cost in above])


def _costs(product: Product, asked: Sequence[Question], repeats: int) -> list[float]:
    found: list[float] = []
    for question in asked:
        product.ask(question.query)
        found.append(median([measured(lambda q=question: product.ask(q.query)) for _ in range(repeats)]).cpu)
    return found


def _by_steps(count: int) -> str:
    return f"by steps: {count}"


def _asked() -> list[Question]:
    return [*questions(), *(funnel(_by_steps(count), stages(count)) for count in STEPS)]


def measure(
    sizes: Sequence[int], folders: dict[int, Path] | None = None, repeats: int = REPEATS
) -> dict[str, list[float]]:
    """ms of CPU of each question: without events, then at each size. ``folders`` holds what was made before."""
    asked = _asked()
    found: dict[str, list[float]] = {question.name: [] for question in asked}
    for size in (0, *sizes):
        with tempfile.TemporaryDirectory() as fresh:
            known = (folders or {}).get(size)
            if known or not size:
                store = EmbeddedStore((known or Path(fresh)) / "store")
                migrate(store)
                reload_overrides(store)
            else:
                store = make(Path(fresh), size)
            store.command(Sql("SYSTEM STOP MERGES events"))  # they would be charged to whoever asks
            try:
                for question, cost in zip(asked, _costs(Product.over(store), asked, repeats), strict=True):
                    found[question.name].append(cost)
                    print(f"{size:,} events, {question.name}: {cost:.1f} ms", file=sys.stderr, flush=True)
            finally:
                store.close()
    return found


COLUMNS_OF_STEPS = ("funnel steps", "ms CPU", "ms CPU above planning")


def rows(
    sizes: Sequence[int] = SIZES,
    picture: Path | None = None,
    folders: dict[int, Path] | None = None,
    repeats: int = REPEATS,
) -> tuple[list[str], list[list[Any]], list[str]]:
    """Headings, rows (insight, ms CPU without events and at each size, exponent, verdict) and sentences."""
    costs = measure(sizes, folders, repeats)
    table: list[list[Any]] = []
    lines: dict[str, list[tuple[float, float]]] = {}
    shown = {question.name for question in questions()}
    for name, (fixed, *at) in costs.items():
        if name in shown:
            grown = exponent(sizes, at, fixed)
            table.append([name, fixed, *at, f"{grown:.2f}", "meets" if grown <= MOST else f"misses {MOST}"])
            lines[name] = list(zip(map(float, sizes), at, strict=True))
    steps = [(float(count), costs[_by_steps(count)]) for count in STEPS]
    above = [(count, cost[-1] - cost[0]) for count, cost in steps]
    power = slope([(math.log(count), math.log(max(cost, 0.1))) for count, cost in above])
    told = ", ".join(f"{count:.0f}: {cost:.0f} ms" for count, cost in above)
    planning = ", ".join(f"{count:.0f}: {cost[0]:.0f} ms" for count, cost in steps)
    notes = [
        f"Funnel by steps at {sizes[-1]:,} events, ms of CPU above planning: {told}; exponent {power:.2f}"
        f" (linear is 1). Planning: {planning}.",
    ]
    if picture:
        plot(picture, lines, [(count, cost[-1]) for count, cost in steps])
        notes.append(f"Plot: `{picture.name}`.")
    return ["insight", "no events", *(f"{size:,}" for size in sizes), "exponent", ""], table, notes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", default=",".join(map(str, SIZES)))
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--folder", action="append", default=[], help="EVENTS=DIR: data made before")
    options = parser.parse_args()
    folders = {int(size): Path(folder) for size, folder in (item.split("=", 1) for item in options.folder)}
    heading, table, notes = rows(
        [int(size) for size in options.events.split(",")], options.plot, folders, options.repeats
    )
    print(as_line(heading))
    print("|" + "---|" * len(heading))
    for row in table:
        print(as_line(row))
    print("\n" + "\n".join(notes))


if __name__ == "__main__":
    main()
