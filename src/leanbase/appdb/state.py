"""``state.sqlite``: what the pipeline owns. One writer at a time, any number of readers, from any thread."""

import re
import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

_BUSY_SECONDS = 60.0  # longer than any transaction of the pipeline
_CACHE_KIB = 32 * 1024  # page cache of the writer
_WAL_PAGES = 24_000  # 96 MB between checkpoints: a turn of 10,000 changed persons dirties nearly as many pages
_IDLE_READERS = 8

_MIGRATION = re.compile(r"(\d{4})_\w+\.sql")


class StateDb:
    """The database file; created and migrated when opened. Raises ``sqlite3.Error`` when it cannot be."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer_lock = threading.Lock()
        self._readers_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self._writer = self._connect()
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
        self._writer.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        migrate(self._writer)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    @contextmanager
    def write(self) -> Generator[sqlite3.Connection]:
        """A transaction that is durable when the block ends, and undone when it raises. Not to be nested."""
        with self._writer_lock:
            connection = self._writer
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Generator[sqlite3.Connection]:
        """A connection that reads one consistent state and cannot write."""
        with self._readers_lock:
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            with self._readers_lock:
                keep = not self._closed and len(self._idle) < _IDLE_READERS
                if keep:
                    self._idle.append(connection)
            if not keep:
                connection.close()

    def close(self) -> None:
        """Close every connection that is not in use. The object cannot be used afterwards."""
        with self._readers_lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        with self._writer_lock:
            self._writer.close()


def migrate(connection: sqlite3.Connection) -> list[str]:
    """Bring the database to the newest form; answers the names of what was applied. Safe to run side by side."""
    applied: list[str] = []
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations "
            "(number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)"
        )
        done = {number for (number,) in connection.execute("SELECT number FROM schema_migrations")}
        for number, name, script in migrations():
            if number in done:
                continue
            for statement in statements(script):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO schema_migrations (number, name, applied_at) VALUES (?, ?, ?)",
                (number, name, time.time_ns() // 1000),
            )
            applied.append(name)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return applied


def migrations() -> list[tuple[int, str, str]]:
    """Number, file name and text of every migration, in order."""
    found: list[tuple[int, str, str]] = []
    for entry in files("leanbase.appdb").joinpath("state_migrations").iterdir():
        match = _MIGRATION.fullmatch(entry.name)
        if match:
            found.append((int(match[1]), entry.name, entry.read_text(encoding="utf-8")))
    return sorted(found)


def statements(script: str) -> list[str]:
    """The single statements of a script."""
    found: list[str] = []
    rest = ""
    for line in script.splitlines(keepends=True):
        rest += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(rest):
            found.append(rest.strip())
            rest = ""
    return found
