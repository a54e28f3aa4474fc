"""A property that nobody asked for before: asked about, promoted to a column, asked about again.

    python -m benchmarks.insights_properties [--events 10000000] [--folder DIR]

The product promotes in the background what queries keep asking for; here the same code does it at once. The reference
is a hot property, which has a column from the first event on.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.insights import EVENTS, as_line, measured, median
from benchmarks.insights_data import make
from benchmarks.insights_questions import equals, trends_query
from benchmarks.insights_sides import Product
from leanbase.store.embedded import EmbeddedStore
from leanbase.store.promotion import Promotion
from leanbase.store.sql import Sql

COLUMNS = (
    "question",
    "before ms CPU",
    "promoted ms CPU",
    "of a hot column ms CPU",
    "promoted ÷ hot",
    "before ÷ promoted",
)
_REPEATS = 5
_TURN = 10_000
_TURNS = 10
_PROPERTIES = ("plan", "coupon")
# A hot column with about as many values, for each question.
_QUESTIONS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    (
        "filter: plan = pro",
        trends_query(where=[equals("plan", "pro")]),
        trends_query(where=[equals("$browser", "Firefox")]),
    ),
    (
        "filter: coupon = C7 (1 of 6,200 events)",
        trends_query(where=[equals("coupon", "C7")]),
        trends_query(where=[equals("$browser", "Firefox")]),
    ),
    ("breakdown by plan", trends_query(breakdown="plan"), trends_query(breakdown="$browser")),
    ("breakdown by coupon", trends_query(breakdown="coupon"), trends_query(breakdown="$browser")),
)


def rows(folder: Path, events: int = EVENTS) -> tuple[list[list[Any]], list[str]]:
    """Rows under :data:`COLUMNS`, and sentences on what promotion costs. Changes the store in ``folder``."""
    store = EmbeddedStore(folder / "store") if (folder / "store").exists() else make(folder, events)
    try:
        product = Product.over(store)
        blocks = list(_blocks(store))
        before = [_cost(lambda q=query: product.ask(q)) for _, query, _ in _QUESTIONS]
        answers = [product.ask(query)["results"] for _, query, _ in _QUESTIONS]
        insert_before = _insert_cost(store, blocks, "before")
        total = store.query(Sql("SELECT count() FROM events")).rows[0][0]
        promotion = Promotion(store, product.promoted)
        notes: list[str] = []
        for key in _PROPERTIES:
            cpu, wall = time.process_time(), time.perf_counter()
            promotion.promote("properties", key)
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            notes.append(
                f"Promotion of {key!r} over {total:,} events: {cpu:.1f} s of CPU ({1e6 * cpu / total:.2f} µs an event),"
                f" {wall:.1f} s of wall time, in the background."
            )
        insert_after = _insert_cost(store, blocks, "after")
        notes.append(
            f"Ingestion: {insert_before:.1f} µs of CPU an event in the engine before, {insert_after:.1f} with"
            f" {len(_PROPERTIES)} more columns."
        )
        found: list[list[Any]] = []
        for (name, query, hot), cost, answer in zip(_QUESTIONS, before, answers, strict=True):
            if product.ask(query)["results"] != answer:
                raise AssertionError(f"promotion changed the answer of {name}")
            promoted, reference = _cost(lambda q=query: product.ask(q)), _cost(lambda q=hot: product.ask(q))
            found.append([name, cost, promoted, reference, promoted / reference, cost / promoted])
        return found, notes
    finally:
        store.close()


def _cost(ask: Callable[[], Any]) -> float:
    ask()
    return median([measured(ask) for _ in range(_REPEATS)]).cpu


def _blocks(store: EmbeddedStore) -> Iterator[dict[str, list[Any]]]:
    """Turns of events as the pipeline hands them over, copied from those that are there, of another project."""
    names = (
        "event", "timestamp", "distinct_id", "person_id", "properties", "person_properties", "person_created_at",
        "person_mode", "session_id", "window_id", "elements_chain", "inserted_at",
    )  # fmt: skip
    for number in range(_TURNS):
        found = store.query(
            Sql(
                f"SELECT {', '.join(names)} FROM events WHERE project_id = 1 AND cityHash64(uuid) % 97 = {number}"
                f" LIMIT {_TURN}"
            )
        ).rows
        block: dict[str, list[Any]] = {
            name: list(values) for name, values in zip(names, zip(*found, strict=True), strict=True)
        }
        block["project_id"] = [2] * len(found)
        block["uuid"] = [UUID(int=number << 64 | place) for place in range(len(found))]
        yield block


def _insert_cost(store: EmbeddedStore, blocks: list[dict[str, list[Any]]], token: str) -> float:
    """µs of CPU of one inserted event, encoding included, without the merges that follow."""
    store.command(Sql("SYSTEM STOP MERGES events"))
    started = time.process_time()
    for number, block in enumerate(blocks):
        store.insert("events", block, f"bench-{token}-{number}")
    cost = 1e6 * (time.process_time() - started) / sum(len(block["event"]) for block in blocks)
    store.command(Sql("SYSTEM START MERGES events"))
    store.command(Sql("ALTER TABLE events DELETE WHERE project_id = 2 SETTINGS mutations_sync = 1"))
    return cost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--folder", type=Path, help="a store that is there; it is changed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as fresh:
        table, notes = rows(options.folder or Path(fresh), options.events)
    print(as_line(list(COLUMNS)))
    print("|" + "---|" * len(COLUMNS))
    for row in table:
        print(as_line(row))
    print("\n" + "\n".join(f"- {note}" for note in notes))


if __name__ == "__main__":
    main()
