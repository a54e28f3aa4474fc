"""Payloads that are written together, and where the writing is done: in the event loop, or in a thread beside it."""

import asyncio
import logging
from collections.abc import Callable

from leanbase.eventlog.contracts import LogFull

_log = logging.getLogger(__name__)

Done = Callable[[int | LogFull], None]

# Handing a group to a thread and hearing back takes as much CPU as writing it (both want the interpreter at once), so
# the loop writes by itself while the disk answers within this many seconds, averaged over the last groups. Whoever asks
# for something else meanwhile waits for so long.
_QUICK_SECONDS = 0.005
_REMEMBERED = 8  # groups
_QUICK_BYTES = 4 << 20


class Group:
    """Payloads of one turn or more of the event loop, and whom to tell."""

    __slots__ = ("dones", "loop", "payloads", "room", "size")

    def __init__(self, loop: asyncio.AbstractEventLoop, room: int) -> None:
        self.loop = loop
        self.room = room  # bytes that the backlog may still grow by
        self.size = 0  # bytes of the payloads
        self.payloads: list[bytes] = []
        self.dones: list[Done] = []

    def tell(self, ends: list[int | LogFull]) -> None:
        """In the event loop, once for all: waking each request by itself would cost more than writing it."""
        for done, end in zip(self.dones, ends, strict=True):
            try:
                done(end)
            except Exception:
                _log.exception("a request that was stored could not be answered")


class Pace:
    """How long the disk takes for a group of late."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def note(self, seconds: float) -> None:
        """One more group was written in so many seconds."""
        self._seconds += (seconds - self._seconds) / _REMEMBERED

    def is_quick(self, size: int) -> bool:
        """Whether the event loop can wait for so many bytes. One stall of the disk sends the next groups to the
        thread.
        """
        return self._seconds <= _QUICK_SECONDS and size <= _QUICK_BYTES
