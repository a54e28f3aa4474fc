"""The same store over a real ClickHouse server: runs where LEANBASE_TEST_CLICKHOUSE names one (an empty database)."""

import os
import threading
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from leanbase.store.client import Limits, Store, StoreError
from leanbase.store.migrate import migrate
from leanbase.store.open import open_store
from leanbase.store.overrides import rebuild_overrides, reload_overrides
from leanbase.store.promotion import Promotion
from leanbase.store.properties import PromotedProperties
from leanbase.store.server import ServerStore
from leanbase.store.sql import Sql

ADDRESS = os.environ.get("LEANBASE_TEST_CLICKHOUSE", "")
needs_server = pytest.mark.skipif(not ADDRESS, reason="LEANBASE_TEST_CLICKHOUSE names no ClickHouse server")
LIMITS = Limits(seconds=10, memory_bytes=1 << 29, rows=100)


@pytest.fixture
def server() -> Iterator[Store]:
    store = open_store(ADDRESS)
    assert isinstance(store, ServerStore)
    migrate(store)
    for table in ("events", "person_overrides"):
        store.command(Sql(f"TRUNCATE TABLE {table}"))
    rebuild_overrides(store)
    yield store
    store.close()


def one(store: Store, text: str) -> object:
    return store.query(Sql(text), LIMITS).rows[0][0]


def insert(store: Store, person: UUID, token: str) -> None:
    columns = {"project_id": [1], "event": ["e"], "timestamp": [1_700_000_000_000_000], "person_id": [person]}
    store.insert("events", columns | {"properties": ['{"it\'s": 5}']}, token)


@needs_server
def test_inserts_are_exact_and_overrides_count(server: Store) -> None:
    first, second = uuid4(), uuid4()
    insert(server, first, "a")
    insert(server, first, "a")
    insert(server, second, "b")
    assert one(server, "SELECT count() FROM events") == 2
    override = {"project_id": [1], "old_person_id": [first], "new_person_id": [second], "version": [1]}
    server.insert("person_overrides", override, "o")
    reload_overrides(server)
    assert one(server, "SELECT uniqExact(dictGetOrDefault('person_override', 'new_pk', pk, pk)) FROM events") == 1


@needs_server
def test_a_property_is_promoted(server: Store) -> None:
    insert(server, uuid4(), "c")
    promoted = PromotedProperties()
    Promotion(server, promoted).promote("properties", "it's")
    column = promoted.column("properties", "it's")
    assert one(server, f"SELECT {column} FROM events") == "5"


@needs_server
def test_refusals_and_cancelling(server: Store) -> None:
    with pytest.raises(StoreError) as caught:
        server.query(Sql("SELECT nope"), LIMITS)
    assert caught.value.code == 47
    failures: list[int] = []

    def run() -> None:
        try:
            server.query(
                Sql("SELECT count() FROM numbers(10000000000000) WHERE NOT ignore(cityHash64(number))"), tag="q:9"
            )
        except StoreError as problem:
            failures.append(problem.code)

    thread = threading.Thread(target=run)
    thread.start()
    while not server.cancel("q:9"):
        assert thread.is_alive()
    thread.join()
    assert failures == [394]


def test_a_server_that_is_away_is_told_at_once() -> None:
    with pytest.raises(StoreError) as caught:
        open_store("clickhouse://default@127.0.0.1:1/default")
    assert caught.value.code == 210


@pytest.mark.parametrize("address", ["mysql://x/y", "http://localhost:8123"])
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not known"):
        open_store(address)
