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
_COUNTED_SECONDS = 0.02  # of one group: on a busy machine one in a hundred takes ten times as long, and says little
_STALL_SECONDS = 0.25
_QUICK_BYTES = 4 << 20
_MOST_TURNS = 4  # of the event loop that a group waits for more, some tenths of a millisecond in all
_GROUPS_BESIDE = 32  # that go to the thread, once the disk was slow, before the loop tries it again


class Group:
    """Payloads of one turn or more of the event loop, and whom to tell."""

    __slots__ = ("_looked_at", "_turns", "dones", "loop", "payloads", "room", "size")

    def __init__(self, loop: asyncio.AbstractEventLoop, room: int) -> None:
        self.loop = loop
        self.room = room  # bytes that the backlog may still grow by
        self.size = 0  # bytes of the payloads
        self.payloads: list[bytes] = []
        self.dones: list[Done] = []
        self._looked_at = 1  # payloads; one alone waits for nobody
        self._turns = 0

    def is_growing(self) -> bool:
        """At the end of a turn of the event loop, whether the next one may bring more: this one did, and what it took
        gave clients time to send. Writing costs the same for twice as many.
        """
        self._turns += 1
        grown = len(self.payloads) > self._looked_at and self._turns <= _MOST_TURNS
        self._looked_at = len(self.payloads)
        return grown

    def tell(self, ends: list[int | LogFull]) -> None:
        """In the event loop, once for all: waking each request by itself would cost more than writing it."""
        for done, end in zip(self.dones, ends, strict=True):
            try:
                done(end)
            except Exception:
                _log.exception("a request that was stored could not be answered")


class Pace:
    """Whether the event loop can wait for the disk, by how long it waited of late. For the loop's thread.

    What the other thread waits says nothing: once written, it also waits for the interpreter.
    """

    def __init__(self) -> None:
        self._seconds = 0.0
        self._beside = 0  # groups that still go to the thread

    def note(self, seconds: float) -> None:
        """The loop has waited so long for a group."""
        self._seconds += (min(seconds, _COUNTED_SECONDS) - self._seconds) / _REMEMBERED
        if self._seconds > _QUICK_SECONDS or seconds > _STALL_SECONDS:
            self._seconds, self._beside = 0.0, _GROUPS_BESIDE

    def is_quick(self, size: int) -> bool:
        """Whether the loop should write the next group, of so many bytes."""
        if self._beside:
            self._beside -= 1
            return False
        return size <= _QUICK_BYTES
