"""Brings the schema of the event store to what this version of the code needs. Only forward.

Migrations are the numbered files of ``schema/``: plain SQL under a header that tells an operator why, at what cost,
whether anything blocks and how to check. They run at start, each once, in order, and are recorded in the table
``schema_migrations``. Every statement can be repeated (IF NOT EXISTS), because a crash may come between a statement
and its record. On a cluster they run on every node.
"""

import logging
import re
from dataclasses import dataclass
from importlib.resources import files

from leanbase.store.client import Store
from leanbase.store.sql import Sql

_log = logging.getLogger(__name__)
_FILE = re.compile(r"(\d{4})_(\w+)\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of ``schema/``."""

    number: int
    name: str
    text: str

    def statements(self) -> list[str]:
        """The statements without comments. A statement ends with a semicolon at the end of a line."""
        lines = [line for line in self.text.splitlines() if not line.lstrip().startswith("--")]
        return [part.strip() for part in re.split(r";\s*$", "\n".join(lines), flags=re.MULTILINE) if part.strip()]


def migrations() -> list[Migration]:
    """All migrations of this version, in order."""
    found: list[Migration] = []
    for file in files("leanbase.store").joinpath("schema").iterdir():
        match = _FILE.fullmatch(file.name)
        if match:
            found.append(Migration(int(match[1]), match[2], file.read_text(encoding="utf-8")))
    return sorted(found, key=lambda migration: migration.number)


class SchemaTooNew(Exception):
    """The data was written by a newer version of the code."""


def migrate(store: Store) -> list[Migration]:
    """Run what has not run yet and return it.

    Raises :class:`SchemaTooNew` when the store knows a migration that this version does not, ``StoreError`` when a
    statement fails; the failed migration runs again at the next start.
    """
    store.command(
        Sql(
            "CREATE TABLE IF NOT EXISTS schema_migrations "
            "(number UInt32, name String, applied_at DateTime DEFAULT now())"
            " ENGINE = MergeTree ORDER BY number SETTINGS fsync_after_insert = 1, fsync_part_directory = 1"
        )
    )
    database = str(store.query(Sql("SELECT currentDatabase()")).rows[0][0])
    done = {int(row[0]) for row in store.query(Sql("SELECT number FROM schema_migrations")).rows}
    known = migrations()
    newest = known[-1].number
    if done and max(done) > newest:
        raise SchemaTooNew(
            f"the event store has schema {max(done)}, this version knows {newest}: start the newer version"
        )
    applied: list[Migration] = []
    for migration in known:
        if migration.number in done:
            continue
        _log.info("store schema %04d %s", migration.number, migration.name)
        for statement in migration.statements():
            store.command(Sql(statement.replace("$database", f"`{database}`")))
        store.insert(
            "schema_migrations", {"number": [migration.number], "name": [migration.name]}, f"schema:{migration.number}"
        )
        applied.append(migration)
    return applied
