"""Every insight against DuckDB over Parquet and against a layout without columns for properties, on one thread.

    python -m benchmarks.insights [--events 10000000] [--folder DIR] [--repeats 5]

Figures are CPU of this process (all its threads) for one question, median of the repeats; the three sides take turns.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.insights_data import make
from benchmarks.insights_questions import Question, questions
from benchmarks.insights_sides import Duck, Product, export_parquet
from leanbase.store.embedded import EmbeddedStore
from leanbase.store.overrides import reload_overrides

EVENTS = 1_000_000
REPEATS = 5


@dataclass(frozen=True)
class Cost:
    """CPU and wall time of one question, in ms."""

    cpu: float
    wall: float


def measured(ask: Callable[[], Any]) -> Cost:
    cpu, wall = time.process_time(), time.perf_counter()
    ask()
    return Cost(1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - wall))


def median(costs: list[Cost]) -> Cost:
    return Cost(statistics.median(c.cpu for c in costs), statistics.median(c.wall for c in costs))


@dataclass(frozen=True)
class Compared:
    """One question on the three sides, with the largest deviation from the median among our repeats."""

    question: Question
    ours: Cost
    duck: Cost
    plain: Cost
    spread: float

    def row(self) -> list[Any]:
        """For a table: what, CPU and wall ms, CPU of the others, ratios (above 1: the other is slower), spread."""
        return [
            self.question.name,
            self.ours.cpu,
            self.ours.wall,
            self.duck.cpu,
            self.plain.cpu,
            self.duck.cpu / self.ours.cpu,
            self.plain.cpu / self.ours.cpu,
            f"±{100 * self.spread:.0f} %",
            self.verdict(),
        ]

    def verdict(self) -> str:
        """What the aims say of it."""
        against_duck, against_plain = self.duck.cpu / self.ours.cpu, self.plain.cpu / self.ours.cpu
        least = 0.5 if self.question.scan else 1.0
        missed = ["DuckDB"] if against_duck < least else []
        if self.question.reads_hot and against_plain < 10:
            missed.append("plain")
        return "misses " + ", ".join(missed) if missed else "meets"


COLUMNS = (
    "insight",
    "CPU ms",
    "wall ms",
    "DuckDB CPU ms",
    "plain CPU ms",
    "DuckDB ÷ ours",
    "plain ÷ ours",
    "spread",
    "",
)


class WrongAnswer(Exception):
    """Two sides disagree."""


def check(question: Question, product: Product, plain: Product, duck: Duck) -> None:
    """Raises :class:`WrongAnswer` when the sides do not say the same."""
    said = question.ours(product.ask(question.query))
    if (others := question.theirs(duck.ask(question.sql))) != said:
        raise WrongAnswer(f"{question.name}: DuckDB says {str(others)[:600]}, the product {str(said)[:600]}")
    if (others := question.ours(plain.ask(question.query))) != said:
        raise WrongAnswer(f"{question.name}: the plain layout says {str(others)[:600]}, the product {str(said)[:600]}")


def compare(question: Question, product: Product, plain: Product, duck: Duck, repeats: int) -> Compared:
    """Ask the three in turn, after a round that checks and warms."""
    check(question, product, plain, duck)
    ours: list[Cost] = []
    theirs: list[Cost] = []
    plains: list[Cost] = []
    for number in range(repeats):
        ours.append(measured(lambda: product.ask(question.query)))
        theirs.append(measured(lambda: duck.ask(question.sql)))
        if number < 3:  # the slow side
            plains.append(measured(lambda: plain.ask(question.query)))
    middle = median(ours)
    spread = max(abs(cost.cpu - middle.cpu) for cost in ours) / middle.cpu
    return Compared(question, middle, median(theirs), median(plains), spread)


def rows(folder: Path, events: int = EVENTS, repeats: int = REPEATS, only: str = "") -> list[list[Any]]:
    """Rows under :data:`COLUMNS`. Makes what is missing in ``folder``: data of one number of events."""
    if (folder / "store").exists():
        store = EmbeddedStore(folder / "store")
        reload_overrides(store)
    else:
        store = make(folder, events)
    duck = None
    try:
        product = Product.over(store)
        plain = product.plain()
        if not (folder / "events.parquet").exists():
            export_parquet(store, folder)
        duck = Duck(folder)
        found: list[list[Any]] = []
        for question in questions():
            if only in question.name:
                found.append(compare(question, product, plain, duck, repeats).row())
                print(as_line(found[-1]), flush=True)
        return found
    finally:
        if duck:
            duck.close()
        store.close()


def as_line(cells: list[Any]) -> str:
    return "| " + " | ".join(f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--folder", type=Path, help="keep the data here, and use what is there")
    parser.add_argument("--only", default="", help="questions whose name has this in it")
    options = parser.parse_args()
    print(as_line(list(COLUMNS)))
    print("|" + "---|" * len(COLUMNS))
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        rows(options.folder, options.events, options.repeats, options.only)
        return
    with tempfile.TemporaryDirectory() as folder:
        rows(Path(folder), options.events, options.repeats, options.only)


if __name__ == "__main__":
    main()
