"""Puts events, persons and groups straight into the store, and plays query cases in this process.

A case is a JSON object: events, persons, groups, merges, a query and what is expected of the answer. The case file and
its comparison lie beside the repository where they are at hand; without them the tests that need them are skipped.
"""

import importlib.util
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid5

from leanbase.model.project import Project
from leanbase.query.context import QueryContext
from leanbase.store.client import Limits, Result, Store
from leanbase.store.overrides import reload_overrides
from leanbase.store.sql import Sql

SHARED = Path(__file__).resolve().parents[3] / "shared"
CASE_FILE = SHARED / "cases" / "queries.json"
COMPARISON = SHARED / "tools" / "case_compare.py"

_NAMES = UUID("5f1f2b1e-7d51-4a5e-9d0b-0f4f5ac9d8f1")
_LATER = datetime(2100, 1, 1, tzinfo=UTC)
LIMITS = Limits(seconds=30, memory_bytes=1 << 30, rows=100_000)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def load_cases(*topics: str) -> list[dict[str, Any]]:
    """The cases of these topics; empty where there is no case file."""
    if not CASE_FILE.exists():
        return []
    cases = json.loads(CASE_FILE.read_text(encoding="utf-8"))["cases"]
    return [case for case in cases if case["topic"] in topics]


@cache
def comparison() -> ModuleType | None:
    """The module that judges answers, or None where it is not at hand."""
    if not COMPARISON.exists():
        return None
    spec = importlib.util.spec_from_file_location("case_compare", COMPARISON)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["case_compare"] = module
    spec.loader.exec_module(module)
    return module


# -- rows


def person_uuid(project_id: int, name: str) -> UUID:
    return uuid5(_NAMES, f"{project_id}:{name}")


@dataclass
class StoredEvent:
    """One event as a row. ``person`` names who it belonged to when it arrived."""

    event: str
    distinct_id: str
    timestamp: datetime
    properties: Mapping[str, Any] = field(default_factory=dict)
    person: str = ""
    person_properties: Mapping[str, Any] = field(default_factory=dict)
    person_created_at: datetime | None = None
    personless: bool = False


def insert_events(store: Store, project_id: int, events: Sequence[StoredEvent], token: str) -> None:
    """Insert rows; the order of the list is the order of ingestion."""
    if not events:
        return
    columns: dict[str, list[Any]] = {
        "project_id": [project_id] * len(events),
        "event": [event.event for event in events],
        "timestamp": [event.timestamp for event in events],
        "distinct_id": [event.distinct_id for event in events],
        "person_id": [person_uuid(project_id, event.person or event.distinct_id) for event in events],
        "uuid": [_ordered_uuid(event.timestamp, number) for number, event in enumerate(events)],
        "properties": [json.dumps(event.properties) for event in events],
        "person_properties": [json.dumps(event.person_properties) for event in events],
        "person_created_at": [event.person_created_at or event.timestamp for event in events],
        "person_mode": ["propertyless" if event.personless else "full" for event in events],
        "session_id": [str(event.properties.get("$session_id", "")) for event in events],
        "window_id": [str(event.properties.get("$window_id", "")) for event in events],
        "elements_chain": [str(event.properties.get("$elements_chain", "")) for event in events],
        "inserted_at": [_LATER] * len(events),
    }
    for index in range(5):
        columns[f"group_{index}"] = [str(event.properties.get(f"$group_{index}", "")) for event in events]
    store.insert("events", columns, f"events:{token}")


def _ordered_uuid(timestamp: datetime, number: int) -> UUID:
    milliseconds = int(timestamp.timestamp() * 1000) & (2**48 - 1)
    return UUID(int=milliseconds << 80 | 7 << 76 | (number & 0xFFF) << 64 | 2 << 62 | number)


def insert_persons(
    store: Store, project_id: int, persons: Iterable[tuple[str, datetime, Mapping[str, Any]]], token: str
) -> None:
    """Persons as (name, created_at, properties)."""
    rows = list(persons)
    if not rows:
        return
    columns: dict[str, list[Any]] = {
        "project_id": [project_id] * len(rows),
        "person_id": [person_uuid(project_id, name) for name, _, _ in rows],
        "created_at": [created_at for _, created_at, _ in rows],
        "properties": [json.dumps(properties) for _, _, properties in rows],
        "is_identified": [1] * len(rows),
        "version": [1] * len(rows),
        "is_deleted": [0] * len(rows),
    }
    store.insert("persons", columns, f"persons:{token}")


def insert_overrides(store: Store, project_id: int, moves: Iterable[tuple[str, str]], token: str) -> None:
    """Merges as (old person, where they are today); the latter must not be merged away itself."""
    rows = list(moves)
    if not rows:
        return
    columns: dict[str, list[Any]] = {
        "project_id": [project_id] * len(rows),
        "old_person_id": [person_uuid(project_id, old) for old, _ in rows],
        "new_person_id": [person_uuid(project_id, new) for _, new in rows],
        "version": [1] * len(rows),
    }
    store.insert("person_overrides", columns, f"overrides:{token}")
    reload_overrides(store)


def insert_groups(store: Store, project_id: int, groups: Iterable[Mapping[str, Any]], token: str) -> None:
    """Group profiles as in the case file."""
    rows = list(groups)
    if not rows:
        return
    columns: dict[str, list[Any]] = {
        "project_id": [project_id] * len(rows),
        "group_type_index": [row["group_type_index"] for row in rows],
        "group_key": [row["group_key"] for row in rows],
        "properties": [json.dumps(row.get("properties") or {}) for row in rows],
        "created_at": [at(row.get("created_at") or "2000-01-01T00:00:00Z") for row in rows],
        "version": [1] * len(rows),
    }
    store.insert("groups", columns, f"groups:{token}")


def insert_cohort(store: Store, project_id: int, cohort_id: int, persons: Iterable[str], token: str) -> None:
    """The members of a cohort, by person."""
    members = sorted(set(persons))
    if not members:
        return
    columns: dict[str, list[Any]] = {
        "project_id": [project_id] * len(members),
        "cohort_id": [cohort_id] * len(members),
        "person_id": [person_uuid(project_id, name) for name in members],
        "version": [1] * len(members),
    }
    store.insert("cohort_people", columns, f"cohort:{cohort_id}:{token}")


# -- the surroundings of a query


@dataclass
class KnownTypes:
    """Declared property types: kind -> name -> type."""

    declared: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, kind: str, key: str, group_type_index: int | None = None) -> str | None:
        return self.declared.get(kind, {}).get(key)


@dataclass
class KnownActions:
    by_id: Mapping[int, list[dict[str, object]]] = field(default_factory=dict)

    def steps(self, action_id: int) -> list[dict[str, object]] | None:
        return self.by_id.get(action_id)

    def names(self) -> dict[int, str]:
        return {number: f"action {number}" for number in self.by_id}


@dataclass
class KnownCohorts:
    names: Mapping[int, str] = field(default_factory=dict)

    def find(self, cohort: int | str) -> tuple[int, str] | None:
        for number, name in self.names.items():
            if cohort in (number, str(number), name):
                return number, name
        return None


@dataclass
class Asked:
    """A store that remembers what it was asked."""

    store: Store
    statements: list[Sql] = field(default_factory=list)

    def __call__(self, sql: Sql) -> Result:
        self.statements.append(sql)
        return self.store.query(sql, LIMITS)


def context(store: Store, project: Project, now: datetime, **known: Any) -> QueryContext:
    """A query's surroundings; ``known`` may give property_types, actions, cohorts, modifiers."""
    return QueryContext(
        project=project,
        now=now,
        execute=known.pop("execute", None) or Asked(store),
        property_types=known.pop("property_types", KnownTypes()),
        actions=known.pop("actions", KnownActions()),
        cohorts=known.pop("cohorts", KnownCohorts()),
        **known,
    )


# -- cases


def insert_case(store: Store, project_id: int, case: Mapping[str, Any]) -> QueryContext:
    """Store what a case describes and answer the surroundings of its query."""
    token = f"{project_id}:{case['id']}"
    owner = {
        distinct_id: person["distinct_ids"][0] for person in case["persons"] for distinct_id in person["distinct_ids"]
    }
    for step in sorted(case.get("distinct_id_reassignments") or [], key=lambda step: int(step["version"])):
        owner[step["distinct_id"]] = owner[step["to_person_of"]]
    profiles = {person["distinct_ids"][0]: person for person in case["persons"]}
    created = {name: _created_at(profile, case) for name, profile in profiles.items()}
    events = [
        StoredEvent(
            event["event"],
            event["distinct_id"],
            at(event["timestamp"]),
            event["properties"],
            person=owner.get(event["distinct_id"], ""),
            person_properties=profiles.get(owner.get(event["distinct_id"], ""), {}).get("properties") or {},
            person_created_at=created.get(owner.get(event["distinct_id"], "")),
            personless=event["distinct_id"] not in owner,
        )
        for event in case["events"]
    ]
    insert_events(store, project_id, events, token)
    persons = [(name, created[name], profile.get("properties") or {}) for name, profile in profiles.items()]
    insert_persons(store, project_id, persons, token)
    merges = case.get("merges") or []
    moves = [(owner[step["from_distinct_id"]], owner[step["into_distinct_id"]]) for step in merges]
    insert_overrides(store, project_id, moves, token)
    insert_groups(store, project_id, case.get("groups") or [], token)
    cohorts = case.get("cohorts") or []
    for cohort in cohorts:
        members = [name for name, _, properties in persons if _in_cohort(cohort, properties)]
        insert_cohort(store, project_id, cohort["id"], members, token)
    latest = max([event.timestamp for event in events], default=_LATER)
    return context(
        store,
        Project(id=project_id, api_token=f"phc_{project_id}", name=case["id"], **_settings(case)),
        at(case["now"]) if case.get("now") else latest.replace(year=latest.year + 1, day=min(latest.day, 28)),
        property_types=KnownTypes(case.get("property_definitions") or {}),
        cohorts=KnownCohorts({cohort["id"]: cohort["name"] for cohort in cohorts}),
    )


def _settings(case: Mapping[str, Any]) -> dict[str, Any]:
    settings = dict(case.get("team") or {})
    if "test_account_filters" in settings:
        settings["test_account_filters"] = tuple(settings["test_account_filters"])
    return settings


def _created_at(person: Mapping[str, Any], case: Mapping[str, Any]) -> datetime:
    if person.get("created_at"):
        return at(person["created_at"])
    times = [at(event["timestamp"]) for event in case["events"] if event["distinct_id"] in person["distinct_ids"]]
    return min(times, default=datetime(2000, 1, 1, tzinfo=UTC))


def _in_cohort(cohort: Mapping[str, Any], properties: Mapping[str, Any]) -> bool:
    return any(
        all(properties.get(condition["key"]) == condition["value"] for condition in group["properties"])
        for group in cohort["groups"]
    )


def difference(case: Mapping[str, Any], answer: Mapping[str, Any]) -> object:
    """What the answer has wrong, or None."""
    compare = comparison()
    assert compare is not None
    timezone = (case.get("team") or {}).get("timezone", "UTC")
    body = json.loads(json.dumps(answer))
    return compare.compare_query(case["expected"], compare.Answer(body, timezone, case.get("tolerance")))
