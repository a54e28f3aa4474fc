"""chDB in this process. One process per data path; never fork after this module opened an engine (the child hangs)."""

import fcntl
import os
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clickhouse_connect.driver.client import Client

from leanbase.store.client import StoreError
from leanbase.store.connection import SESSION_SETTINGS, ConnectedStore
from leanbase.store.copied import restore_links

_MIB = 1 << 20


def _engine_options(max_memory_bytes: int, threads: int) -> dict[str, str]:
    """Limits of the whole engine. Its defaults take 90 % of the machine's memory and caches of 5 GiB each."""
    cache = max(16 * _MIB, max_memory_bytes // 16)
    return {
        "timezone": "UTC",
        "max_server_memory_usage": str(max_memory_bytes),
        "mark_cache_size": str(cache),
        "primary_index_cache_size": str(cache),
        "index_mark_cache_size": str(16 * _MIB),
        "vector_similarity_index_cache_size": str(_MIB),
        "query_condition_cache_size": str(32 * _MIB),
        "compiled_expression_cache_size": str(16 * _MIB),
        "background_pool_size": str(max(2, threads // 2)),
        "background_schedule_pool_size": "2",
        "max_thread_pool_size": str(max(200, 50 * threads)),
        # How often the engine compares what it counted with the memory it really holds. Each allocation is counted
        # anyway; every 50 ms, as by default, was half of an idle engine's CPU.
        "memory_worker_period_ms": "250",
    }


@contextmanager
def _without_pyarrow() -> Generator[None, None, None]:
    """Keep chdb from importing pyarrow, which it does when it can and needs only for Arrow results.

    Measured: 33 MB less in a process that never asks for one. The entry None makes an import raise ImportError.
    """
    absent = "pyarrow" not in sys.modules
    if absent:
        sys.modules["pyarrow"] = None  # pyright: ignore[reportArgumentType]
    try:
        yield
    finally:
        if absent:
            del sys.modules["pyarrow"]


def _read_from_storage(result: Any) -> dict[str, str]:
    """What a statement of chDB read from its tables, in the words of ClickHouse's HTTP summary."""
    return {"read_rows": str(result.storage_rows_read()), "read_bytes": str(result.storage_bytes_read())}


class EmbeddedStore(ConnectedStore):
    """The engine at ``path``. Raises :class:`StoreError` when another process has it open.

    ``max_memory_bytes`` bounds the whole engine, caches, inserts and merges included.
    """

    def __init__(self, path: Path, max_memory_bytes: int = 2 << 30) -> None:
        super().__init__()
        self._path = path
        self._options = _engine_options(max_memory_bytes, os.cpu_count() or 1)
        path.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(path)
        try:
            restore_links(path)
            self._anchor = self._connect()  # keeps the engine open while the pool is empty
        except BaseException:
            os.close(self._lock)
            raise

    def _connect(self) -> Client:
        with _without_pyarrow():
            # Imported here: chdb is a library of 555 MB, which processes that only name this module must not load.
            import clickhouse_connect

            client = clickhouse_connect.get_client(
                interface="chdb",
                path=str(self._path),
                chdb_options=self._options,
                settings=SESSION_SETTINGS,
                tz_mode="aware",
            )
        # The client reports the rows of the answer as rows read; the engine knows both.
        client._backend._summary = _read_from_storage  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
        return client

    def _send_block(
        self, client: Client, table: str, columns: Sequence[str], block: list[bytes], settings: dict[str, Any]
    ) -> None:
        # INSERT … FROM INFILE reports every refusal. chdb's send_insert does not: it acknowledged rows that a full disk
        # or a memory limit had refused, and is banned here.
        names = ", ".join(f"`{name}`" for name in columns)
        clause = ", ".join(f"{name} = {_literal(value)}" for name, value in settings.items())
        with _as_file(block, self._path) as source:
            client.command(f"INSERT INTO {table} ({names}) FROM INFILE '{source}' SETTINGS {clause} FORMAT Native")

    def close(self) -> None:
        super().close()
        self._anchor.close()
        os.close(self._lock)


def _literal(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"


def _lock(path: Path) -> int:
    """Take the path for this process. The engine's own message for a second opener is empty."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.pread(handle, 20, 0).decode(errors="replace").strip()
        os.close(handle)
        raise StoreError(
            36, "LOCKED", f"another process ({holder or 'unknown'}) has the event store at {path} open; stop it first"
        ) from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)
    return handle


@contextmanager
def _as_file(block: list[bytes], folder: Path) -> Generator[str, None, None]:
    """A path under which the engine can read the block: memory where the system has it, else a file beside the data."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("leanbase-insert", os.MFD_CLOEXEC)
        try:
            for piece in block:
                view = memoryview(piece)
                while view:
                    view = view[os.write(handle, view) :]
            yield f"/proc/self/fd/{handle}"
        finally:
            os.close(handle)
        return
    with tempfile.NamedTemporaryFile(dir=folder.parent, prefix="insert-") as file:
        file.writelines(block)
        file.flush()
        yield file.name
