"""Periodic jobs of the engine: one table of sentence, period and function, and the thread that runs what is due."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_log = logging.getLogger(__name__)


@dataclass
class Job:
    """``every`` is in seconds, counted from the end of the last run; a job that fails runs again next time."""

    what: str
    every: float
    run: Callable[[], object]
    due: float = field(default=0.0)


class Jobs:
    """Runs jobs one after the other in a thread of its own."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        now = time.monotonic()
        self._jobs = list(jobs)
        for job in self._jobs:
            job.due = now + job.every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="jobs", daemon=True)

    def start(self) -> None:
        if self._jobs:
            self._thread.start()

    def stop(self) -> None:
        """Wait for the job that runs now."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _loop(self) -> None:
        while not self._stopping.wait(max(0.05, min(job.due for job in self._jobs) - time.monotonic())):
            for job in self._jobs:
                if self._stopping.is_set() or job.due > time.monotonic():
                    continue
                try:
                    job.run()
                except Exception:
                    _log.exception("job failed: %s", job.what)
                job.due = time.monotonic() + job.every
