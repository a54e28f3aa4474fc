"""The engine: CPU for each event while a backlog waits, against the price of parsing it; and what idling costs."""

import http.client
import json
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from benchmarks.bodies import browser_event, server_event
from benchmarks.processes import cpu_seconds, pss_bytes
from benchmarks.table import Table
from tests.product import Product

EVENTS = 200_000


@dataclass(frozen=True)
class _Backlog:
    """What is sent: events that never repeat a uuid, 200 a request; and whose they are."""

    bodies: list[bytes]
    people: set[str]


def _backlog(token: str, kind: Any, seed: int) -> _Backlog:
    chance, now = random.Random(seed), datetime.now(UTC)
    bodies: list[bytes] = []
    people: set[str] = set()
    for _ in range(EVENTS // 200):
        events = [kind(chance, now) for _ in range(200)]
        people.update(event["distinct_id"] for event in events if "distinct_id" in event)
        bodies.append(json.dumps({"api_key": token, "batch": events}).encode())
    return _Backlog(bodies, people)


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
        "Engine, sustained", "events", "kind", "new persons", "µs CPU/event", "aim", "events/CPU-s",
        "events/s (wall)", "× json.loads",
    )  # fmt: skip
    server = "server, 0.7 kB"
    kinds = (
        (server, server_event, 11, 20.0),
        (server, server_event, 13, 20.0),  # the same people, whom the engine knows by now
        ("browser, 1.8 kB, personless", browser_event, 12, 45.0),
    )
    known: set[str] = set()
    for name, kind, seed, aim in kinds:
        backlog = _backlog(product.token, kind, seed)
        before = _count(product)
        pid = product.pid("engine")
        cpu, wall = cpu_seconds(pid), time.monotonic()
        _send_once(product.port, backlog.bodies)
        while _count(product) < before + EVENTS:
            time.sleep(0.5)
        wall = time.monotonic() - wall
        cost = 1e6 * (cpu_seconds(pid) - cpu) / EVENTS
        new = f"{100 * len(backlog.people - known) / EVENTS:.1f} %"
        known |= backlog.people
        parsing = _parse_cost(backlog.bodies)
        table.row(EVENTS, name, new, cost, aim, 1e6 / cost, EVENTS / wall, cost / parsing)
    table.note(
        "New persons: of the events, how many made one; a quarter as when a product is first seen, then the same "
        "50,000 people again. Reference: Python's json.loads of the same bodies, µs of CPU an event, in this run."
    )


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
