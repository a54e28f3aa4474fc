"""The one embedded engine of a test process: chdb serves one folder at a time in a process."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from leanbase.store.embedded import EmbeddedStore
from leanbase.store.migrate import migrate
from leanbase.store.sql import Sql

TABLES = ("events", "heatmaps", "persons", "person_distinct_ids", "person_overrides", "groups", "cohort_people")


@cache
def embedded_engine() -> EmbeddedStore:
    """The engine, with the schema; opened at the first call, closed when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="leanbase-engine-"))
    store = EmbeddedStore(folder / "store", max_memory_bytes=2 << 30)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(store.close)
    migrate(store)
    return store


def emptied() -> EmbeddedStore:
    """The engine with empty tables."""
    store = embedded_engine()
    for table in TABLES:
        store.command(Sql(f"TRUNCATE TABLE {table}"))
    return store
