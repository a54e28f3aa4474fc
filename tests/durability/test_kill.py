"""kill -9 of each process under load: nothing that was acknowledged is lost, nothing counts twice."""

import http.client
import json
import random
import sqlite3
import threading
import time
import uuid
from contextlib import closing
from pathlib import Path

import pytest

from tests.product import Product

KILLS = 8  # of each process; 24 in all
SENDERS = 4
BATCH = 5  # events
PAUSE = 0.05  # seconds between batches of a sender: at most 400 events a second in all, so that the backlog stays small
PAGE = 20_000  # rows


class Load:
    """Sends numbered events steadily and remembers which were acknowledged. Retries like an SDK: same uuid."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._next = 0
        self.acknowledged: set[int] = set()
        self._threads = [threading.Thread(target=self._run, name=f"sender {n}") for n in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def _numbers(self) -> range:
        with self._lock:
            first, self._next = self._next, self._next + BATCH
            return range(first, first + BATCH)

    def _run(self) -> None:
        while not self._stop.wait(PAUSE):
            numbers = self._numbers()
            events = [
                {
                    "event": "numbered",
                    "distinct_id": f"d{n % 50}",
                    "uuid": str(uuid.UUID(int=n + (7 << 76))),
                    "properties": {"n": n},
                }
                for n in numbers
            ]
            body = json.dumps({"api_key": self._product.token, "batch": events}).encode()
            for _ in range(200):
                if self._post(body):
                    with self._lock:
                        self.acknowledged.update(numbers)
                    break
                if self._stop.is_set():
                    break
                time.sleep(0.05)

    def _post(self, body: bytes) -> bool:
        try:
            return self._product.call("POST", "/batch/", body).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def finish(self) -> set[int]:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        return self.acknowledged


def wait_for_a_turn(product: Product, seconds: float = 5) -> None:
    """Until the pipeline has begun a turn that is not committed: between those two a crash is worst."""
    deadline = time.monotonic() + seconds
    with closing(sqlite3.connect(product.folder / "state.sqlite")) as state:
        while time.monotonic() < deadline:
            if state.execute("SELECT plan_start FROM pipeline_position").fetchone() != (None,):
                return
            time.sleep(0.001)


def stored_numbers(product: Product) -> list[int]:
    """The number of every stored event."""
    found: list[int] = []
    while True:
        rows = product.sql(
            "select toInt(properties.n) from events where event = 'numbered' "
            f"order by uuid limit {PAGE} offset {len(found)}"
        )
        found += [row[0] for row in rows]
        if len(rows) < PAGE:
            return found


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_nothing_acknowledged_is_lost_or_counted_twice(tmp_path: Path) -> None:
    product = Product(tmp_path / "data").start()
    load = Load(product)
    chance = random.Random(4)
    try:
        for round_ in range(KILLS):
            for role in ("front", "engine", "supervisor"):
                goal = len(load.acknowledged) + 60
                deadline = time.monotonic() + 60
                while len(load.acknowledged) < goal:
                    assert time.monotonic() < deadline, f"no progress before kill {round_} of {role}"
                    time.sleep(0.01)
                if role == "front":
                    time.sleep(chance.uniform(0, 0.5))
                else:
                    wait_for_a_turn(product)
                    time.sleep(chance.uniform(0, 0.05))  # so that kills meet every moment of it
                before = product.pid(role)
                product.kill(role)
                if role == "supervisor":
                    product.stop()
                    product.start()
                else:
                    while product.pid(role) == before:
                        time.sleep(0.02)
        acknowledged = load.finish()
        product.wait_ready()
        # A last event, acknowledged after all others, is visible only when all others are.
        product.capture([{"event": "last", "distinct_id": "d0"}])
        product.wait_for("select count() from events where event = 'last'", [[1]])
        stored = stored_numbers(product)
        assert len(stored) == len(set(stored)), "an event counts twice"
        lost = acknowledged - set(stored)
        assert not lost, f"{len(lost)} acknowledged events lost"
    finally:
        load.finish()
        product.stop()
