"""Sustained load on the whole product over loopback: is everything flat and bounded while events arrive for minutes?

    python -m benchmarks.soak [seconds] [kind: server or browser]

Sends as fast as the backlog allows: above 64 MB of it the load pauses, so the rate is what engine, front and the load
itself reach together on this machine. Every event is stored (none has a uuid that repeats). Ends by itself; fails
when events are missing at the end.
"""

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.bodies import browser_event, server_event
from benchmarks.load import http_request, run_load
from benchmarks.processes import cpu_seconds, pss_bytes
from tests.product import Product, wait_until

POST = 20
BODIES = 2_000
CONNECTIONS = 8
MOST_BACKLOG = 64 << 20
SAMPLE_SECONDS = 15.0
SETTLE_SECONDS = 20.0  # merges end and consumed segments go
# Of uuids, so that the memory for them stops growing within the run: 16 bytes each, 8 million by default.
REMEMBERED = 500_000
ROLES = ("front", "engine")


def bodies(token: str, make: Any, count: int = BODIES) -> list[bytes]:
    """Requests whose events come without uuids: each is a new event however often it is sent."""
    chance, now = random.Random(3), datetime.now(UTC)
    made: list[bytes] = []
    for _ in range(count):
        events = [make(chance, now) for _ in range(POST)]
        for event in events:
            del event["uuid"]
        body = json.dumps({"api_key": token, "batch": events}).encode()
        made.append(http_request("/batch/", body, {"Content-Type": "application/json"}))
    return made


@dataclass(frozen=True)
class Sample:
    """What the product holds and has used at a moment."""

    seconds: float
    stored: int
    backlog: int
    cpu: dict[str, float]
    memory: dict[str, int]
    parts: int
    files: int
    segments: int
    disk: int

    def line(self) -> str:
        memory = "  ".join(f"{role} {self.memory[role] / 1e6:4.0f} MB" for role in ROLES)
        return (
            f"{self.seconds:5.0f} s  {self.stored:>10,} stored  {self.backlog / 1e6:6.1f} MB waiting  {memory}  "
            f"{self.parts:4} parts  {self.files:5} files  {self.segments} segments  "
            f"{self.disk / 1e6:6.0f} MB on disk"
        )


class Soak:
    """Asks a running product about itself."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._begun = time.monotonic()
        self.sent = 0
        self.worst = 0.0  # p99 of acknowledgements, ms

    def metric(self, name: str) -> int:
        """A number of ``/metrics``."""
        for line in self._product.get("/metrics").text.splitlines():
            if line.startswith(f"leanbase_pipeline_{name} "):
                return int(float(line.split()[1]))
        raise LookupError(name)

    def stored(self) -> int:
        """Events that SQL counts."""
        return self._product.sql("select count() from events")[0][0]

    def sample(self) -> Sample:
        parts = files = disk = 0
        for folder, _, names in os.walk(self._product.folder):
            parts += "checksums.txt" in names and "projections" not in folder and not folder.endswith(".proj")
            files += len(names)
            for name in names:
                try:
                    disk += (Path(folder) / name).stat().st_size
                except FileNotFoundError:  # merged away just now
                    files -= 1
        return Sample(
            time.monotonic() - self._begun,
            self.stored(),
            self.metric("backlog_bytes"),
            {role: cpu_seconds(self._product.pid(role)) for role in ROLES},
            {role: pss_bytes(self._product.pid(role)) for role in ROLES},
            parts,
            files,
            len(list((self._product.folder / "log").glob("*.segment"))),
            disk,
        )

    def load(self, requests: list[bytes], seconds: float) -> Iterator[Sample]:
        """Send for so long; a sample every so often."""
        until = time.monotonic() + seconds
        due = time.monotonic() + SAMPLE_SECONDS
        turn = 0
        while time.monotonic() < until:
            if self.metric("backlog_bytes") > MOST_BACKLOG:
                time.sleep(0.1)
            else:
                turn = (turn + 97) % len(requests)
                outcome = run_load(self._product.port, requests[turn:] + requests[:turn], CONNECTIONS, 0.5)
                assert not outcome.failures, f"{outcome.failures} requests were refused"
                self.sent += outcome.requests * POST
                self.worst = max(self.worst, outcome.p99)
            if time.monotonic() >= due:
                due = time.monotonic() + SAMPLE_SECONDS
                yield self.sample()
        yield self.sample()


def report(soak: Soak, before: Sample, samples: list[Sample], drained: Sample, settled: Sample) -> None:
    """The few numbers that count."""
    last, third = samples[-1], samples[len(samples) // 3]
    print(f"\n{drained.stored / (drained.seconds - before.seconds):,.0f} events/s until all were stored")
    for role in ROLES:
        memory = [f"{s.memory[role] / 1e6:.0f} MB {when}" for s, when in (
            (before, "idle"), (third, "after a third"), (last, "at the end"), (settled, "settled")
        )]  # fmt: skip
        used = drained.cpu[role] - before.cpu[role]
        print(f"{role}: {1e6 * used / drained.stored:.1f} µs of CPU an event; {', '.join(memory)}")
    most = {name: max(getattr(s, name) for s in samples) for name in ("backlog", "parts", "files", "segments")}
    print(
        f"at most {most['backlog'] / 1e6:.0f} MB of backlog, {most['parts']} parts, {most['files']} files, "
        f"{most['segments']} segments of the log; settled: {settled.parts} parts, {settled.files} files, "
        f"{settled.segments} segments, {settled.disk / settled.stored:.0f} B of disk an event, log included"
    )
    print(f"worst p99 of acknowledgements in any half second: {soak.worst:.0f} ms")


def main() -> None:
    """One soak in a fresh folder."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 180.0
    make = browser_event if sys.argv[2:] == ["browser"] else server_event
    with tempfile.TemporaryDirectory() as folder:
        with Product(Path(folder) / "data", dedup_max_events=REMEMBERED) as product:
            soak = Soak(product)
            requests = bodies(product.token, make)
            before = soak.sample()
            print(before.line(), flush=True)
            samples: list[Sample] = []
            for sample in soak.load(requests, seconds):
                samples.append(sample)
                print(sample.line(), flush=True)
            wait_until(lambda: soak.stored() >= soak.sent, "everything accepted is stored", 600)
            drained = soak.sample()
            assert drained.stored == soak.sent, f"{drained.stored} stored of {soak.sent}"
            print(drained.line(), "when all was stored", flush=True)
            time.sleep(SETTLE_SECONDS)
            settled = soak.sample()
            print(settled.line(), "settled", flush=True)
        report(soak, before, samples, drained, settled)


if __name__ == "__main__":
    main()
