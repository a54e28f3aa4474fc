"""The three sides of the benchmark of insights: the product, DuckDB over Parquet, and the plain layout.

The product is asked through its own runners, guarded and limited as in the service, without the cache of results. The
plain layout is the same engine, sort key and SQL over a table that keeps properties only as a JSON string.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.insights_data import PROJECT, settle
from leanbase.model.project import Project
from leanbase.query.context import QueryContext
from leanbase.query.execution import Execution
from leanbase.query.kinds import RUNNERS
from leanbase.store.client import Limits, Result, Store
from leanbase.store.properties import PromotedProperties, column_name
from leanbase.store.sql import Sql

NOW = datetime(2026, 10, 31, 12, tzinfo=UTC)
LIMITS = Limits(seconds=600, memory_bytes=1 << 30, rows=1_000_000)  # the product's, but for the time
# Repeated filters would be answered from what the engine remembers of the last time.
_SETTINGS = ", max_threads = 1, use_query_condition_cache = 0"
_PLAIN_COLUMNS = "project_id, event, timestamp, distinct_id, person_id, properties, person_mode, session_id"
_HOT = ("$browser", "$os", "$device_type", "$current_url", "$pathname", "$host", "$referring_domain", "$lib")


class _Nothing:
    """No definitions, actions or cohorts."""

    def of(self, kind: str, key: str, group_type_index: int | None = None) -> str | None:
        return None

    def steps(self, action_id: int) -> list[dict[str, object]] | None:
        return None

    def names(self) -> dict[int, str]:
        return {}

    def find(self, cohort: int | str) -> tuple[int, str] | None:
        return None


@dataclass
class _Sessions:
    """A store whose queries run on one thread, over another table of events where asked for."""

    store: Store
    table: str = "events"

    def query(self, sql: Sql, limits: Limits | None = None, tag: str = "") -> Result:
        text = sql.text.replace("FROM events AS ", f"FROM {self.table} AS ")
        text = text.replace("'events': ", f"'{self.table}': ") + _SETTINGS
        return self.store.query(replace(sql, text=text), limits, tag)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


@dataclass
class Product:
    """The product over a store with the benchmark's events."""

    store: Store
    promoted: PromotedProperties
    table: str = "events"

    @staticmethod
    def over(store: Store) -> "Product":
        promoted = PromotedProperties()
        promoted.refresh(store)
        return Product(store, promoted)

    def ask(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """The answer of the query's runner."""
        sessions: Any = _Sessions(self.store, self.table)
        nothing = _Nothing()
        ctx = QueryContext(
            project=Project(id=PROJECT, api_token="phc_bench"),
            now=NOW,
            execute=Execution(sessions, PROJECT, LIMITS, "bench").run,
            property_types=nothing,
            actions=nothing,
            cohorts=nothing,
            promoted=self.promoted,
        )
        return RUNNERS[str(query["kind"])](ctx, query)

    def plain(self) -> "Product":
        """The plain layout, copied from the events on the first call."""
        self.store.command(
            Sql(
                "CREATE TABLE IF NOT EXISTS plain (project_id UInt32, event LowCardinality(String),"
                " timestamp DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)), distinct_id String CODEC(ZSTD(1)),"
                " person_id UUID CODEC(ZSTD(1)), pk UInt64 MATERIALIZED cityHash64(person_id) CODEC(ZSTD(1)),"
                " properties String CODEC(ZSTD(3)), person_mode LowCardinality(String), session_id String"
                " CODEC(ZSTD(1)))"
                " ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp)"
                " ORDER BY (project_id, event, toDate(timestamp), cityHash64(distinct_id))"
            )
        )
        if not self.store.query(Sql("SELECT count() FROM plain")).rows[0][0]:
            self.store.command(Sql(f"INSERT INTO plain ({_PLAIN_COLUMNS}) SELECT {_PLAIN_COLUMNS} FROM events"))
            settle(self.store, "plain")
        return replace(self, promoted=PromotedProperties(), table="plain")


def export_parquet(store: Store, folder: Path) -> None:
    """The events with typed columns, sorted as the product sorts them, and who was merged, and persons."""
    hot = ", ".join(f"CAST({column_name('properties', key)}, 'Nullable(String)') AS {key[1:]}" for key in _HOT)
    tables = {
        "events": f"SELECT CAST(event, 'String') AS event, toUnixTimestamp64Micro(timestamp) AS ts, pk, distinct_id,"
        f" CAST(person_mode, 'String') AS person_mode, {hot},"
        " JSONExtract(properties, 'plan', 'Nullable(String)') AS plan,"
        " JSONExtract(properties, 'coupon', 'Nullable(String)') AS coupon"
        " FROM events ORDER BY project_id, event, toDate(timestamp), cityHash64(distinct_id)",
        "overrides": "SELECT old_pk, new_pk FROM person_overrides",
        "persons": "SELECT pk, toUnixTimestamp64Micro(created_at) AS created FROM persons FINAL",
    }
    for name, text in tables.items():
        store.command(
            Sql(
                f"INSERT INTO FUNCTION file('{folder / name}.parquet', 'Parquet') {text}"
                " SETTINGS output_format_parquet_row_group_size = 122880, optimize_read_in_order = 1,"
                " output_format_parquet_compression_method = 'snappy'"
            )
        )


class Duck:
    """DuckDB on one thread over the exported files."""

    def __init__(self, folder: Path) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("SET threads = 1")
        for name in ("events", "overrides", "persons"):
            self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{folder / name}.parquet')")

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def close(self) -> None:
        self._connection.close()
