"""Persons: the one door for the pipeline and the API. One writer at a time, also between processes."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from leanbase.appdb.state import StateDb
from leanbase.model.project import Project
from leanbase.persons import buffer, storage
from leanbase.persons.cache import PersonCache
from leanbase.persons.flight import Flight
from leanbase.persons.limits import Limits
from leanbase.persons.locks import ProcessLock
from leanbase.persons.outbox import Outbox
from leanbase.persons.turn import PersonsTurn
from leanbase.persons.warnings import Debounce
from leanbase.persons.workspace import Workspace
from leanbase.store.client import Store

# Under 1 kB each with small properties: less than 200 MB when full (measured in benchmarks/persons.py).
_CACHED_IDS = 200_000


def _wall_clock() -> int:
    return time.time_ns() // 1000


def _no_project(_: int) -> Project | None:
    return None


class Persons:
    """Who did it. Safe to use from any thread and from several processes on one state database.

    ``store`` is where edits through the API become visible to queries; without one (tests) they stay in the state
    database. ``find_project`` gives the project of events that waited in the buffer.
    """

    def __init__(
        self,
        state: StateDb,
        store: Store | None = None,
        *,
        find_project: Callable[[int], Project | None] = _no_project,
        limits: Limits | None = None,
        cached_ids: int = _CACHED_IDS,
        clock: Callable[[], int] = _wall_clock,
    ) -> None:
        self.state = state
        self.limits = limits or Limits()
        self.clock = clock
        self.outbox = Outbox(state, store)
        self.store = store
        self._find_project = find_project
        self._cache = PersonCache(cached_ids)
        self._debounce = Debounce()
        self._flight = Flight()
        self._writer_lock = ProcessLock(state.path.with_name(state.path.name + ".persons-lock"))
        # Held by edits, and by the squash job for as long as it rewrites events. Taken before the writer's lock.
        self.edit_lock = ProcessLock(state.path.with_name(state.path.name + ".edits-lock"))

    @contextmanager
    def locked(self) -> Generator[None, None, None]:
        """Be the only writer of persons, here and in other processes. First does what edits owe the store."""
        with self._writer_lock:
            self.outbox.deliver()
            yield

    @contextmanager
    def begin(self, now: int | None = None) -> Generator[PersonsTurn, None, None]:
        """A turn of the pipeline. ``now`` (microseconds) must be that of the turn's plan, also when a crash repeats it:
        it decides which waiting events are due.

        Inside the block the caller resolves events, stores rows, and calls ``write`` in its own transaction. A block
        that raises, or does not write, changes nothing.
        """
        with self.locked(), self.state.read() as connection:
            turn = PersonsTurn(
                connection,
                self._cache,
                self.clock() if now is None else now,
                self.limits,
                self._debounce,
                self._find_project,
                self._flight.take_off,
            )
            try:
                yield turn
                turn.committed()
            finally:
                self._flight.land()

    @contextmanager
    def editing(self) -> Generator[Workspace, None, None]:
        """A change made by hand. It is committed with what it owes the store when the block ends."""
        with self.edit_lock, self.locked():
            with self.state.read() as connection:
                # A turn that failed may have left rows numbered one above the last change. An edit before it is
                # repeated is newer than those, and the repeated turn newer than the edit.
                unfinished = storage.is_turn_unfinished(connection)
                space = Workspace(connection, self._cache, self.clock(), leave_out=unfinished)
                yield space
            if space.changed():
                with self.state.write() as writer:
                    space.write(writer)
                    self.outbox.write(writer, space.store_rows(), space.epoch)
                space.commit()
                self.outbox.deliver()

    def settle(self) -> None:
        """Wait until all that queries can see by now can be read from the state database too. Usually at once."""
        self._flight.wait()

    def waiting(self) -> list[tuple[int, int]]:
        """Project and uuid (128-bit number) of every event in the buffer."""
        with self.state.read() as connection:
            return buffer.waiting(connection)

    def next_due(self) -> int | None:
        """When the next waiting event is due (microseconds): the pipeline takes a turn then. None if none waits."""
        with self.state.read() as connection:
            return buffer.next_due(connection)
