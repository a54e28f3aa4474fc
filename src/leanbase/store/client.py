"""The door to the event store: chDB in this process or a ClickHouse server, behind one client."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from leanbase.store.sql import Sql


@dataclass(frozen=True, slots=True)
class Result:
    """Rows of an answer, with what it cost."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    rows_read: int
    bytes_read: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use. ``rows`` bounds the answer, not what is read."""

    seconds: float
    memory_bytes: int
    rows: int


class StoreError(Exception):
    """The engine refused. ``code`` and ``name`` are ClickHouse's (241, "MEMORY_LIMIT_EXCEEDED")."""

    def __init__(self, code: int, name: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.name = name


class Store(Protocol):
    """Safe to use from any thread; every call blocks its thread."""

    def query(self, sql: Sql, limits: Limits | None = None, tag: str = "") -> Result:
        """Rows of a reading statement. ``tag`` names it for :meth:`cancel`."""
        ...

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], token: str) -> None:
        """Store rows, given by column; a repeat with the same token changes nothing. Raises :class:`StoreError`."""
        ...

    def command(self, sql: Sql) -> None:
        """Run a statement without an answer (mutations, dictionary reloads, migrations)."""
        ...

    def cancel(self, tag: str) -> bool:
        """Stop a running query; False when none has this tag."""
        ...

    def close(self) -> None: ...
