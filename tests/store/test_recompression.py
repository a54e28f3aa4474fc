"""Events that came more than a day ago are compressed harder than fresh ones (schema 0006 and 0007)."""

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from leanbase.store.client import Store
from leanbase.store.migrate import migrate, migrations
from leanbase.store.sql import Sql
from tests.embedded_engine import embedded_engine

ROWS = 200


@pytest.fixture
def store() -> Generator[Store, None, None]:
    engine = embedded_engine()
    engine.command(Sql("TRUNCATE TABLE events"))
    yield engine
    engine.command(Sql("TRUNCATE TABLE events"))


def insert(store: Store, age: timedelta, batch: int) -> None:
    """Events of this month that came so long ago."""
    came = datetime.now(UTC) - age
    store.insert(
        "events",
        {
            "project_id": [1] * ROWS, "event": ["seen"] * ROWS, "timestamp": [datetime.now(UTC)] * ROWS,
            "distinct_id": ["d"] * ROWS, "uuid": [UUID(int=batch << 64 | n) for n in range(ROWS)],
            "properties": ['{"$browser":"Chrome"}'] * ROWS, "inserted_at": [came] * ROWS,
        },
        f"recompression-{batch}-{came.timestamp()}",
    )  # fmt: skip


def codec(store: Store) -> set[str]:
    store.command(Sql("OPTIMIZE TABLE events FINAL"))
    rows = store.query(
        Sql("SELECT default_compression_codec FROM system.parts WHERE active AND table = 'events' AND rows > 0")
    ).rows
    return {str(row[0]) for row in rows}


def test_settled_events_are_compressed_again(store: Store) -> None:
    insert(store, timedelta(days=2), 1)
    insert(store, timedelta(days=2), 2)
    assert codec(store) == {"ZSTD(9)"}
    assert store.query(Sql("SELECT count(), uniqExact(uuid) FROM events")).rows == [(2 * ROWS, 2 * ROWS)]


def test_fresh_events_are_not(store: Store) -> None:
    insert(store, timedelta(days=2), 1)
    insert(store, timedelta(minutes=1), 2)
    assert codec(store) == {"ZSTD(1)"}


def test_the_migration_can_be_repeated(store: Store) -> None:
    [found] = [migration for migration in migrations() if migration.number == 6]
    for statement in found.statements():
        store.command(Sql(statement))
    migrate(store)
