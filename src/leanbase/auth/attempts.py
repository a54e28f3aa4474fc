"""Slows down guessing: failed sign-ins are counted by address and by client."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

WINDOW_SECONDS = 900.0
MAX_PER_EMAIL = 10
MAX_PER_CLIENT = 50  # an office behind one address has many people who mistype
MAX_REMEMBERED = 20_000  # keys; a flood of made-up addresses must not fill the memory


class SignInLimiter:
    """Failures of the last ``WINDOW_SECONDS``, in this process. Safe to use from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[tuple[str, str], list[float]] = OrderedDict()

    def wait_seconds(self, email: str, client: str) -> float:
        """How long to wait before the next try; 0 when it may be made now."""
        now = self._clock()
        with self._lock:
            return max(
                self._wait(("email", email), MAX_PER_EMAIL, now), self._wait(("client", client), MAX_PER_CLIENT, now)
            )

    def failed(self, email: str, client: str) -> None:
        now = self._clock()
        with self._lock:
            for key in (("email", email), ("client", client)):
                self._failures.setdefault(key, []).append(now)
                self._failures.move_to_end(key)
            while len(self._failures) > MAX_REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, email: str) -> None:
        with self._lock:
            self._failures.pop(("email", email), None)

    def _wait(self, key: tuple[str, str], most: int, now: float) -> float:
        recent = [moment for moment in self._failures.get(key, ()) if now - moment < WINDOW_SECONDS]
        if not recent:
            self._failures.pop(key, None)
            return 0.0
        self._failures[key] = recent
        return WINDOW_SECONDS - (now - recent[-most]) if len(recent) >= most else 0.0
