"""What chDB and a ClickHouse server have in common: everything but how a connection is made and how a block goes in."""

import re
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError

from leanbase.store.client import Limits, Result, StoreError
from leanbase.store.native import encode_block
from leanbase.store.sql import Sql

_TAG = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,100}")
_KEPT_IDLE = 16  # handles kept open between calls; more only while that many calls run at once

# Every handle. Answers are the same on each; async inserts would acknowledge before the rows are stored.
SESSION_SETTINGS: dict[str, Any] = {
    "async_insert": 0,
    "use_query_condition_cache": 1,
    "session_timezone": "UTC",  # what a time without a zone means must not depend on the machine
    "output_format_json_quote_64bit_integers": 0,
}


def _limit_settings(limits: Limits) -> dict[str, Any]:
    spill = limits.memory_bytes // 2
    return {
        "max_execution_time": limits.seconds,
        "timeout_overflow_mode": "throw",
        "max_memory_usage": limits.memory_bytes,
        "max_bytes_before_external_group_by": spill,
        "max_bytes_before_external_sort": spill,
        "max_result_rows": limits.rows,
        "result_overflow_mode": "throw",
    }


def _store_error(problem: Exception) -> StoreError:
    if isinstance(problem, DatabaseError) and problem.code:
        return StoreError(problem.code, problem.name or "", str(problem))
    # Not a refusal by the engine but a connection that failed: ClickHouse's own number and name for that.
    return StoreError(210, "NETWORK_ERROR", str(problem))


class ConnectedStore(ABC):
    """A :class:`leanbase.store.client.Store` over clickhouse-connect.

    A handle serves one call at a time and is not bound to a thread: calls borrow one from the pool, which grows to the
    number of calls that run at once. Measured: 700 small queries a second with own handles, 400 with a shared one.
    """

    def __init__(self) -> None:
        self._idle: deque[Client] = deque()
        self._guard = threading.Lock()
        self._closed = False
        self._types: dict[str, dict[str, str]] = {}

    @abstractmethod
    def _connect(self) -> Client:
        """A new handle."""

    @abstractmethod
    def _send_block(
        self, client: Client, table: str, columns: Sequence[str], block: list[bytes], settings: dict[str, Any]
    ) -> None:
        """Insert a Native block, given in pieces; returns when it is stored, raises what the client raises."""

    @contextmanager
    def _borrowed(self) -> Generator[Client, None, None]:
        with self._guard:
            if self._closed:
                raise StoreError(0, "CLOSED", "the store is closed")
            client = self._idle.pop() if self._idle else None
        try:
            if client is None:
                client = self._connect()
            yield client
        except ClickHouseError as problem:
            raise _store_error(problem) from problem
        finally:
            if client is not None:
                self._give_back(client)

    def _give_back(self, client: Client) -> None:
        with self._guard:
            if not self._closed and len(self._idle) < _KEPT_IDLE:
                self._idle.append(client)
                return
        client.close()

    def query(self, sql: Sql, limits: Limits | None = None, tag: str = "") -> Result:
        """Rows of a reading statement. Times come as aware datetimes in UTC, UUIDs as :class:`uuid.UUID`.

        Raises :class:`StoreError`; 396 when the answer has more rows than ``limits.rows``, 159 when it took too long,
        241 when it needed too much memory, 394 when it was cancelled.
        """
        text = f"/* {_checked_tag(tag)} */ {sql.text}" if tag else sql.text
        started = perf_counter()
        with self._borrowed() as client:
            answer = client.query(
                text,
                parameters=dict(sql.binds) if sql.binds else None,
                settings=_limit_settings(limits) if limits else None,
                column_formats=dict.fromkeys(sql.binary, "bytes") or None,
            )
            summary = answer.summary or {}
            return Result(
                columns=tuple(answer.column_names),
                types=tuple(kind.name for kind in answer.column_types),
                rows=[tuple(row) for row in answer.result_rows],
                rows_read=int(summary.get("read_rows", 0)),
                bytes_read=int(summary.get("read_bytes", 0)),
                seconds=perf_counter() - started,
            )

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], token: str) -> None:
        """Store rows, given by column. The rows are on disk when this returns.

        A repeat with the same token changes nothing, also when the first attempt had stored only some partitions.
        Raises :class:`StoreError` when the engine refuses and ``EncodingError`` when a value does not fit its column.
        """
        _checked_identifier(table)
        block, rows = encode_block(self._insertable(table), columns)
        if not rows:
            return
        settings = {
            "async_insert": 0,
            "insert_deduplicate": 1,
            "insert_deduplication_token": token,
            # A batch of imported history may touch every month since 2015 (the partition key folds what is older).
            "max_partitions_per_insert_block": 1000,
        }
        with self._borrowed() as client:
            self._send_block(client, table, list(columns), block, settings)

    def command(self, sql: Sql) -> None:
        """Run a statement without an answer. Raises :class:`StoreError`."""
        with self._borrowed() as client:
            client.command(sql.text, parameters=dict(sql.binds) if sql.binds else None)
        if not sql.text.startswith("SYSTEM "):  # those change no table, and turns with merges send one each
            self._types.clear()

    def cancel(self, tag: str) -> bool:
        """Stop the queries that run under this tag; False when there is none."""
        prefix = f"/* {_checked_tag(tag)} */"
        running = self.query(
            Sql("SELECT count() FROM system.processes WHERE startsWith(query, {p:String})", {"p": prefix})
        )
        if not running.rows[0][0]:
            return False
        self.command(Sql(f"KILL QUERY WHERE startsWith(query, '{prefix}') ASYNC"))
        return True

    def close(self) -> None:
        """Close every idle handle; those in use close when their call ends. Calls after this raise StoreError."""
        with self._guard:
            self._closed = True
            handles = list(self._idle)
            self._idle.clear()
        for client in handles:
            client.close()

    def _insertable(self, table: str) -> dict[str, str]:
        known = self._types.get(table)
        if known is None:
            rows = self.query(
                Sql(
                    "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {t:String} "
                    "AND default_kind NOT IN ('MATERIALIZED', 'ALIAS')",
                    {"t": table},
                )
            ).rows
            known = self._types[table] = {str(name): str(kind) for name, kind in rows}
        return known


def _checked_tag(tag: str) -> str:
    if not _TAG.fullmatch(tag):
        raise ValueError(f"a tag has 1 to 100 characters of A-Z a-z 0-9 _ . : - and not {tag!r}")
    return tag


def _checked_identifier(name: str) -> str:
    if not _IDENTIFIER.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a table")
    return name
