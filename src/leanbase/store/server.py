"""A ClickHouse server or cluster node, by URL."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import SplitResult, unquote

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.httputil import get_pool_manager

from leanbase.store.connection import SESSION_SETTINGS, ConnectedStore

_HTTP_PORT = 8123
_HTTPS_PORT = 8443


class ServerStore(ConnectedStore):
    """The store behind ``clickhouse://user:password@host:port/database`` (``clickhouses://`` for TLS), over HTTP."""

    def __init__(self, url: SplitResult) -> None:
        super().__init__()
        secure = url.scheme == "clickhouses"
        self._arguments: dict[str, Any] = {
            "host": url.hostname or "localhost",
            "port": url.port or (_HTTPS_PORT if secure else _HTTP_PORT),
            "username": unquote(url.username or "default"),
            "password": unquote(url.password or ""),
            "database": unquote(url.path.lstrip("/")) or "default",
            "interface": "https" if secure else "http",
        }
        self._sockets = get_pool_manager(maxsize=32)
        with self._borrowed():
            pass  # a wrong address or password is told at once

    def _connect(self) -> Client:
        return clickhouse_connect.get_client(
            **self._arguments,
            pool_mgr=self._sockets,
            settings=SESSION_SETTINGS,
            tz_mode="aware",
            autogenerate_session_id=False,  # a session would forbid two calls at once
        )

    def _send_block(
        self, client: Client, table: str, columns: Sequence[str], block: list[bytes], settings: dict[str, Any]
    ) -> None:
        client.raw_insert(table, list(columns), b"".join(block), settings=settings, fmt="Native")
