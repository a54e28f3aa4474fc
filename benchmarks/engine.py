"""The engine: CPU for each event once a backlog waits, and how soon an event is visible in SQL."""

import http.client
import json
import random
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from benchmarks.bodies import browser_event, server_event
from benchmarks.processes import cpu_seconds, pss_bytes
from benchmarks.table import Table
from tests.product import Product

EVENTS = 200_000
LAG_SAMPLES = 60


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
    table.heading("Engine, sustained", "events", "kind", "µs CPU/event", "events/CPU-s", "events/s (wall)")
    for name, kind, seed in (("server, 0.7 kB", server_event, 11), ("browser, 1.8 kB, personless", browser_event, 12)):
        bodies = _backlog(product.token, kind, seed)
        before = _count(product)
        pid = product.pid("engine")
        cpu, wall = cpu_seconds(pid), time.monotonic()
        _send_once(product.port, bodies)
        while _count(product) < before + EVENTS:
            time.sleep(0.5)
        wall = time.monotonic() - wall
        cost = 1e6 * (cpu_seconds(pid) - cpu) / EVENTS
        table.row(EVENTS, name, cost, 1e6 / cost, EVENTS / wall)


def measure_lag(product: Product, table: Table) -> None:
    """From the 200 to the first SQL answer that counts the event, one event at a time on a quiet server."""
    lags: list[float] = []
    for _ in range(LAG_SAMPLES):
        name = f"lag {uuid.uuid4()}"
        reply = product.capture([{"event": name, "distinct_id": "lag"}])
        assert reply.status == 200, reply.text
        begun = time.monotonic()
        while product.sql(f"select count() from events where event = '{name}'") != [[1]]:
            time.sleep(0.01)
        lags.append(time.monotonic() - begun)
    lags.sort()
    table.heading("Fresh: from 200 to visible in SQL", "samples", "p50 s", "p99 s", "worst s")
    table.row(len(lags), lags[len(lags) // 2], lags[int(0.99 * len(lags))], lags[-1])


def measure_idle(product: Product, table: Table, seconds: float = 20.0) -> None:
    """Memory and CPU of the process tree while nothing happens."""
    roles = ("supervisor", "front", "engine")
    time.sleep(10)  # merges of the load before settle
    before = {role: cpu_seconds(product.pid(role)) for role in roles}
    time.sleep(seconds)
    table.heading("Idle", "process", "PSS MB", "% of a core")
    total = 0.0
    for role in roles:
        memory = pss_bytes(product.pid(role)) / 1e6
        total += memory
        table.row(role, memory, 100 * (cpu_seconds(product.pid(role)) - before[role]) / seconds)
    table.row("all", total, "")
