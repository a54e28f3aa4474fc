"""Capture: CPU of the front for each request, against servers that do less, in the same run."""

from benchmarks.bodies import requests, server_event
from benchmarks.load import Outcome, run_load
from benchmarks.processes import cpu_seconds
from benchmarks.reference import reference_server
from benchmarks.table import Table
from tests.product import Product

SECONDS = 3.0
SIZES = (1, 20, 100)  # events a request
CONNECTIONS = (1, 32, 256)


def _measured(port: int, pid: int, bodies: list[bytes], connections: int) -> tuple[Outcome, float]:
    """The outcome of a load, and the server's CPU microseconds a request."""
    run_load(port, bodies, connections, 0.3)
    before = cpu_seconds(pid)
    outcome = run_load(port, bodies, connections, SECONDS)
    return outcome, 1e6 * (cpu_seconds(pid) - before) / outcome.requests


def measure_capture(product: Product, table: Table) -> None:
    """Rows for every size, plain and gzipped, at every number of connections."""
    table.heading(
        "Capture, validated and durable", "events/request", "body", "connections", "µs CPU/request", "requests/CPU-s",
        "events/CPU-s", "p50 ms", "p99 ms", "× answers only (C)", "× appends, group commit (C)", "failures",
    )  # fmt: skip
    with reference_server(durable=False) as bare, reference_server(durable=True) as durable:
        for size in SIZES:
            for gzipped in (False, True):
                bodies = requests(product.token, server_event, size, gzipped=gzipped)
                for connections in CONNECTIONS:
                    ours, cost = _measured(product.port, product.pid("front"), bodies, connections)
                    ratios = [
                        f"{cost / _measured(*server, bodies, connections)[1]:.2f}" if server else "no C compiler"
                        for server in (bare, durable)
                    ]
                    table.row(size, "gzip" if gzipped else "plain", connections, cost, 1e6 / cost, size * 1e6 / cost,
                              ours.p50, ours.p99, *ratios, ours.failures)  # fmt: skip
