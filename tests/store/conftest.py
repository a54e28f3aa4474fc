"""One embedded engine for the tests of a process: chdb serves one path at a time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from leanbase.store.client import Store
from leanbase.store.embedded import EmbeddedStore
from leanbase.store.migrate import migrate
from leanbase.store.sql import Sql


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = EmbeddedStore(Path(tmp_path_factory.mktemp("engine")) / "store", max_memory_bytes=1 << 30)
    migrate(store)
    yield store
    store.close()


@pytest.fixture
def store(engine: Store) -> Store:
    """The engine with empty tables."""
    for table in ("events", "persons", "person_distinct_ids", "person_overrides", "groups", "cohort_people"):
        engine.command(Sql(f"TRUNCATE TABLE {table}"))
    return engine
