"""Queries that are answered later: started, asked for, cancelled by their id."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from leanbase.query.errors import QueryError

KEPT = timedelta(minutes=20)  # how long a result can be fetched
MOST_KEPT = 1_000  # statuses; the oldest finished ones go first

log = logging.getLogger(__name__)


@dataclass
class Status:
    """One query that runs in the background."""

    id: str
    project_id: int
    start_time: datetime
    pickup_time: datetime | None = None
    end_time: datetime | None = None
    results: dict[str, Any] | None = None
    error: QueryError | None = None
    failed: bool = False
    cancelled: bool = False  # before it began
    progress: Callable[[], Mapping[str, Any]] | None = None  # what it read so far
    labels: list[str] = field(default_factory=list[str])

    @property
    def complete(self) -> bool:
        return self.end_time is not None

    def shape(self) -> dict[str, Any]:
        """PostHog's ``query_status``."""
        expires = (self.end_time or self.start_time) + KEPT
        return {
            "id": self.id,
            "query_async": True,
            "team_id": self.project_id,
            "insight_id": None,
            "dashboard_id": None,
            "complete": self.complete,
            "error": self.error is not None or self.failed,
            "error_message": self.error.detail if self.error else None,
            "results": self.results,
            "start_time": _iso(self.start_time),
            "pickup_time": _iso(self.pickup_time),
            "end_time": _iso(self.end_time),
            "expiration_time": _iso(expires),
            "task_id": self.id,
            "query_progress": None if self.complete else self._progress(),
            "labels": self.labels,
        }

    def _progress(self) -> dict[str, Any]:
        return {
            **(self.progress() if self.progress is not None else {}),
            "time_elapsed": (datetime.now(UTC) - self.start_time).total_seconds(),
        }


class Background:
    """Runs queries in a few threads and remembers their results for a while."""

    def __init__(self, threads: int = 4) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="query")
        self._known: dict[tuple[int, str], Status] = {}
        self._guard = threading.Lock()

    def start(
        self,
        project_id: int,
        query_id: str,
        work: Callable[[], dict[str, Any]],
        progress: Callable[[], Mapping[str, Any]] | None = None,
    ) -> Status:
        """Run ``work`` later. A query that runs under this id already is not started again."""
        with self._guard:
            self._forget()
            known = self._known.get((project_id, query_id))
            if known is not None and not known.complete:
                return known
            status = Status(query_id, project_id, datetime.now(UTC), progress=progress)
            self._known[project_id, query_id] = status
        self._pool.submit(self._run, status, work)
        return status

    def _run(self, status: Status, work: Callable[[], dict[str, Any]]) -> None:
        status.pickup_time = datetime.now(UTC)
        try:
            if status.cancelled:
                raise QueryError("The query was cancelled.", "query_was_cancelled")
            status.results = work()
        except QueryError as problem:
            status.error = problem
        except Exception:
            log.exception("query %s of project %s failed", status.id, status.project_id)
            status.failed = True
        status.end_time = datetime.now(UTC)

    def cancel(self, project_id: int, query_id: str) -> bool:
        """Keep a query that waits from beginning; False when none of this id waits."""
        with self._guard:
            status = self._known.get((project_id, query_id))
            if status is None or status.pickup_time is not None:
                return False
            status.cancelled = True
            return True

    def find(self, project_id: int, query_id: str) -> Status | None:
        with self._guard:
            self._forget()
            return self._known.get((project_id, query_id))

    def _forget(self) -> None:
        now = datetime.now(UTC)
        old = [key for key, status in self._known.items() if status.end_time and status.end_time + KEPT < now]
        finished = [key for key, status in self._known.items() if status.complete]
        surplus = finished[: max(0, len(self._known) - MOST_KEPT)]
        for key in {*old, *surplus}:
            del self._known[key]

    def wait(self, status: Status, seconds: float) -> bool:
        """Whether a query is complete within this time. For tests and for shutting down."""
        deadline = time.monotonic() + seconds
        while not status.complete and time.monotonic() < deadline:
            time.sleep(0.01)
        return status.complete

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
