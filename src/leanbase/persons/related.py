"""Who belongs together by events: the groups of a person, the persons of a group, the groups of a group."""

from typing import Any, NamedTuple
from uuid import UUID

from leanbase.persons import storage
from leanbase.persons.record import Person
from leanbase.persons.service import Persons
from leanbase.store.client import Limits, Store
from leanbase.store.sql import Sql

DAYS = 90  # of events that are looked at, as PostHog does
MOST = 500  # persons or groups in an answer
_LIMITS = Limits(seconds=30, memory_bytes=1 << 30, rows=5 * MOST)
_SINCE = "timestamp >= now64(6) - toIntervalDay({days:UInt32}) AND toDate(timestamp) >= today() - {days:UInt32}"
_KEYS = "[group_0, group_1, group_2, group_3, group_4]"


class RelatedGroup(NamedTuple):
    """A group that events name: how often, and when the last (microseconds)."""

    group_type_index: int
    group_key: str
    events: int
    last_seen: int


def groups_of_person(persons: Persons, store: Store, person: Person) -> list[RelatedGroup]:
    """The groups in a person's events of the last 90 days, the most frequent first. Raises ``StoreError``."""
    with persons.state.read() as connection:
        uuids = [person.uuid, *storage.overrides_into(connection, person.project_id, person.uuid)]
    binds: dict[str, Any] = {"uuids": [str(uuid) for uuid in uuids]}
    return _groups(store, person.project_id, "pk IN (SELECT cityHash64(arrayJoin({uuids:Array(UUID)})))", binds)


def groups_of_group(store: Store, project_id: int, index: int, key: str) -> list[RelatedGroup]:
    """Groups of other types in the events of a group. Raises ``StoreError``."""
    found = _groups(store, project_id, f"{_column(index)} = {{key:String}}", {"key": key})
    return [group for group in found if group.group_type_index != index]


def persons_of_group(store: Store, project_id: int, index: int, key: str) -> list[UUID]:
    """Today's persons in the events of a group, the latest seen first. Raises ``StoreError``."""
    rows = store.query(
        Sql(
            "SELECT dictGetOrDefault('person_override', 'new_person_id', pk, person_id) AS person FROM events "
            f"WHERE project_id = {{project:UInt32}} AND {_SINCE} AND {_column(index)} = {{key:String}} "
            "GROUP BY person ORDER BY max(timestamp) DESC, person LIMIT {most:UInt32}",
            {"project": project_id, "days": DAYS, "key": key, "most": MOST},
        ),
        _LIMITS,
    ).rows
    return [row[0] for row in rows]


def _groups(store: Store, project_id: int, condition: str, binds: dict[str, Any]) -> list[RelatedGroup]:
    rows = store.query(
        Sql(
            "SELECT pair.1 AS index, pair.2 AS key, count() AS events, toUnixTimestamp64Micro(max(timestamp)) "
            f"FROM events ARRAY JOIN arrayZip(range(5), {_KEYS}) AS pair "
            f"WHERE project_id = {{project:UInt32}} AND {_SINCE} AND {condition} AND pair.2 != '' "
            "GROUP BY index, key ORDER BY events DESC, index, key LIMIT {most:UInt32}",
            {"project": project_id, "days": DAYS, "most": MOST, **binds},
        ),
        _LIMITS,
    ).rows
    return [RelatedGroup(*row) for row in rows]


def _column(index: int) -> str:
    return f"group_{index:d}"
