"""The running product over a filled store: cold start, dashboards while events arrive, acknowledgements while it
thinks.
"""

import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop

from benchmarks.asking import asked_by
from benchmarks.bodies import requests, server_event
from benchmarks.insights_questions import questions
from benchmarks.load import Outcome, paced_load
from benchmarks.processes import cpu_seconds
from benchmarks.table import Table
from tests.product import Product, wait_until

POST = 20
ARRIVING = 5_000  # events a second
SECONDS = 30.0
ACKNOWLEDGED = 20.0  # seconds, alone and beside queries
HEAVY = 8  # clients that ask for the dearest insights without a pause
DASHBOARD = (
    "trends, total", "trends, unique by day", "breakdown by $browser", "filter on $browser", "funnel, 3 steps",
    "retention, 8 weeks",
)  # fmt: skip
REPEATS = 8
SAMPLES = 40


def fill(folder: Path, events: int) -> None:
    """A store with so many events where the product will look for it."""
    text = (
        "import sys; from pathlib import Path; from benchmarks.insights_data import make; "
        "make(Path(sys.argv[1]), int(sys.argv[2])).close()"
    )
    subprocess.run([sys.executable, "-c", text, str(folder), str(events)], check=True)


def measure_start(product: Product, table: Table, events: int) -> None:
    """From the start of the process until everything is ready, over a store that was filled before."""
    taken: list[float] = []
    for _ in range(3):
        product.stop()
        begun = time.monotonic()
        product.start()
        taken.append(time.monotonic() - begun)
    table.heading("Cold start to readiness", "events in the store", "s, middle of 3", "worst", "aim")
    table.row(f"{events:,}", sorted(taken)[1], max(taken), 3.0)


def _ask(product: Product, name: str) -> float:
    query = next(question.query for question in questions() if question.name == name)
    begun = time.monotonic()
    reply = product.api("POST", "/api/projects/@current/query/", {"query": query, "refresh": "force_blocking"})
    assert reply.status == 200, reply.text
    return time.monotonic() - begun


def _dashboard(product: Product) -> tuple[list[float], float]:
    """Seconds of each answer, and the engine's CPU milliseconds an answer."""
    before = cpu_seconds(product.pid("engine"))
    answers = [_ask(product, name) for _ in range(REPEATS) for name in DASHBOARD]
    return sorted(answers), 1000 * (cpu_seconds(product.pid("engine")) - before) / len(answers)


@contextmanager
def _arriving(product: Product, bodies: list[bytes], seconds: float) -> Iterator[list[Outcome]]:
    """Events at :data:`ARRIVING` a second from a process-like thread of its own; the outcome is there afterwards."""
    outcome: list[Outcome] = []

    def run() -> None:
        outcome.append(uvloop.run(paced_load(product.port, bodies, ARRIVING / POST, seconds)))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield outcome
    finally:
        thread.join()


def measure_dashboards(product: Product, table: Table) -> None:
    """Dashboards one after the other, idle and then with events arriving."""
    bodies = _unique_bodies(product, int(2 * SECONDS))
    _dashboard(product)
    idle, idle_cpu = _dashboard(product)
    with _arriving(product, bodies, SECONDS) as outcome:
        time.sleep(2)
        busy, busy_cpu = _dashboard(product)
    table.heading("Insights over HTTP", "", "p50 ms", "p95 ms", "engine CPU ms/answer", "p95 × idle", "aim")
    for name, taken, cpu in (("idle", idle, idle_cpu), (f"{ARRIVING:,} events/s arriving", busy, busy_cpu)):
        p95 = taken[int(0.95 * len(taken))]
        ratio = p95 / idle[int(0.95 * len(idle))]
        table.row(name, 1000 * taken[len(taken) // 2], 1000 * p95, cpu, ratio, 1.5)
    table.note(
        f"{len(idle)} answers of {', '.join(DASHBOARD)}; none from the cache. CPU with events arriving includes their "
        f"processing. Acknowledgements meanwhile: p50 {outcome[0].p50:.1f} ms, p99 {outcome[0].p99:.1f} ms, "
        f"{outcome[0].failures} failures."
    )


def measure_acknowledgements(product: Product, table: Table) -> None:
    """How long a post waits for its 200 while the engine is idle, takes the events in, and answers heavy queries."""
    _wait_at_rest(product)
    bodies = _unique_bodies(product, int(2 * ACKNOWLEDGED))
    with _arriving(product, bodies, ACKNOWLEDGED) as alone:
        pass
    with asked_by(product.port, product.key, HEAVY, "breakdown by $browser, unique") as answered:
        time.sleep(2)
        with _arriving(product, bodies[len(bodies) // 2 :], ACKNOWLEDGED) as beside:
            pass
    table.heading(f"Acknowledgements at {ARRIVING:,} events/s", "", "p50 ms", "p99 ms", "failures", "aim p99")
    table.row("events alone", alone[0].p50, alone[0].p99, alone[0].failures, 10.0)
    table.row(f"{HEAVY} heavy queries at a time", beside[0].p50, beside[0].p99, beside[0].failures, 10.0)
    table.note(f"{answered[0]} heavy queries were answered meanwhile. Load, front and engine share the cores.")


def _wait_at_rest(product: Product) -> None:
    """Until no merge runs, which would be measured in place of the queries; a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        before = cpu_seconds(product.pid("engine"))
        time.sleep(2)
        if cpu_seconds(product.pid("engine")) - before < 0.1:
            return


def measure_freshness(product: Product, table: Table) -> None:
    """From the 200 to the first SQL answer that counts the event, while many arrive."""
    bodies = _unique_bodies(product, int(SECONDS))
    lags: list[float] = []
    with _arriving(product, bodies, SECONDS):
        time.sleep(2)
        for _ in range(SAMPLES):
            name = f"lag {uuid.uuid4()}"
            reply = product.capture([{"event": name, "distinct_id": "lag"}])
            assert reply.status == 200, reply.text
            begun = time.monotonic()
            while product.sql(f"select count() from events where event = '{name}'") != [[1]]:
                time.sleep(0.02)
            lags.append(time.monotonic() - begun)
    lags.sort()
    table.heading("Fresh: from 200 to visible in SQL", "events/s", "samples", "p50 s", "p99 s", "worst s", "aim p99")
    table.row(f"{ARRIVING:,}", len(lags), lags[len(lags) // 2], lags[int(0.99 * len(lags))], lags[-1], 2.0)


def _unique_bodies(product: Product, seconds: int) -> list[bytes]:
    """Requests for so long of which none repeats a uuid."""
    return requests(
        product.token, server_event, POST, gzipped=False, seed=time.time_ns(), count=seconds * ARRIVING // POST
    )


def wait_processed(product: Product) -> None:
    """Until nothing waits in the log."""

    def drained() -> bool:
        lines = product.get("/metrics").text.splitlines()
        return any(line == "leanbase_pipeline_backlog_bytes 0" for line in lines)

    wait_until(drained, "the backlog is processed", 120)
