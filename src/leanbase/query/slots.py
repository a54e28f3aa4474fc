"""How many queries run at once, and who goes first."""

import threading
import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager

from leanbase.query.errors import QueryError

PATIENCE = 30.0  # seconds that a query waits for a slot before it is told to come back
MOST_WAITING = 25  # of the 40 threads that answer requests; the others stay free for all that is no query


class Slots:
    """A fixed number of places. Interactive queries go before background ones, which never hold the last place."""

    def __init__(self, count: int) -> None:
        self._count = max(1, count)
        self._background_count = max(1, self._count - 1)
        self._running = 0
        self._running_background = 0
        self._waiting: dict[bool, deque[object]] = {False: deque(), True: deque()}
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, *, background: bool = False, patience: float = PATIENCE) -> Generator[None, None, None]:
        """Hold a place for the block.

        Raises :class:`QueryError` (429) when none comes free in ``patience`` seconds, and at once when too many wait.
        """
        self._take(background, patience)
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._running_background -= background
                self._changed.notify_all()

    def _take(self, background: bool, patience: float) -> None:
        ticket = object()
        deadline = time.monotonic() + patience
        with self._changed:
            if len(self._waiting[False]) + len(self._waiting[True]) >= MOST_WAITING:
                raise _throttled()
            queue = self._waiting[background]
            queue.append(ticket)
            try:
                while not (queue[0] is ticket and self._free(background)):
                    left = deadline - time.monotonic()
                    if left <= 0:
                        raise _throttled()
                    self._changed.wait(left)
                self._running += 1
                self._running_background += background
            finally:
                queue.remove(ticket)
                self._changed.notify_all()

    def _free(self, background: bool) -> bool:
        if self._running >= self._count:
            return False
        if not background:
            return True
        return not self._waiting[False] and self._running_background < self._background_count

    def waiting(self) -> int:
        """How many queries wait for a place."""
        with self._changed:
            return len(self._waiting[False]) + len(self._waiting[True])


def _throttled() -> QueryError:
    return QueryError(
        "Too many queries are running. Try again in a moment.", "throttled", status=429, kind="throttled_error"
    )
