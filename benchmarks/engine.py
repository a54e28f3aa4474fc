"""The engine: CPU for each event while a backlog waits, against the price of parsing it; and what idling costs."""

import http.client
import json
import random
import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.bodies import browser_event, server_event
from benchmarks.processes import cpu_seconds, pss_bytes
from benchmarks.table import Table
from tests.product import Product

EVENTS = 200_000


def _backlog(token: str, kind: Any, seed: int) -> list[bytes]:
    """Bodies with events that never repeat a uuid, 200 a request."""
    chance, now = random.Random(seed), datetime.now(UTC)
    batches = ({"api_key": token, "batch": [kind(chance, now) for _ in range(200)]} for _ in range(EVENTS // 200))
    return [json.dumps(batch).encode() for batch in batches]


def _send_once(port: int, bodies: list[bytes]) -> None:
    """Every body once, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for body in bodies:
        connection.request("POST", "/batch/", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()
    connection.close()


def _count(product: Product) -> int:
    return product.sql("select count() from events")[0][0]


def measure_engine(product: Product, table: Table) -> None:
    """CPU of the engine process for each stored event, merges included, from backlog to visible."""
    table.heading(
        "Engine, sustained", "events", "kind", "µs CPU/event", "aim", "events/CPU-s", "events/s (wall)", "× json.loads",
    )  # fmt: skip
    kinds = (("server, 0.7 kB", server_event, 11, 20.0), ("browser, 1.8 kB, personless", browser_event, 12, 45.0))
    for name, kind, seed, aim in kinds:
        bodies = _backlog(product.token, kind, seed)
        before = _count(product)
        pid = product.pid("engine")
        cpu, wall = cpu_seconds(pid), time.monotonic()
        _send_once(product.port, bodies)
        while _count(product) < before + EVENTS:
            time.sleep(0.5)
        wall = time.monotonic() - wall
        cost = 1e6 * (cpu_seconds(pid) - cpu) / EVENTS
        table.row(EVENTS, name, cost, aim, 1e6 / cost, EVENTS / wall, cost / _parse_cost(bodies))
    table.note("Reference: Python's json.loads of the same bodies, µs of CPU an event, in this run.")


def _parse_cost(bodies: list[bytes]) -> float:
    some = bodies[:100]
    started = time.process_time()
    for body in some:
        json.loads(body)
    return 1e6 * (time.process_time() - started) / (200 * len(some))


def measure_idle(product: Product, table: Table, seconds: float) -> None:
    """Memory and CPU of the process tree while nothing happens."""
    roles = ("supervisor", "front", "engine")
    time.sleep(10)  # what starting left to do
    before = {role: cpu_seconds(product.pid(role)) for role in roles}
    time.sleep(seconds)
    table.heading(f"Idle, over {seconds:.0f} s", "process", "PSS MB", "% of a core")
    total = used = 0.0
    for role in roles:
        memory = pss_bytes(product.pid(role)) / 1e6
        share = 100 * (cpu_seconds(product.pid(role)) - before[role]) / seconds
        total, used = total + memory, used + share
        table.row(role, memory, share)
    table.row("all (aims: 450 MB, 1 %)", total, used)
