"""What the tests of the pipeline stand on."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from leanbase.appdb.state import StateDb
from leanbase.eventlog.contracts import Entry
from leanbase.model.event import Event
from leanbase.model.project import Project
from leanbase.model.record import Lane, Record, encode_record
from leanbase.persons.service import Persons
from leanbase.pipeline.dedup import RecentUuids
from leanbase.pipeline.loop import Pipeline, Services
from leanbase.pipeline.recordings import RecordingInbox
from leanbase.pipeline.salts import DaySalts
from leanbase.pipeline.steps import STEPS, Step
from leanbase.pipeline.turn import Country, Turn
from leanbase.store.client import Limits, Store
from leanbase.store.sql import Sql

NOON = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()) * 1_000_000
SECOND = 1_000_000
GERMAN = "91.0.0.1"


class ListLog:
    """A log in memory. Positions are byte offsets, as in the real one."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.released = 0

    def append(self, payload: bytes) -> int:
        start = self.head()
        self.entries.append(Entry(start, start + len(payload) + 8, payload))
        return self.head()

    def read(self, position: int, max_bytes: int) -> list[Entry]:
        found: list[Entry] = []
        size = 0
        for entry in self.entries:
            if entry.start >= position and (not found or size < max_bytes):
                found.append(entry)
                size += len(entry.payload)
        return found

    def release(self, position: int) -> None:
        self.released = position

    def head(self) -> int:
        return self.entries[-1].end if self.entries else 0

    def backlog_bytes(self, position: int) -> int:
        return self.head() - position


class Germany:
    """A country database that knows one address."""

    def country(self, ip: str) -> Country | None:
        return Country("DE", "Germany", "EU", "Europe") if ip == GERMAN else None


class FixedSalts:
    def of(self, day: str) -> bytes | None:
        return day.encode().ljust(16) if day >= "2026-03-01" else None


class Clock:
    """Moves a second with every look, so that each turn has its own time."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> int:
        self.now += SECOND
        return self.now


class World:
    """One installation. ``restart`` forgets what is only in memory."""

    def __init__(self, store: Store, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.store: Store = store
        self.folder = folder
        self.log = ListLog()
        self.clock = Clock()
        self.projects = {1: Project(id=1, api_token="phc_1"), 2: Project(id=2, api_token="phc_2")}
        self.state = StateDb(folder / "state.sqlite")
        self.steps: tuple[Step, ...] = STEPS
        self.restart()

    def restart(self, store: Store | None = None, state: Any = None, log: Any = None, **settings: Any) -> None:
        """A new process. Parts may be given that fail."""
        state = state or self.state
        self.persons = Persons(state, store or self.store, find_project=self.projects.get, clock=self.clock)
        self.pipeline = Pipeline(
            Services(
                log=log or self.log,
                store=store or self.store,
                state=state,
                persons=self.persons,
                projects=self.projects.get,
                countries=Germany(),
                salts=DaySalts(state),
                recordings=RecordingInbox(self.folder / "inbox"),
            ),
            steps=self.steps,
            clock=self.clock,
            **settings,
        )

    def send(self, *events: dict[str, Any], project: int = 1, lane: Lane = Lane.V0, **record: Any) -> int:
        """Put a request into the log. Events get a uuid and a time when they have none."""
        for number, event in enumerate(events):
            event.setdefault("uuid", str(UUID(int=(self.log.head() << 16) + number + 1)))
        body = json.dumps({"api_key": "phc_1", "batch": list(events)}).encode()
        record.setdefault("received_at", self.clock())
        return self.log.append(encode_record(Record(project, lane, body=body, **record)))

    def drain(self) -> None:
        """Take turns until the log is empty."""
        for _ in range(200):
            if not self.pipeline.run_turn().entries:
                return
        raise AssertionError("the log does not get empty")

    def rows(self, text: str, **binds: Any) -> list[tuple[Any, ...]]:
        return self.store.query(Sql(text, binds), Limits(20, 1 << 29, 100_000)).rows

    def events(self, columns: str = "event, distinct_id") -> list[tuple[Any, ...]]:
        return self.rows(f"SELECT {columns} FROM events ORDER BY timestamp, uuid")

    def state_rows(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.state.read() as connection:
            return connection.execute(text, values).fetchall()

    def drops(self) -> dict[str, int]:
        return dict(self.state_rows("SELECT reason, sum(count) FROM dropped GROUP BY reason"))

    def close(self) -> None:
        self.state.close()


def an_event(name: str = "click", distinct_id: str = "d", **properties: Any) -> dict[str, Any]:
    """An event as an SDK sends it."""
    return {"event": name, "distinct_id": distinct_id, "properties": properties}


def make_event(
    properties: dict[str, Any] | None = None, name: str = "click", project: Any = None, **fields: Any
) -> Event:
    """An event in the pipeline."""
    properties = properties or {}
    fields.setdefault("raw", json.dumps(properties, separators=(",", ":")).encode())
    fields.setdefault("distinct_id", "d")
    fields.setdefault("uuid", UUID(int=1))
    return Event(
        project=project or Project(id=1, api_token="phc_1"),
        event=name,
        timestamp=NOON,
        received_at=NOON,
        properties=dict(properties),
        **fields,
    )


def a_turn() -> Turn:
    return Turn(RecentUuids(24, 1000), Germany(), FixedSalts())


def one_step(step: Step, event: Event) -> tuple[Event | None, Turn]:
    """The event after a step (None: left out), and the turn."""
    turn = a_turn()
    left: Sequence[Event] = step([event], turn)
    return (left[0] if left else None), turn
