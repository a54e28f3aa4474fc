"""Heavy queries hold every slot, and events go on being accepted, stored and counted."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Product, Reply, wait_until

SLOTS = 3
HEAVY = "select count() from numbers(1000000000000) where sipHash64(number) = 1"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with Product(tmp_path / "data", query_slots=SLOTS, query_max_seconds=300) as running:
        yield running


class Heavy:
    """Queries that run until they are cancelled, each in a thread of its own."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self.answers: dict[str, Reply] = {}
        self._threads: dict[str, threading.Thread] = {}

    def start(self, name: str) -> None:
        body = {"query": {"kind": "HogQLQuery", "query": HEAVY}, "refresh": "force_blocking", "client_query_id": name}

        def ask() -> None:
            self.answers[name] = self._product.api("POST", "/api/projects/@current/query/", body)

        self._threads[name] = threading.Thread(target=ask, daemon=True)
        self._threads[name].start()

    def run(self) -> bool:
        return all(thread.is_alive() for thread in self._threads.values())

    def cancel(self) -> None:
        for name, thread in self._threads.items():
            wait_until(lambda name=name: self._cancelled(name), f"{name} is cancelled")
            thread.join()

    def _cancelled(self, name: str) -> bool:
        if name in self.answers:
            return True
        self._product.api("DELETE", f"/api/projects/@current/query/{name}/")
        time.sleep(0.1)
        return False


def stored(product: Product) -> int:
    """Events in the store, as the server itself counts them: that takes no slot."""
    text = product.api("GET", "/metrics").text
    lines = [line for line in text.splitlines() if line.startswith("leanbase_pipeline_events_stored_total")]
    return int(float(lines[0].split()[-1])) if lines else 0


def test_heavy_queries_starve_neither_events_nor_small_questions(product: Product) -> None:
    heavy = Heavy(product)
    for number in range(SLOTS - 1):
        heavy.start(f"heavy-{number}")
    assert product.sql("select 1") == [[1]], "a slot is left, so a small question is answered"
    heavy.start("heavy-last")
    for batch in range(5):
        events = [{"event": "while busy", "distinct_id": f"u{batch}-{number}"} for number in range(10)]
        assert product.capture(events).status == 200
    wait_until(lambda: stored(product) >= 50, "fifty events are stored while every slot is held")
    assert heavy.run(), "the heavy queries hold their slots still"
    heavy.cancel()
    assert {answer.body["code"] for answer in heavy.answers.values()} == {"query_was_cancelled"}
    assert product.sql("select count() from events where event = 'while busy'") == [[50]]
