"""What an event costs the engine, stage by stage, over a log that is ready: CPU of the process, in microseconds.

    python -m benchmarks.pipeline [events] [events a turn] [kind: server, anonymous, identified or demo]

Without a kind all are measured. ``demo`` are the events of ``leanbase serve --demo`` as it sends them, of fewer
visitors: persons that change with most of their events. Merges in the background are charged to the stage they
overlap; the last line is everything. Beside it stands what decoding the same properties into dictionaries takes in the
same run: that is the machine's speed of the moment, and the ratio holds on a busy machine where microseconds do not.
"""

import gc
import gzip
import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.bodies import browser_event, server_event
from leanbase.appdb.state import StateDb
from leanbase.demo.history import History
from leanbase.eventlog.contracts import Entry
from leanbase.model.project import Project
from leanbase.model.record import Lane, Record, encode_record
from leanbase.persons.service import Persons
from leanbase.persons.turn import PersonsTurn
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
from leanbase.store.sql import Sql

POST = 20
DEMO_POST = 500
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

    def backlog_bytes(self, position: int) -> int:
        return 0  # nothing is read ahead: stages overlap then

    def skipped_bytes(self) -> int:
        return 0


def identified(event: dict[str, Any]) -> dict[str, Any]:
    event["properties"]["$process_person_profile"] = True
    return event


Make = Callable[[random.Random, datetime], dict[str, Any]]
KINDS: dict[str, Make | None] = {
    "server": server_event,
    "anonymous": browser_event,
    "identified": lambda chance, now: identified(browser_event(chance, now)),
    "demo": None,
}
DEMO_EVENTS_A_VISITOR = 43  # the fewer visitors, the more each does: 17 of the whole demo


def made_records(make: Make, total: int) -> Iterator[tuple[int, Record]]:
    """Requests of ``POST`` events each: how many events, and the record of the log."""
    chance, now = random.Random(20), datetime.now(UTC)
    for _ in range(total // POST):
        events = [make(chance, now) for _ in range(POST)]
        body = json.dumps({"api_key": "t", "batch": events, "sent_at": now.isoformat()}).encode()
        yield POST, Record(1, Lane.V0, time.time_ns() // 1000, body, ip=f"91.0.{chance.randrange(99)}.1")


def demo_records(total: int) -> Iterator[tuple[int, Record]]:
    """The demo project's whole history, of as many visitors as make about ``total`` events."""
    history = History(datetime.now(UTC), visitors=int(total / DEMO_EVENTS_A_VISITOR))
    for day in range(history.days):
        events = history.events(day)
        for start in range(0, len(events), DEMO_POST):
            batch = events[start : start + DEMO_POST]
            body = f'{{"api_key":"t","historical_migration":true,"batch":[{",".join(batch)}]}}'.encode()
            now = time.time_ns() // 1000
            yield len(batch), Record(1, Lane.V0, now, gzip.compress(body, 1), encoding="gzip", ip="127.0.0.1")


class Stages:
    """Wraps functions so that the CPU they take is added up under a name; what they call inside is taken off."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
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


class Reference:
    """CPU seconds of decoding the properties of some events, taken between the turns."""

    def __init__(self, bodies: list[bytes]) -> None:
        sent = [event for body in bodies for event in json.loads(body)["batch"]]
        self._texts = [msgspec.json.encode(event["properties"]) for event in sent]
        self.spent = 0.0
        self._runs = 0

    def run(self) -> None:
        started = time.process_time()
        for text in self._texts:
            msgspec.json.decode(text)
        self.spent += time.process_time() - started
        self._runs += 1

    def per_event(self) -> float:
        """Of one event, in microseconds."""
        return self.spent / self._runs / len(self._texts) * 1e6


def disk_use(store: EmbeddedStore) -> Iterator[str]:
    """Bytes of an event and of its columns: once everything is merged, and settled, as the store has it a day later."""
    yield f"merged:  {_bytes_an_event(store)}"
    # The rule of the schema, but for the day: every part is due now.
    store.command(
        Sql(
            "ALTER TABLE events MODIFY TTL toDateTime(inserted_at) - INTERVAL 1 DAY RECOMPRESS CODEC(ZSTD(9)) "
            "SETTINGS mutations_sync = 1"
        )
    )
    yield f"settled: {_bytes_an_event(store)}"


def _bytes_an_event(store: EmbeddedStore) -> str:
    store.command(Sql("OPTIMIZE TABLE events FINAL"))
    rows = store.query(
        Sql(
            "SELECT name, data_compressed_bytes FROM system.columns WHERE database = currentDatabase() "
            "AND table = 'events' AND data_compressed_bytes > 0 ORDER BY 2 DESC LIMIT 12"
        )
    ).rows
    sizes = "SELECT sum(bytes_on_disk), sum(rows) FROM system.parts WHERE active AND table = 'events'"
    total, count = store.query(Sql(sizes)).rows[0]
    columns = ", ".join(f"{name} {size / count:.1f}" for name, size in rows)  # none of a part that is one file
    return f"{total / count:.0f} B an event on disk{': ' if columns else ''}{columns}"


def run(kind: str, total: int, turn: int) -> None:
    """Fill a store of its own with events of a kind and print what they cost."""
    with tempfile.TemporaryDirectory() as folder:
        fill(kind, total, turn, Path(folder))


def fill(kind: str, total: int, turn: int, folder: Path) -> None:
    """:func:`run` in a folder."""
    store = EmbeddedStore(folder / "store")
    migrate(store)
    log = ReadyLog()
    make = KINDS[kind]
    size = events = 0
    samples: list[bytes] = []
    for count, record in made_records(make, total) if make else demo_records(total):
        body = gzip.decompress(record.body) if record.encoding else record.body
        size, events = size + len(body), events + count
        log.append(encode_record(record))
        if len(samples) < 50:
            samples.append(body)
    reference = Reference(samples)
    state = StateDb(folder / "state.sqlite")
    stages = Stages()
    persons = Persons(state, store)
    project = Project(id=1, api_token="t")
    recordings = RecordingInbox(folder / "inbox")
    services = Services(log, store, state, persons, {1: project}.get, Countries(COUNTRIES), DaySalts(state), recordings)
    steps = tuple(stages.wrap(f"  {step.__name__}", step) for step in STEPS)
    pipeline = Pipeline(services, max_events=turn, steps=steps)
    names: list[tuple[Any, str, str]] = [
        (loop, "read_batch", "read and decode"), (loop, "event_columns", "columns"), (store, "insert", "insert"),
        (store, "_send_block", "insert (engine)"), (Definitions, "learn", "definitions"),
        (Definitions, "write", "definitions (write)"), (RecentUuids, "keep", "dedup (keep)"),
        (loop, "write_plan", "plan"), (PersonsTurn, "resolve", "persons (resolve)"),
        (PersonsTurn, "store_rows", "persons (rows)"), (PersonsTurn, "write", "persons (write)"),
        (PersonsTurn, "committed", "persons (keep)"),
    ]  # fmt: skip
    kept = [(where, name, getattr(where, name)) for where, name, _ in names]
    for where, name, label in names:
        setattr(where, name, stages.wrap(label, getattr(where, name)))
    gc.collect()
    gc.freeze()
    wall, started = time.perf_counter(), time.process_time()
    run_turn = stages.wrap("the rest", pipeline.run_turn)
    turns: list[float] = []  # µs an event
    while True:
        begun = time.process_time()
        report = run_turn()
        if not report.entries:
            break
        turns.append((time.process_time() - begun) / report.events * 1e6)
        reference.run()
    cpu, wall = time.process_time() - started - reference.spent, time.perf_counter() - wall
    for where, name, function in kept:
        setattr(where, name, function)
    print(f"\n{kind}: {size // events} B, {events} events, turns of {turn}: {events / wall:,.0f} events/s")
    for name, seconds in sorted(stages.spent.items(), key=lambda item: -item[1]):
        print(f"  {name:28} {seconds / events * 1e6:6.2f}")
    cost, unit = cpu / events * 1e6, reference.per_event()
    print(f"  {'all':28} {cost:6.2f}   {cost / unit:.1f} times decoding its properties ({unit:.2f})", flush=True)
    turns = sorted(turns[:-1])  # the last one may be small
    print(f"  turns: {turns[0]:.1f} the cheapest, {turns[len(turns) // 2]:.1f} the median, {turns[-1]:.1f} the dearest")
    for line in disk_use(store):
        print(f"  {line}", flush=True)
    state.close()
    store.close()


def main() -> None:
    """Each kind in turn."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    turn = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    for kind in sys.argv[3:] or KINDS:
        run(kind, total, turn)


if __name__ == "__main__":
    main()
