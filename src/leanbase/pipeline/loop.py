"""The loop around the steps: takes a range of the log, makes it rows, moves on. Exactly once, also through crashes.

A turn: read and decode; write the plan; resolve persons; insert persons, then events, each under a token made of the
plan; commit persons, definitions, drops and the new position in one transaction; release the log. A crash at any point
repeats the same plan, and the store drops what it has. While the store inserts persons, which leaves the interpreter
free, the events become columns; while it inserts those, names are learnt and the next turn is read and decoded if one
waits.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from leanbase.appdb.state import StateDb
from leanbase.eventlog.contracts import LogReader
from leanbase.model.dropped import Dropped, Warning_
from leanbase.model.event import Event
from leanbase.persons.usage import add_recordings
from leanbase.persons.warnings import Debounce
from leanbase.pipeline.batch import Batch, ProjectLookup, read_batch, set_aside
from leanbase.pipeline.bookkeeping import write_dead_letters, write_drops, write_warnings
from leanbase.pipeline.counters import PipelineCounters, TurnReport
from leanbase.pipeline.dedup import RecentUuids
from leanbase.pipeline.definitions import Definitions
from leanbase.pipeline.failures import is_transient
from leanbase.pipeline.garbage import no_search_for_cycles
from leanbase.pipeline.position import Plan, drop_plan, finish_plan, read_position, withdraw_plan, write_plan
from leanbase.pipeline.recordings import RecordingInbox
from leanbase.pipeline.rows import Columns, event_columns, heatmap_columns
from leanbase.pipeline.steps import STEPS, Step, run_steps
from leanbase.pipeline.turn import CookielessSalts, CountryLookup, DeadLetter, Turn
from leanbase.store.client import Store
from leanbase.store.overrides import reload_overrides
from leanbase.store.sql import Sql

_log = logging.getLogger(__name__)

_POLL_SECONDS = 0.04  # how soon a pipeline notices an event …
_IDLE_POLL_SECONDS = 0.2  # … and one that had nothing to do for so many seconds: each look costs 0.2 ms of CPU
_IDLE_AFTER_SECONDS = 10.0
_PACE_SECONDS = 0.4  # between turns while events trickle in: larger turns cost less each event
_BUSY_PACE_SECONDS = 1.0  # the same after a turn of so many events: 5,000 a second cost 42 us each in place of 59
_BUSY_EVENTS = 1_000
_PACE_BYTES = 4 << 20  # of backlog that do not wait for the pace
_BACKOFF_SECONDS = (0.2, 10.0)  # first and longest pause after a failure that goes away by itself

_encode = msgspec.json.Encoder(enc_hook=str).encode


class PersonsTurn(Protocol):
    """What a turn needs of persons (``persons.turn.PersonsTurn``)."""

    dropped: list[Dropped]
    dead_letters: list[tuple[Event, str]]
    warnings: list[Warning_]

    def resolve(self, events: list[Event]) -> list[Event]: ...
    def store_rows(self) -> Mapping[str, Mapping[str, list[Any]]]: ...
    def write(self, connection: sqlite3.Connection) -> None: ...


class PersonsService(Protocol):
    """``persons.service.Persons``, as far as the pipeline uses it."""

    def begin(self, now: int | None = None) -> AbstractContextManager[PersonsTurn]: ...
    def waiting(self) -> list[tuple[int, int]]: ...
    def next_due(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """What the pipeline works with."""

    log: LogReader
    store: Store
    state: StateDb
    persons: PersonsService
    projects: ProjectLookup
    countries: CountryLookup
    salts: CookielessSalts
    recordings: RecordingInbox


def _wall_clock() -> int:
    return time.time_ns() // 1000


class Pipeline:
    """One of these runs on a state database. :meth:`run` is its thread, :meth:`run_turn` one turn."""

    def __init__(
        self,
        services: Services,
        *,
        max_events: int = 20_000,
        dedup_hours: float = 24,
        dedup_max_events: int = 8_000_000,
        read_ahead_bytes: int = _PACE_BYTES,
        steps: tuple[Step, ...] = STEPS,
        clock: Callable[[], int] = _wall_clock,
    ) -> None:
        self._services = services
        self._max_events = max_events
        self._read_ahead_bytes = read_ahead_bytes  # of backlog behind a turn from which the next is read beside it
        self._steps = steps
        self._clock = clock
        self._recent = RecentUuids(dedup_hours, dedup_max_events)
        self._definitions = Definitions()
        self._debounce = Debounce()
        self._max_entries: int | None = None  # fewer than the log has while a poison record is searched for
        self._ready = False
        self._inserter = ThreadPoolExecutor(1, "insert")  # starts its thread with the first use
        self._ahead: Batch | None = None  # what the next turn takes if nothing goes wrong
        self.counters = PipelineCounters()

    # -- the thread ----------------------------------------------------------

    def run(self, stop: threading.Event) -> None:
        """Take turns until ``stop`` is set. A failure is logged, waited out and repeated; nothing is skipped."""
        pause = _BACKOFF_SECONDS[0]
        while not stop.is_set():
            started = time.monotonic()
            try:
                report = self.run_turn()
            except Exception as problem:
                # Whatever it is, the line must not end: the turn is undone and will be repeated.
                _log.exception("a turn of the pipeline failed; it is repeated in %.1f s", pause)
                self.counters.failure(str(problem))
                stop.wait(pause)
                pause = min(pause * 2, _BACKOFF_SECONDS[1])
                continue
            if report.failed:
                stop.wait(pause)
                pause = min(pause * 2, _BACKOFF_SECONDS[1])
                continue
            pause = _BACKOFF_SECONDS[0]
            self._wait_for_work(stop, started, _PACE_SECONDS if report.events < _BUSY_EVENTS else _BUSY_PACE_SECONDS)

    def _wait_for_work(self, stop: threading.Event, last_turn: float, pace: float) -> None:
        """Return when a turn is worth it: at once on a quiet system, with the pace of larger turns on a busy one."""
        looked = last_turn
        while not stop.is_set():
            now = time.monotonic()
            self.counters.head = self._services.log.head()
            backlog = self.counters.backlog_bytes()
            if backlog and (backlog >= _PACE_BYTES or now - last_turn >= pace):
                return
            if now - looked >= 1:
                looked = now
                due = self._services.persons.next_due()
                if due is not None and due <= self._clock():
                    return
            stop.wait(_POLL_SECONDS if now - last_turn < _IDLE_AFTER_SECONDS else _IDLE_POLL_SECONDS)

    # -- a turn --------------------------------------------------------------

    def run_turn(self) -> TurnReport:
        """Process the next range of the log, or the one that a crash interrupted.

        A failure that goes away by itself (full disk, memory, a store that is down) is reported in ``failed`` and
        changes nothing. A range that fails for another reason is halved until the record to blame is alone; that
        becomes a dead letter.
        """
        with no_search_for_cycles():
            return self._run_turn()

    def _run_turn(self) -> TurnReport:
        started = time.perf_counter()
        services = self._services
        position = read_position(services.state)
        if position.withdrawn:
            self._remove_rows(position.last_inserted_at)
        plan = position.plan
        if not self._ready:
            unfinished = plan.inserted_at if plan else None
            self._recent.rebuild(services.store, self._clock(), unfinished, services.persons.waiting())
            self._ready = True
        head = services.log.head()
        ahead, self._ahead = self._ahead, None
        if ahead is not None and plan is None and self._max_entries is None and ahead.start == position.position:
            batch = ahead
        else:
            batch = self._read(position.position, plan.end if plan else None)
        if plan is None:
            now = max(self._clock(), position.last_inserted_at + 1)
            due = services.persons.next_due()
            if not batch.entries and (due is None or due > now):
                # Nothing before the head was readable: positions may begin anywhere and have gaps.
                self.counters.position = self.counters.head = max(head, batch.end)
                return TurnReport()
            plan = Plan(batch.start, batch.end, now)
            write_plan(services.state, plan)
        return self._attempt(batch, plan, started)

    def _read_ahead(self, start: int) -> None:
        """Read the next turn if one waits. A failure is not this turn's: the next one reads again, and says it."""
        try:
            if self._max_entries is None and self._services.log.backlog_bytes(start) >= self._read_ahead_bytes:
                self._ahead = self._read(start, None)
        except Exception as problem:
            _log.warning("the next turn could not be read ahead: %s", problem)

    def _read(self, start: int, end: int | None) -> Batch:
        services = self._services
        return read_batch(
            services.log,
            start,
            services.projects,
            end=end,
            max_events=self._max_events,
            max_entries=self._max_entries,
        )

    def _attempt(self, batch: Batch, plan: Plan, started: float) -> TurnReport:
        try:
            events, stored = len(batch.events), self._process(batch, plan)
        except Exception as problem:
            self._undo()
            if read_position(self._services.state).plan != plan:
                # The turn is committed, so nothing of it may be taken back or repeated: what failed came after it.
                self._ready = False
                raise
            if is_transient(problem):
                _log.warning("a turn waits: %s", problem)
                self.counters.failure(str(problem))
                return TurnReport(batch.entries, failed=str(problem))
            return self._isolate(batch, plan, problem, started)
        report = TurnReport(batch.entries, events, stored, time.perf_counter() - started)
        self.counters.position = plan.end
        self.counters.head = max(self.counters.head, plan.end)
        self.counters.turn(report, batch.received_at)
        if self._max_entries is not None:
            self._max_entries = self._max_entries * 2 if self._max_entries < 1 << 16 else None
        return report

    def _undo(self) -> None:
        self._recent.forget()
        self._definitions.forget()

    def _isolate(self, batch: Batch, plan: Plan, problem: Exception, started: float) -> TurnReport:
        """A turn failed for what is in it: take its rows back, and come again with half of it or without its one entry.

        Raises the problem when there is no entry to blame.
        """
        if not batch.events and not batch.recordings:
            raise problem
        withdraw_plan(self._services.state)
        self._remove_rows(plan.inserted_at)
        if batch.entries <= 1:
            _log.exception("a record at %d cannot be processed and is set aside", batch.start, exc_info=problem)
            self._max_entries = 1
            aside = set_aside(batch, self._services.log, f"{type(problem).__name__}: {problem}")
            again = Plan(batch.start, batch.end, plan.inserted_at + 1)
            write_plan(self._services.state, again)
            return self._attempt(aside, again, started)
        self._max_entries = max(1, batch.entries // 2)
        _log.warning("a turn of %d records failed (%s); it is halved", batch.entries, problem)
        return TurnReport(batch.entries)

    def _remove_rows(self, inserted_at: int) -> None:
        """Remove what a withdrawn plan may have stored, so that its range can be cut in another way."""
        for table in ("events", "heatmaps"):
            self._services.store.command(
                Sql(
                    f"ALTER TABLE {table} DELETE WHERE inserted_at = fromUnixTimestamp64Micro({{t:Int64}}, 'UTC') "
                    "SETTINGS mutations_sync = 1",
                    {"t": inserted_at},
                )
            )
        drop_plan(self._services.state)

    def _process(self, batch: Batch, plan: Plan) -> int:
        """Everything between the plan and the new position. Answers how many events were stored."""
        services = self._services
        turn = Turn(self._recent, services.countries, services.salts, dropped=batch.dropped, dead=batch.dead)
        turn.warnings += [warning for warning in batch.warnings if self._is_news(warning)]
        events = run_steps(batch.events, turn, self._steps)
        if batch.recordings:
            services.recordings.put(plan.start, batch.recordings)
        with services.persons.begin(plan.inserted_at) as people:
            events = people.resolve(events)
            turn.dropped += people.dropped
            turn.warnings += people.warnings
            turn.dead += [_dead_letter(event, reason) for event, reason in people.dead_letters]
            rows = people.store_rows()
            # The store works in a thread of its own, one insert after the other, and leaves the interpreter free.
            inserting = self._inserter.submit(self._insert_beside_events, plan, turn, rows)
            try:
                columns = event_columns(events, plan.inserted_at) if events else None
            finally:
                inserting.result()
            inserting = self._inserter.submit(self._insert_events, plan, columns)
            try:
                self._learn(events, rows, plan.inserted_at)
                self._read_ahead(plan.end)
            finally:
                inserting.result()
            with services.state.write() as connection:
                people.write(connection)
                self._definitions.write(connection, plan.inserted_at)
                write_drops(connection, turn.dropped, batch.refused, plan.inserted_at)
                write_warnings(connection, turn.warnings)
                write_dead_letters(connection, turn.dead)
                if batch.recorded:
                    add_recordings(connection, batch.recorded)
                finish_plan(connection, plan)
        self._recent.keep(plan.inserted_at)
        self._definitions.keep()
        services.log.release(plan.end)
        self._count(batch, turn)
        return len(events)

    def _is_news(self, warning: Warning_) -> bool:
        """Whether nobody was told the same of this distinct id within the hour."""
        distinct_id = str(warning.details.get("distinctId"))
        return self._debounce.allows(warning.project_id, warning.type, distinct_id, warning.timestamp)

    def _insert_beside_events(self, plan: Plan, turn: Turn, rows: Mapping[str, Mapping[str, list[Any]]]) -> None:
        store = self._services.store
        for table, values in rows.items():
            # Numbered too: when an edit came between a turn that failed and its repetition, that has more to say.
            store.insert(table, values, f"{plan.token(table)}:{values['version'][0]}")
        if "person_overrides" in rows:
            reload_overrides(store)
        if turn.heatmaps:
            store.insert("heatmaps", heatmap_columns(turn.heatmaps, plan.inserted_at), plan.token("heatmaps"))

    def _insert_events(self, plan: Plan, columns: Columns | None) -> None:
        if columns:
            self._services.store.insert("events", columns, plan.token("events"))

    def _learn(self, events: list[Event], rows: Mapping[str, Mapping[str, list[Any]]], now: int) -> None:
        self._definitions.learn(events, now)
        groups = rows.get("groups")
        if groups:
            for project_id, index, properties in zip(
                groups["project_id"], groups["group_type_index"], groups["properties"], strict=True
            ):
                self._definitions.learn_group(project_id, index, msgspec.json.decode(properties), now)

    def _count(self, batch: Batch, turn: Turn) -> None:
        for drop in turn.dropped:
            self.counters.dropped[drop.reason] += 1
        self.counters.dead_letters += len(turn.dead)
        self.counters.recordings += len(batch.recordings)


def _dead_letter(event: Event, reason: str) -> DeadLetter:
    payload = _encode(
        {
            "event": event.event,
            "distinct_id": event.distinct_id,
            "uuid": event.uuid,
            "timestamp": event.timestamp,
            "properties": event.properties,
        }
    )
    return DeadLetter(event.project.id, event.received_at, reason, "", payload)
