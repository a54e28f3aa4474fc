"""Capture: CPU of the front for each request, against servers that do less, in the same run."""

import os
import signal
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.bodies import requests, server_event
from benchmarks.load import run_load
from benchmarks.processes import cpu_seconds
from benchmarks.reference import reference_server
from benchmarks.table import Table
from leanbase.eventlog.segments.open import open_reader
from tests.product import Product

SECONDS = 0.9
ROUNDS = 3  # at the usual number of connections; the others are measured once
CONNECTIONS = (32, 1, 256)
BODIES = ((1, False), (1, True), (20, False), (20, True), (100, False), (100, True))  # events a request, gzipped
AIMS = {(1, False): 45.0, (20, False): 75.0, (20, True): 75.0, (100, True): 210.0}


@dataclass
class Cost:
    """Of one server: µs of CPU a request, one figure for each round; latencies of all rounds, ms."""

    cpu: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    failures: int = 0

    def measure(self, port: int, pid: int, bodies: list[bytes], connections: int) -> None:
        """One more round."""
        run_load(port, bodies, connections, 0.2)
        before = cpu_seconds(pid)
        outcome = run_load(port, bodies, connections, SECONDS)
        self.cpu.append(1e6 * (cpu_seconds(pid) - before) / outcome.requests)
        self.p50.append(outcome.p50)
        self.p99.append(outcome.p99)
        self.failures += outcome.failures

    @property
    def middle(self) -> float:
        return statistics.median(self.cpu)

    @property
    def spread(self) -> str:
        """Half of the range, in percent of the middle."""
        if len(self.cpu) < 2:
            return ""
        return f"±{50 * (max(self.cpu) - min(self.cpu)) / self.middle:.0f} %"


@contextmanager
def engine_stopped(product: Product) -> Iterator[None]:
    """The engine stands still (it would compete for the cores), and the log is released as if it had read it."""
    engine = product.pid("engine")
    os.kill(engine, signal.SIGSTOP)
    reader = open_reader(product.folder / "log")
    ended = threading.Event()

    def release() -> None:
        while not ended.wait(0.05):
            reader.release(reader.head())

    releasing = threading.Thread(target=release)
    releasing.start()
    try:
        yield
    finally:
        ended.set()
        releasing.join()
        reader.close()
        os.kill(engine, signal.SIGCONT)


def measure_capture(product: Product, table: Table) -> None:
    """Rows for every size, plain and gzipped, at every number of connections. The product is of no use afterwards:
    what it took is not processed.
    """
    table.heading(
        "Capture, validated and durable", "events/request", "body", "connections", "µs CPU/request", "spread", "aim",
        "requests/CPU-s", "events/CPU-s", "p50 ms", "p99 ms", "× answers only (C)", "× append + group commit (C)",
        "× the same, file made before (C)", "failures",
    )  # fmt: skip
    with (
        reference_server("answers") as bare,
        reference_server("grows") as growing,
        reference_server("made before") as made,
        engine_stopped(product),
    ):
        servers = [(product.port, product.pid("front")), bare, growing, made]
        run_load(product.port, requests(product.token, server_event, 20, gzipped=False), 32, 5.0)  # segments are made
        for connections in CONNECTIONS:
            for events, gzipped in BODIES:
                bodies = requests(product.token, server_event, events, gzipped=gzipped)
                costs = [Cost() for _ in servers]
                for _ in range(ROUNDS if connections == CONNECTIONS[0] else 1):
                    for cost, server in zip(costs, servers, strict=True):
                        if server is not None:
                            cost.measure(*server, bodies, connections)
                ours = costs[0]
                ratios = [f"{ours.middle / cost.middle:.2f}" if cost.cpu else "no C compiler" for cost in costs[1:]]
                table.row(
                    events, "gzip" if gzipped else "plain", connections, ours.middle, ours.spread,
                    AIMS.get((events, gzipped), "") if connections == CONNECTIONS[0] else "", 1e6 / ours.middle,
                    events * 1e6 / ours.middle, statistics.median(ours.p50), statistics.median(ours.p99), *ratios,
                    ours.failures,
                )  # fmt: skip
    table.note(
        "Aims are at 32 connections. The reference in C parses nothing, so its ratio grows with the events of a "
        "request; on gzip it stores the packed body and does not unpack it. Its file grows, which costs it new blocks "
        "with every sync; the last ratio is to the same page of C with a file of zeros that was made before, as the "
        "product's segments are."
    )
