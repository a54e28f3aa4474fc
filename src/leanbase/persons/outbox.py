"""What edits through the API owe the event store. Written with the edit, done right after it, and again after a crash.

Every operation may be repeated: inserts carry a token, statements say what shall be, not what to add.
"""

import sqlite3
from typing import Any
from uuid import UUID

import msgspec

from leanbase.appdb.state import StateDb
from leanbase.store.client import Store
from leanbase.store.overrides import rebuild_overrides, reload_overrides
from leanbase.store.sql import Sql


class Insert(msgspec.Struct, tag="insert"):
    """Rows for a table, by column; uuids as text."""

    table: str
    columns: dict[str, list[Any]]
    token: str


class Command(msgspec.Struct, tag="command"):
    """A statement; binds are numbers, texts and lists of them."""

    text: str
    binds: dict[str, Any]


class Rebuild(msgspec.Struct, tag="rebuild"):
    """Overrides were removed from their table: read it again."""


Operation = Insert | Command | Rebuild


class Outbox:
    """Operations wait in ``waiting`` until the edit's transaction writes them."""

    def __init__(self, state: StateDb, store: Store | None) -> None:
        self._state = state
        self._store = store
        self.waiting: list[Operation] = []

    def add(self, operation: Operation) -> None:
        """Owe one more operation; it is done after the rows of the edit are inserted."""
        self.waiting.append(operation)

    def write(self, connection: sqlite3.Connection, rows: dict[str, dict[str, list[Any]]], epoch: int) -> None:
        """Write the edit's rows and what waits, inside its transaction."""
        inserts: list[Operation] = [
            Insert(table, {name: [_plain(v) for v in values] for name, values in columns.items()}, f"edit:{epoch}")
            for table, columns in rows.items()
        ]
        waiting, self.waiting = self.waiting, []
        if self._store is None:
            return
        connection.executemany(
            "INSERT INTO store_outbox (operation) VALUES (?)",
            ((msgspec.json.encode(operation).decode(),) for operation in inserts + waiting),
        )

    def deliver(self) -> None:
        """Do what is owed, in order. Raises ``StoreError``; what is left stays owed. Only under the writer's lock."""
        self.waiting.clear()
        if self._store is None:
            return
        with self._state.read() as connection:
            owed = connection.execute("SELECT id, operation FROM store_outbox ORDER BY id").fetchall()
        if not owed:
            return
        reload = False
        for _, text in owed:
            operation = msgspec.json.decode(text, type=Operation)
            reload = reload or (isinstance(operation, Insert) and operation.table == "person_overrides")
            self._perform(self._store, operation)
        if reload:
            reload_overrides(self._store)
        with self._state.write() as connection:
            connection.execute("DELETE FROM store_outbox WHERE id <= ?", (owed[-1][0],))

    def _perform(self, store: Store, operation: Operation) -> None:
        if isinstance(operation, Insert):
            store.insert(operation.table, operation.columns, f"{operation.table}:{operation.token}")
        elif isinstance(operation, Command):
            store.command(Sql(operation.text, operation.binds))
        else:
            rebuild_overrides(store)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.decode() if isinstance(value, bytes) else value
