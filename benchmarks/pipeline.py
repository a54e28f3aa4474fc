"""What an event costs the engine, stage by stage, over a log that is ready: CPU of the process, in microseconds.

    python -m benchmarks.pipeline [events] [events a turn]

Merges in the background are charged to the stage they overlap; the last line is everything.
"""

import gc
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.bodies import browser_event, server_event
from leanbase.appdb.state import StateDb
from leanbase.eventlog.contracts import Entry
from leanbase.model.project import Project
from leanbase.model.record import Lane, Record, encode_record
from leanbase.persons.service import Persons
from leanbase.pipeline import loop
from leanbase.pipeline.dedup import RecentUuids
from leanbase.pipeline.definitions import Definitions
from leanbase.pipeline.geoip import Countries
from leanbase.pipeline.loop import Pipeline, Services
from leanbase.pipeline.recordings import RecordingInbox
from leanbase.pipeline.salts import DaySalts
from leanbase.pipeline.steps import STEPS
from leanbase.store.embedded import EmbeddedStore
from leanbase.store.migrate import migrate

POST = 20
COUNTRIES = Path(__file__).parent.parent / "src/leanbase/assets/geoip/country.mmdb"


class ReadyLog:
    """A log in memory."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def append(self, payload: bytes) -> None:
        self.entries.append(Entry(len(self.entries), len(self.entries) + 1, payload))

    def read(self, position: int, max_bytes: int) -> list[Entry]:
        return self.entries[position : position + max(1, max_bytes // 16_000)]

    def release(self, position: int) -> None: ...

    def head(self) -> int:
        return len(self.entries)


def identified(event: dict[str, Any]) -> dict[str, Any]:
    event["properties"]["$process_person_profile"] = True
    return event


KINDS: dict[str, Callable[[random.Random, datetime], dict[str, Any]]] = {
    "server": server_event,
    "browser, anonymous": browser_event,
    "browser, identified": lambda chance, now: identified(browser_event(chance, now)),
}


class Stages:
    """Wraps functions so that the CPU they take is added up under a name; what they call inside is taken off."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._inside = [0.0]

    def wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*arguments: Any, **named: Any) -> Any:
            started = time.process_time()
            self._inside.append(0.0)
            try:
                return function(*arguments, **named)
            finally:
                taken = time.process_time() - started
                self.spent[name] += taken - self._inside.pop()
                self._inside[-1] += taken

        return measured


def main() -> None:
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    turn = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    folder = Path(tempfile.mkdtemp())
    store = EmbeddedStore(folder / "store")
    migrate(store)
    for kind, make in KINDS.items():
        chance, now = random.Random(kind), datetime.now(UTC)
        log = ReadyLog()
        size = 0
        for _ in range(total // POST):
            events = [make(chance, now) for _ in range(POST)]
            size += len(json.dumps(events[0], separators=(",", ":")))
            body = json.dumps({"api_key": "t", "batch": events, "sent_at": now.isoformat()}).encode()
            record = Record(1, Lane.V0, time.time_ns() // 1000, body, ip=f"91.0.{chance.randrange(99)}.1")
            log.append(encode_record(record))
        state = StateDb(folder / f"state-{len(kind)}.sqlite")
        stages = Stages()
        persons = Persons(state, store)
        project = Project(id=1, api_token="t")
        countries = Countries(COUNTRIES)
        recordings = RecordingInbox(folder / "inbox")
        services = Services(log, store, state, persons, {1: project}.get, countries, DaySalts(state), recordings)
        steps = tuple(stages.wrap(f"  {step.__name__}", step) for step in STEPS)
        pipeline = Pipeline(services, max_events=turn, steps=steps)
        names: list[tuple[Any, str, str]] = [
            (loop, "read_batch", "read and decode"), (loop, "event_columns", "columns"), (store, "insert", "insert"),
            (store, "_send_block", "insert (engine)"), (Definitions, "learn", "definitions"),
            (Definitions, "write", "definitions (write)"), (RecentUuids, "keep", "dedup (keep)"),
            (loop, "write_plan", "plan"),
        ]  # fmt: skip
        kept = [(where, name, getattr(where, name)) for where, name, _ in names]
        for where, name, label in names:
            setattr(where, name, stages.wrap(label, getattr(where, name)))
        gc.collect()
        gc.freeze()
        wall, started = time.perf_counter(), time.process_time()
        run = stages.wrap("persons and the rest", pipeline.run_turn)
        while run().entries:
            pass
        cpu, wall = time.process_time() - started, time.perf_counter() - wall
        for where, name, function in kept:
            setattr(where, name, function)
        print(f"\n{kind}: {size // (total // POST)} B, {total} events, turns of {turn}: {total / wall:,.0f} events/s")
        for name, seconds in sorted(stages.spent.items(), key=lambda item: -item[1]):
            print(f"  {name:28} {seconds / total * 1e6:6.2f}")
        print(f"  {'all':28} {cpu / total * 1e6:6.2f}", flush=True)
        state.close()
    store.close()


if __name__ == "__main__":
    main()
