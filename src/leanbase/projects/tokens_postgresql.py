"""Tokens of a PostgreSQL application database, for the process that answers capture (see ``projects.tokens``)."""

import time
from typing import Any

from leanbase.projects.tokens import REVISIT_SECONDS, TokensUnavailable

ALL = "SELECT api_token, id FROM projects WHERE deleted_at IS NULL"
ONE = "SELECT id FROM projects WHERE api_token = %s AND deleted_at IS NULL"
NEWEST = "SELECT coalesce(max(revision), 0) FROM projects"
CONNECT_SECONDS = 3
STATEMENT_MS = 1000  # capture waits for this look-up; better 503 and a retry than a hanging client


class PostgresqlTokenDirectory:
    """For one thread. Misses are remembered for ``REVISIT_SECONDS``, so that a wrong token costs no round trip each."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None
        self._known: dict[str, int] = {}
        self._missed: dict[str, float] = {}
        self._revision = -1
        self._visited = float("-inf")

    def project_id_of(self, token: str) -> int | None:
        """The project's id, or None for a token that no project has. Raises :class:`TokensUnavailable`."""
        found = self._known.get(token)
        moment = time.monotonic()
        if found is not None and moment - self._visited <= REVISIT_SECONDS:
            return found
        if found is None and moment - self._missed.get(token, float("-inf")) <= REVISIT_SECONDS:
            return None
        try:
            return self._ask(token, found, moment)
        except Exception as problem:  # psycopg is imported late, so its errors have no name here
            self.close()
            if found is not None:
                return found
            raise TokensUnavailable(f"the projects cannot be read: {type(problem).__name__}") from problem

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._revision = -1

    def _ask(self, token: str, found: int | None, moment: float) -> int | None:
        if self._connection is None:
            import psycopg  # pyright: ignore[reportMissingImports] -- only the scale extra brings it

            options = f"-c statement_timeout={STATEMENT_MS}"
            self._connection = psycopg.connect(
                self._url, autocommit=True, connect_timeout=CONNECT_SECONDS, options=options
            )
        if found is not None:
            (revision,) = self._connection.execute(NEWEST).fetchone()
            if revision != self._revision:
                self._known = dict(self._connection.execute(ALL).fetchall())
                self._revision = revision
            self._visited = moment
            return self._known.get(token)
        row = self._connection.execute(ONE, (token,)).fetchone()
        if row is None:
            if len(self._missed) > 10_000:  # a flood of made-up tokens must not fill the memory
                self._missed.clear()
            self._missed[token] = moment
            return None
        self._known[token] = row[0]
        return row[0]
