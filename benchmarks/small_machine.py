"""The product under a hard limit of memory: starts, takes events, answers heavy questions or says clearly why not.

    python -m benchmarks.small_machine [--megabytes 1024] [--events 1000000] [--folder DIR]

The limit is a memory cgroup (version 1 or 2, so this needs root): all processes together, page cache included; the
kernel kills what goes beyond. The settings are those of docs/small-machine.md.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.bodies import browser_event
from benchmarks.insights import as_line
from benchmarks.insights_data import PROJECT, make
from benchmarks.insights_questions import questions
from benchmarks.load import run_load
from benchmarks.processes import pss_bytes
from benchmarks.soak import POST, bodies
from tests.product import Product

SMALL = {
    "store_max_memory": 384 << 20,
    "query_max_memory": 160 << 20,
    "query_slots": 1,
    "turn_max_events": 5_000,
    "dedup_max_events": 1_000_000,
}
_ROOTS = (Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup"))
_HEAVY = {
    "every uuid, grouped": "select count() from (select uuid, count() n from events group by uuid)",
    "every text of properties, grouped": "select count() from (select properties from events group by properties)",
    "everything, sorted": "select uuid from events order by properties desc limit 3",
    "all properties in one array (cannot spill)": "select length(groupArray(properties)) from events",
}
FLOOD_SECONDS = 10.0
COLUMNS = ("question", "answer", "seconds")


class NotLimited(Exception):
    """Memory cannot be limited here."""


@contextmanager
def limited(megabytes: int) -> Generator[Path, None, None]:
    """A memory cgroup that this process is in until the end. Raises :class:`NotLimited` where that is not allowed."""
    root = next((path for path in _ROOTS if (path / "cgroup.procs").exists()), None)
    if root is None:
        raise NotLimited("no cgroups are mounted")
    group = root / f"leanbase-{os.getpid()}"
    try:
        group.mkdir()
        limits = (group / "memory.limit_in_bytes", group / "memory.max")
        next(path for path in limits if path.exists()).write_text(str(megabytes << 20))
        (group / "cgroup.procs").write_text(str(os.getpid()))
    except (OSError, StopIteration) as problem:
        with suppress(OSError):
            group.rmdir()
        raise NotLimited(f"no memory cgroup can be made: {problem!r}") from problem
    try:
        yield group
    finally:
        (root / "cgroup.procs").write_text(str(os.getpid()))
        group.rmdir()


def most_used(group: Path) -> float:
    """MB that were used at most, page cache included."""
    names = ("memory.max_usage_in_bytes", "memory.peak")
    return int(next(group / name for name in names if (group / name).exists()).read_text()) / 1e6


def killed(group: Path) -> int:
    """Processes that the kernel ended for want of memory."""
    names = ("memory.oom_control", "memory.events")
    text = next(group / name for name in names if (group / name).exists()).read_text()
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("oom_kill "))


def rows(megabytes: int, folder: Path) -> tuple[list[list[object]], list[str]]:
    """Rows under :data:`COLUMNS` and sentences; ``folder`` holds a store of :mod:`benchmarks.insights_data`."""
    found: list[list[object]] = []
    with tempfile.TemporaryDirectory(dir=folder.parent) as fresh:
        data = Path(fresh) / "data"
        data.mkdir()
        shutil.copytree(folder / "store", data / "store", copy_function=os.link)
        with limited(megabytes) as group, Product(data, **SMALL) as product:
            asked = [(question.name, question.query) for question in questions()]
            asked += [(name, {"kind": "HogQLQuery", "query": text}) for name, text in _HEAVY.items()]
            for name, query in asked:
                begun = time.monotonic()
                reply = product.api("POST", f"/api/projects/{PROJECT}/query/", {"query": query, "refresh": "blocking"})
                told = "200" if reply.status == 200 else f"{reply.status} {str(reply.body.get('detail'))[:90]}"
                found.append([name, told, time.monotonic() - begun])
                print(as_line(found[-1]), flush=True)
            for batch in range(20):
                events = [{"event": "small", "distinct_id": f"d{n}", "properties": {"n": n}} for n in range(500)]
                assert product.capture(events).status == 200, batch
            product.wait_for("select count() from events where event = 'small'", [[10_000]])
            flooded = _flood(product)
            memory = {role: pss_bytes(product.pid(role)) / 1e6 for role in ("supervisor", "front", "engine")}
            notes = [
                "10,000 events taken meanwhile are all there.",
                f"{flooded:,} browser events sent for {FLOOD_SECONDS:.0f} s as fast as they were taken are all there.",
                f"Memory at the end: {', '.join(f'{role} {size:.0f} MB' for role, size in memory.items())};"
                f" most that the group used, page cache included: {most_used(group):.0f} MB of {megabytes};"
                f" processes killed for want of memory: {killed(group)}.",
            ]
    return found, notes


def _flood(product: Product) -> int:
    """Browser events without a pause; answers how many, once all are stored. They are made before the load begins."""
    stored = "select count() from events where event = '$pageview'"
    before = product.sql(stored)[0][0]
    requests = bodies(product.token, browser_event, 200)
    sent = run_load(product.port, requests, 4, FLOOD_SECONDS)
    assert not sent.failures, f"{sent.failures} requests were refused"
    expected = sent.requests * POST
    product.wait_for(stored, [[before + expected]], 300)
    return expected


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="data made before by benchmarks.insights")
    options = parser.parse_args()
    print(as_line(list(COLUMNS)))
    print("|---|---|---|")
    with tempfile.TemporaryDirectory() as fresh:
        folder = options.folder or Path(fresh)
        if not (folder / "store").exists():
            make(folder, options.events).close()
        _, notes = rows(options.megabytes, folder)
    print("\n" + "\n".join(f"- {note}" for note in notes))


if __name__ == "__main__":
    main()
