"""A closed-loop HTTP load: every connection sends, waits for the answer, sends again. Loopback only, ends by itself."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import uvloop


@dataclass(frozen=True)
class Outcome:
    """What a load saw. Latencies in milliseconds."""

    requests: int
    failures: int
    seconds: float
    p50: float
    p99: float


class _Connection(asyncio.Protocol):
    def __init__(self, load: "_Load") -> None:
        self._load = load
        self._pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class
        self._send()

    def _send(self) -> None:
        request = self._load.next_request()
        if request is None:
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._pending += data
        head = self._pending.find(b"\r\n\r\n")
        if head < 0:
            return
        lowered = self._pending[:head].lower()
        at = lowered.find(b"content-length:")
        length = int(lowered[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._pending) < head + 4 + length:
            return
        self._load.answered(self._pending.startswith(b"HTTP/1.1 200"), time.perf_counter() - self._sent)
        self._pending = b""
        self._send()

    def connection_lost(self, _: Exception | None) -> None:
        self._load.closed()


class _Load:
    def __init__(self, requests: Sequence[bytes], connections: int, seconds: float) -> None:
        self._requests = requests
        self._sent = 0
        self._open = connections
        self._deadline = time.perf_counter() + seconds
        self.latencies: list[float] = []
        self.failures = 0
        self.done = asyncio.Event()

    def next_request(self) -> bytes | None:
        if time.perf_counter() >= self._deadline:
            return None
        self._sent += 1
        return self._requests[self._sent % len(self._requests)]

    def answered(self, ok: bool, seconds: float) -> None:
        self.latencies.append(seconds)
        self.failures += not ok

    def closed(self) -> None:
        self._open -= 1
        if not self._open:
            self.done.set()


def http_request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """The bytes of a POST."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def run_load(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Outcome:
    """Send the requests in turn over so many connections for so long."""

    async def main() -> Outcome:
        load = _Load(requests, connections, seconds)
        loop = asyncio.get_running_loop()
        begun = time.perf_counter()
        for _ in range(connections):
            await loop.create_connection(lambda: _Connection(load), "127.0.0.1", port)
        await load.done.wait()
        latencies = sorted(load.latencies)
        return Outcome(
            requests=len(latencies),
            failures=load.failures,
            seconds=time.perf_counter() - begun,
            p50=1000 * latencies[len(latencies) // 2],
            p99=1000 * latencies[min(len(latencies) - 1, int(0.99 * len(latencies)))],
        )

    return uvloop.run(main())


class _Paced(asyncio.Protocol):
    """Sends when it is told to, and notes how long answers took from the moment when the request was due."""

    def __init__(self, latencies: list[float], failures: list[bytes]) -> None:
        self._latencies, self._failures = latencies, failures
        self._due: list[float] = []
        self._pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def send(self, request: bytes, due: float) -> None:
        self._due.append(due)
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._pending += data
        while (head := self._pending.find(b"\r\n\r\n")) >= 0:
            lowered = self._pending[:head].lower()
            at = lowered.find(b"content-length:")
            end = head + 4 + (int(lowered[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0)
            if len(self._pending) < end:
                return
            if not self._pending.startswith(b"HTTP/1.1 200"):
                self._failures.append(self._pending[:end])
            self._latencies.append(time.perf_counter() - self._due.pop(0))
            self._pending = self._pending[end:]

    def close(self) -> None:
        self._transport.close()


async def paced_load(port: int, requests: Sequence[bytes], per_second: float, seconds: float) -> Outcome:
    """Send at a steady rate, whatever the answers take: late answers count from when their request was due."""
    loop = asyncio.get_running_loop()
    latencies: list[float] = []
    failures: list[bytes] = []
    connections = [
        (await loop.create_connection(lambda: _Paced(latencies, failures), "127.0.0.1", port))[1] for _ in range(16)
    ]
    begun = time.perf_counter()
    total = int(per_second * seconds)
    for number in range(total):
        due = begun + number / per_second
        pause = due - time.perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        connections[number % len(connections)].send(requests[number % len(requests)], due)
    deadline = time.perf_counter() + 30
    while len(latencies) < total and time.perf_counter() < deadline:
        await asyncio.sleep(0.01)
    for connection in connections:
        connection.close()
    latencies.sort()
    return Outcome(
        requests=len(latencies),
        failures=len(failures) + total - len(latencies),
        seconds=time.perf_counter() - begun,
        p50=1000 * latencies[len(latencies) // 2],
        p99=1000 * latencies[min(len(latencies) - 1, int(0.99 * len(latencies)))],
    )
