"""What the log promises, whichever backend keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class LogFull(Exception):
    """The record was not stored: no space, or the backlog is at its limit. The client should retry (503)."""


class PayloadTooLarge(ValueError):
    """The payload is larger than the log can hold as one entry; repeating will not help (413)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored payload. ``end`` is the position after it: reading goes on there."""

    start: int
    end: int
    payload: bytes


class LogWriter(Protocol):
    """The front's side."""

    def submit(self, payload: bytes, done: Callable[[int | LogFull], None]) -> None:
        """Store a payload. ``done`` is called in the event loop, with its end position once it is durable or with why
        it was not stored. Raises :class:`LogFull` when that is known at once, and :class:`PayloadTooLarge` for one that
        can never be stored.
        """
        ...

    async def append(self, payload: bytes) -> int:
        """The same for one who waits: returns the end position. Raises what ``submit`` raises or hands over."""
        ...

    def backlog_bytes(self) -> int:
        """Bytes that are stored and not yet released."""
        ...

    def close(self) -> None: ...


class LogReader(Protocol):
    """The engine's side. Positions are integers that only grow, stable over restarts."""

    def read(self, position: int, max_bytes: int) -> list[Entry]:
        """Durable entries from ``position`` on, in order; at least one if there is any."""
        ...

    def release(self, position: int) -> None:
        """Everything before ``position`` is processed; its space may be used again."""
        ...

    def head(self) -> int:
        """The position after the newest durable entry."""
        ...

    def backlog_bytes(self, position: int) -> int:
        """Bytes from ``position`` to the head."""
        ...

    def skipped_bytes(self) -> int:
        """Bytes that this reader passed over because they were damaged or gone."""
        ...
