"""Which project a public token belongs to, for the process that answers capture.

It reads the application database by itself, read-only and with the standard library alone, so that events are
accepted while the engine is down. A new token works at once (a miss looks again); a withdrawn one stops within
``REVISIT_SECONDS``.
"""

import sqlite3
import time
from pathlib import Path
from typing import Protocol

REVISIT_SECONDS = 1.0
BUSY_SECONDS = 0.25  # a reader of a WAL database waits only while the schema is being changed
ALL = "SELECT api_token, id FROM projects WHERE deleted_at IS NULL"
ONE = "SELECT id FROM projects WHERE api_token = ? AND deleted_at IS NULL"


class TokensUnavailable(Exception):
    """The tokens cannot be read now (no database yet, or it does not answer). The client should retry (503)."""


class Tokens(Protocol):
    """What capture needs to know about projects."""

    def project_id_of(self, token: str) -> int | None: ...


class TokenDirectory:
    """Tokens of a SQLite application database. For one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._known: dict[str, int] = {}
        self._version = -1  # SQLite's data_version: another number when another connection has written
        self._visited = float("-inf")

    def project_id_of(self, token: str) -> int | None:
        """The project's id, or None for a token that no project has. Raises :class:`TokensUnavailable`.

        A known token goes on working when the database cannot be read for a while.
        """
        found = self._known.get(token)
        moment = time.monotonic()
        if found is not None and moment - self._visited <= REVISIT_SECONDS:
            return found
        try:
            connection = self._open()
            if found is None:
                return self._look_up(connection, token)
            self._revisit(connection, moment)
        except sqlite3.Error as problem:
            self.close()
            if found is not None:
                return found
            raise TokensUnavailable(f"the projects cannot be read: {problem}") from problem
        return self._known.get(token)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._version = -1

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            # Not mode=ro: such a connection cannot open a WAL database that nobody else has open.
            uri = f"{self._path.absolute().as_uri()}?mode=rw"
            self._connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
            self._connection.execute("PRAGMA query_only=ON")
        return self._connection

    def _look_up(self, connection: sqlite3.Connection, token: str) -> int | None:
        row = connection.execute(ONE, (token,)).fetchone()
        if row is None:
            return None
        self._known[token] = row[0]
        return row[0]

    def _revisit(self, connection: sqlite3.Connection, moment: float) -> None:
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._known = dict(connection.execute(ALL).fetchall())
            self._version = version
        self._visited = moment
