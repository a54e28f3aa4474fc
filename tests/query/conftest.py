"""Queries against a real embedded engine: small tables per test, one engine per process."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from leanbase.model.project import Project
from leanbase.query.context import QueryContext
from leanbase.store.client import Limits, Store
from leanbase.store.overrides import rebuild_overrides
from leanbase.store.sql import Sql
from tests.embedded_engine import embedded_engine
from tests.query.fixture_pairs import insert_world

PERSON_NAMESPACE = UUID("932979b4-65c3-4424-8467-0b66ec27bc22")
TABLES = ("events", "persons", "person_distinct_ids", "person_overrides", "groups", "cohort_people")
LIMITS = Limits(seconds=30, memory_bytes=1 << 30, rows=100_000)


def person_uuid(project_id: int, distinct_id: str) -> UUID:
    """The uuid of the person of a distinct id that was never merged."""
    return uuid5(PERSON_NAMESPACE, f"{project_id}:{distinct_id}")


def moment(value: Any) -> datetime:
    """A time of a test: a datetime, or an ISO text (UTC unless it says otherwise)."""
    if isinstance(value, datetime):
        return value
    parsed = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


@pytest.fixture(scope="session")
def engine() -> Store:
    """Shared with the other tests of this process: chdb serves one folder at a time."""
    return embedded_engine()


def _emptied(engine: Store) -> Store:
    for table in TABLES:
        engine.command(Sql(f"TRUNCATE TABLE {table}"))
    rebuild_overrides(engine)
    return engine


@pytest.fixture(scope="module")
def world(engine: Store) -> Store:
    """The engine with the people of the fixture pairs."""
    insert_world(_emptied(engine))
    return engine


@pytest.fixture
def store(engine: Store) -> Store:
    """The engine with empty tables."""
    _emptied(engine)
    return engine


@dataclass
class Lookups:
    """Definitions, actions and cohorts that a test declares; what a QueryContext asks."""

    types: dict[tuple[str, str], str] = field(default_factory=dict)
    action_steps: dict[int, list[dict[str, object]]] = field(default_factory=dict)
    action_names: dict[int, str] = field(default_factory=dict)
    cohort_names: dict[int, str] = field(default_factory=dict)

    def of(self, kind: str, key: str, group_type_index: int | None = None) -> str | None:
        return self.types.get((kind, key))

    def steps(self, action_id: int) -> list[dict[str, object]] | None:
        return self.action_steps.get(action_id)

    def names(self) -> dict[int, str]:
        return {number: self.action_names.get(number, f"Action {number}") for number in self.action_steps}

    def rows(self) -> list[dict[str, object]]:
        """Of cohorts; what SQL lists of actions is tested over the real application database."""
        return [
            {"id": number, "name": name, "description": "", "count": None, "is_static": False, "created_at": 0}
            for number, name in self.cohort_names.items()
        ]

    def find(self, cohort: int | str) -> tuple[int, str] | None:
        for number, name in self.cohort_names.items():
            if cohort in (number, str(number), name):
                return number, name
        return None


@pytest.fixture
def lookups() -> Lookups:
    return Lookups()


@pytest.fixture
def ctx(store: Store, lookups: Lookups) -> Callable[..., QueryContext]:
    """``ctx(project, now)``: a context over the engine. ``project`` is a Project or a project id."""

    def make(
        project: Project | int = 1, now: Any = "2026-01-31T12:00:00Z", modifiers: Mapping[str, Any] | None = None
    ) -> QueryContext:
        known = project if isinstance(project, Project) else Project(id=project, api_token=f"phc_{project}")
        return QueryContext(
            project=known,
            now=moment(now),
            execute=lambda sql: store.query(sql, LIMITS),
            property_types=lookups,
            actions=lookups,
            cohorts=lookups,
            modifiers=modifiers or {},
        )

    return make


@pytest.fixture
def insert_events(store: Store) -> Callable[..., None]:
    """``insert_events(project_id, rows)``: a row has event, timestamp, distinct_id, and optionally properties (dict or
    JSON text), person_id, uuid, person_properties, person_created_at, person_mode, session_id, window_id,
    elements_chain, groups (index -> key)."""

    def insert(project_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return

        def column(make: Callable[[Mapping[str, Any]], Any]) -> list[Any]:
            return [make(row) for row in rows]

        def as_json(value: Any) -> str:
            return value if isinstance(value, str) else json.dumps(value or {}, ensure_ascii=False)

        def person(row: Mapping[str, Any]) -> UUID:
            chosen = row.get("person_id")
            return UUID(str(chosen)) if chosen else person_uuid(project_id, row["distinct_id"])

        columns: dict[str, list[Any]] = {
            "project_id": [project_id] * len(rows),
            "event": column(lambda row: row["event"]),
            "timestamp": column(lambda row: moment(row["timestamp"])),
            "distinct_id": column(lambda row: row["distinct_id"]),
            "person_id": column(person),
            "uuid": column(lambda row: UUID(str(row["uuid"])) if row.get("uuid") else uuid4()),
            "properties": column(lambda row: as_json(row.get("properties"))),
            "person_properties": column(lambda row: as_json(row.get("person_properties"))),
            "person_created_at": column(lambda row: moment(row.get("person_created_at", row["timestamp"]))),
            "person_mode": column(lambda row: row.get("person_mode", "full")),
            "session_id": column(lambda row: row.get("session_id", "")),
            "window_id": column(lambda row: row.get("window_id", "")),
            "elements_chain": column(lambda row: row.get("elements_chain", "")),
            "inserted_at": column(lambda row: moment(row["timestamp"])),
        }
        for index in range(5):
            columns[f"group_{index}"] = column(lambda row, i=index: (row.get("groups") or {}).get(i, ""))
        store.insert("events", columns, f"test-{uuid4()}")

    return insert


@pytest.fixture
def insert_persons(store: Store) -> Callable[..., None]:
    """``insert_persons(project_id, rows)``: a row has distinct_ids, and optionally properties, created_at, person_id,
    is_identified, version. The person's uuid is that of its first distinct id."""

    def insert(project_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        ids = [UUID(str(row.get("person_id") or person_uuid(project_id, row["distinct_ids"][0]))) for row in rows]
        store.insert(
            "persons",
            {
                "project_id": [project_id] * len(rows),
                "person_id": ids,
                "created_at": [moment(row.get("created_at", "2020-01-01T00:00:00Z")) for row in rows],
                "properties": [json.dumps(row.get("properties") or {}, ensure_ascii=False) for row in rows],
                "is_identified": [int(row.get("is_identified", False)) for row in rows],
                "version": [int(row.get("version", 0)) for row in rows],
                "is_deleted": [0] * len(rows),
            },
            f"test-{uuid4()}",
        )
        pairs = [(name, person) for row, person in zip(rows, ids, strict=True) for name in row["distinct_ids"]]
        if pairs:
            store.insert(
                "person_distinct_ids",
                {
                    "project_id": [project_id] * len(pairs),
                    "distinct_id": [name for name, _ in pairs],
                    "person_id": [person for _, person in pairs],
                    "version": [0] * len(pairs),
                    "is_deleted": [0] * len(pairs),
                },
                f"test-{uuid4()}",
            )

    return insert


@pytest.fixture
def insert_groups(store: Store) -> Callable[..., None]:
    """``insert_groups(project_id, rows)``: a row has index, key, and optionally properties and created_at."""

    def insert(project_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        store.insert(
            "groups",
            {
                "project_id": [project_id] * len(rows),
                "group_type_index": [int(row["index"]) for row in rows],
                "group_key": [str(row["key"]) for row in rows],
                "properties": [json.dumps(row.get("properties") or {}) for row in rows],
                "created_at": [moment(row.get("created_at", "2020-01-01T00:00:00Z")) for row in rows],
                "version": [1] * len(rows),
                "is_deleted": [0] * len(rows),
            },
            f"test-{uuid4()}",
        )

    return insert


@pytest.fixture
def merge_persons(store: Store) -> Callable[..., None]:
    """``merge_persons(project_id, old_distinct_id, new_distinct_id)``: the first's person became the second's."""

    def merge(project_id: int, old: str, new: str, version: int = 1) -> None:
        store.insert(
            "person_overrides",
            {
                "project_id": [project_id],
                "old_person_id": [person_uuid(project_id, old)],
                "new_person_id": [person_uuid(project_id, new)],
                "version": [version],
            },
            f"test-{uuid4()}",
        )
        rebuild_overrides(store)

    return merge


@pytest.fixture
def insert_cohort(store: Store) -> Callable[..., None]:
    """``insert_cohort(project_id, cohort_id, distinct_ids)``: members by their first distinct id."""

    def insert(project_id: int, cohort_id: int, distinct_ids: Sequence[str]) -> None:
        if not distinct_ids:
            return
        store.insert(
            "cohort_people",
            {
                "project_id": [project_id] * len(distinct_ids),
                "cohort_id": [cohort_id] * len(distinct_ids),
                "person_id": [person_uuid(project_id, name) for name in distinct_ids],
                "version": [1] * len(distinct_ids),
                "is_deleted": [0] * len(distinct_ids),
            },
            f"test-{uuid4()}",
        )

    return insert
