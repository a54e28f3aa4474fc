"""What a post of events costs before any rule is asked: how far capture could come down, and where it could not.

    python -m benchmarks.floor [rounds]

At 32 connections, in turn within seconds, µs of CPU a request, the middle of the rounds: the C references (answers;
appends to a file that grows; writes into a file that was made before, as the product's segments are); an empty
handler in Python (finds the end of the head and the length, answers, on uvloop); the same that appends each body with
the product's own log writer; the product. Beside them what the C libraries alone take, called in a loop: unpacking with
libdeflate, and the one decode of msgspec that checks UTF-8, JSON and types. Reference, unpacking and decode together
are what a post would cost if everything in Python were free.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import uvloop

from benchmarks.bodies import requests, server_event
from benchmarks.capture import BODIES, Cost, engine_stopped
from benchmarks.load import run_load
from benchmarks.reference import reference_server
from leanbase.capture.usual import usual_body
from leanbase.eventlog.segments.writer import SegmentWriter
from leanbase.model.inflate import gunzip
from tests.product import Product, free_port, wait_until

CONNECTIONS = 32
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"Ok"}'
LARGEST = 4 << 20
HEAD = (
    "| events | body | C answers | C appends | C, made before | empty | empty, appends | product | unpack | decode | "
    "product ÷ C | ÷ C, made before | (C + unpack + decode) ÷ C |"
)


class Empty(asyncio.Protocol):
    """Answers every request; with a log, once its body is durable."""

    def __init__(self, log: SegmentWriter | None) -> None:
        self._log = log
        self._pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._pending += data
        head = self._pending.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._pending.find(b"Content-Length:")
        end = head + 4 + int(self._pending[at + 15 : self._pending.find(b"\r\n", at)])
        if len(self._pending) < end:
            return
        body, self._pending = self._pending[head + 4 : end], self._pending[end:]
        if self._log is None:
            self._transport.write(ANSWER)
        else:
            self._log.submit(body, lambda _: self._transport.write(ANSWER))


def serve(port: int, folder: str) -> None:
    """The empty handler, for ever; with a ``folder`` it appends there."""
    log = SegmentWriter(Path(folder), 64 << 20, 1 << 40) if folder else None

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: Empty(log), "127.0.0.1", port)
        await server.serve_forever()

    uvloop.run(main())


@contextmanager
def empty_server(folder: str) -> Generator[tuple[int, int], None, None]:
    """Port and process of an empty handler."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.floor", "serve", str(port), folder]
    process = subprocess.Popen(command)
    try:
        wait_until(lambda: _listens(port), "the empty handler listens", 20)
        yield port, process.pid
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    try:
        asyncio.run(_touch(port))
    except OSError:
        return False
    return True


async def _touch(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


def library_cost(body: bytes, gzipped: bool) -> tuple[float, float]:
    """µs of unpacking (0 for plain bodies) and of the decode that validates, the least of some rounds."""
    text = gunzip(body, LARGEST) if gzipped else body
    unpack = least(lambda: gunzip(body, LARGEST)) if gzipped else 0.0
    return unpack, least(lambda: usual_body(text))


def least(function: Callable[[], object]) -> float:
    """The least µs of CPU that a call takes."""
    taken: list[float] = []
    for _ in range(7):
        begun = time.process_time()
        for _ in range(300):
            function()
        taken.append((time.process_time() - begun) / 300 * 1e6)
    return min(taken)


def measure(rounds: int) -> None:
    """Print a row for each kind of body."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Product(Path(folder) / "data") as product,
        reference_server("answers") as bare,
        reference_server("grows") as growing,
        reference_server("made before") as made,
        empty_server("") as empty,
        empty_server(str(Path(folder) / "log")) as appending,
        engine_stopped(product),
    ):
        servers = [bare, growing, made, empty, appending, (product.port, product.pid("front"))]
        usual = requests(product.token, server_event, 20, gzipped=False)
        run_load(appending[0], usual, CONNECTIONS, 2.0)
        run_load(product.port, usual, CONNECTIONS, 4.0)  # segments are made
        print(HEAD, "|---" * 13 + "|", sep="\n")
        for events, gzipped in BODIES:
            bodies = requests(product.token, server_event, events, gzipped=gzipped)
            costs = [Cost() for _ in servers]
            for _ in range(rounds):
                for cost, server in zip(costs, servers, strict=True):
                    assert server is not None, "a C compiler is needed"
                    cost.measure(*server, bodies, CONNECTIONS)
            middle = [statistics.median(cost.cpu) for cost in costs]
            unpack, decode = library_cost(bodies[0].partition(b"\r\n\r\n")[2], gzipped)
            cells = [f"{figure:.1f}" for figure in (*middle, unpack, decode)]
            over = [statistics.median(a / b for a, b in zip(costs[5].cpu, costs[c].cpu, strict=True)) for c in (1, 2)]
            cells += [f"{over[0]:.2f}", f"{over[1]:.2f}", f"{(middle[1] + unpack + decode) / middle[1]:.2f}"]
            print(f"| {events} | {'gzip' if gzipped else 'plain'} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]), sys.argv[3])
    else:
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
