"""Who set which property of a person, when and to what: read from the person's events and its merges.

The rules of ``properties`` are played again over what events wrote, in the order in which they were processed. Within
one turn of the pipeline that order is not stored; events are taken by their own times then. What the person has by now
and no event explains (ids that were split off, an undone merge, trimmed properties) ends the history as ``other``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, cast
from uuid import UUID

from leanbase.model.clock import micros
from leanbase.persons import storage
from leanbase.persons.hand_events import CHANGED_BY
from leanbase.persons.identity import Outcome
from leanbase.persons.ids import uuid_from_bytes
from leanbase.persons.properties import PERSON_EVENTS, READ_ONLY_EVENTS, difference, new_properties
from leanbase.persons.record import Person
from leanbase.persons.service import Persons
from leanbase.store.client import Limits
from leanbase.store.sql import Sql

MOST_EVENTS = 10_000  # that are played; of a longer history the newest
_LIMITS = Limits(seconds=30, memory_bytes=1 << 30, rows=MOST_EVENTS + 1)
_CREATOR = "$creator_event_uuid"

# The rows of a person are found by the projection over ``pk``; whatever changes persons has one of these texts.
_WRITES = """
SELECT inserted_at, timestamp, uuid, event, distinct_id, JSONExtractRaw(properties, '$set'),
  JSONExtractRaw(properties, '$set_once'), JSONExtractRaw(properties, '$unset'),
  JSONExtractString(properties, {changed_by:String})
FROM events WHERE project_id = {project:UInt32}
  AND pk IN (SELECT cityHash64(arrayJoin({uuids:Array(UUID)})))
  AND person_mode = 'full' AND multiSearchAny(properties, ['"$set', '"$unset'])
ORDER BY inserted_at DESC, timestamp DESC, uuid DESC LIMIT {most:UInt32}
"""


class Operation(StrEnum):
    """How a property changed."""

    SET = "set"
    SET_ONCE = "set_once"
    UNSET = "unset"
    MERGED = "merged"  # it came with a person that was merged into this one
    OTHER = "other"  # no event explains it


class Write(NamedTuple):
    """What one event wrote. Times are microseconds, UTC."""

    processed_at: int
    at: int
    uuid: UUID
    event: str
    distinct_id: str
    set_: Mapping[str, Any]
    set_once: Mapping[str, Any]
    unset: Sequence[str]
    changed_by: str = ""


class Join(NamedTuple):
    """A merge: ``distinct_ids`` came to the person of ``target``, with ``gained``."""

    processed_at: int
    at: int
    event_uuid: UUID | None
    kind: str
    source: str
    target: str
    distinct_ids: Sequence[str]
    gained: Mapping[str, Any]


class Change(NamedTuple):
    """One property changed. ``at`` and the event are None for what no event explains."""

    key: str
    operation: Operation
    value: Any
    previous: Any
    at: int | None
    event: str | None
    event_uuid: UUID | None
    distinct_id: str | None
    changed_by: str = ""


@dataclass
class History:
    """Changes, the newest first; ``truncated`` when there are older ones that were not read."""

    changes: list[Change]
    truncated: bool = False


@dataclass
class _Player:
    """Plays writes and joins over one set of properties per person that once was."""

    write_all: bool
    births: frozenset[UUID]
    known_from_start: bool  # false: the oldest writes are missing, so nobody knows what was there before
    changes: list[Change] = field(default_factory=list[Change])
    lines: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])  # by distinct id

    def line(self, distinct_id: str) -> dict[str, Any]:
        return self.lines.setdefault(distinct_id, {})

    def write(self, write: Write) -> None:
        line = self.line(write.distinct_id)
        if write.uuid in self.births:
            born = new_properties(write.set_, write.set_once, str(write.uuid))
            born.pop(_CREATOR)
            changed, gone = born, list[str]()
        elif write.event in READ_ONLY_EVENTS:
            return
        else:
            write_all = self.write_all or write.event in PERSON_EVENTS or bool(write.changed_by)
            changed, gone, kept = difference(line, write.set_, write.set_once, write.unset, write_all)
            if not kept and self.known_from_start:
                return
        for key, value in changed.items():
            operation = Operation.SET if key in write.set_ else Operation.SET_ONCE
            if key not in line or line[key] != value or type(line[key]) is not type(value):
                self._note(write, key, operation, value, line.get(key))
            line[key] = value
        for key in gone:
            # What the same event set just now is what it removes.
            self._note(write, key, Operation.UNSET, None, line.pop(key))

    def _note(self, write: Write, key: str, operation: Operation, value: Any, previous: Any) -> None:
        self.changes.append(
            Change(
                key, operation, value, previous, write.at, write.event, write.uuid, write.distinct_id, write.changed_by
            )
        )

    def join(self, join: Join) -> None:
        line = self.line(join.target)
        for key, value in join.gained.items():
            if key not in line:
                self.changes.append(
                    Change(key, Operation.MERGED, value, None, join.at, join.kind, join.event_uuid, join.source)
                )
                line[key] = value
        for distinct_id in (*join.distinct_ids, join.source):
            self.lines[distinct_id] = line

    def finish(self, distinct_ids: Sequence[str], properties: Mapping[str, Any]) -> None:
        """Account for what the person has and nothing explains, and for what it should have and has not."""
        played: dict[str, Any] = {}
        for distinct_id in distinct_ids:
            played = {**self.lines.get(distinct_id, {}), **played}
        for key in sorted({*played, *properties} - {_CREATOR}):
            if key not in properties or key not in played or played[key] != properties[key]:
                self.changes.append(
                    Change(key, Operation.OTHER, properties.get(key), played.get(key), None, None, None, None)
                )


def play(
    writes: Sequence[Write],
    joins: Sequence[Join],
    births: frozenset[UUID],
    distinct_ids: Sequence[str],
    properties: Mapping[str, Any],
    write_all: bool = False,
    truncated: bool = False,
) -> History:
    """The history of a person that has these ids and properties today. ``births`` are the events that created it and
    whoever became part of it; ``write_all``: the project keeps noisy values too."""
    player = _Player(write_all, births, not truncated)
    steps: list[Write | Join] = [*joins, *writes]  # of one event the merge comes first: sorting keeps this order
    for step in sorted(steps, key=lambda step: (step.processed_at, step.at)):
        if isinstance(step, Join):
            player.join(step)
        else:
            player.write(step)
    if not truncated:
        player.finish(distinct_ids, properties)
    return History(player.changes[::-1], truncated)


def history(persons: Persons, person: Person, write_all: bool) -> History:
    """The history of a living person's properties. Raises ``StoreError``."""
    assert persons.store is not None
    with persons.state.read() as connection:
        distinct_ids = storage.distinct_ids_of(connection, person.id)
        uuids = [person.uuid, *storage.overrides_into(connection, person.project_id, person.uuid)]
        rows = connection.execute(
            "SELECT recorded_at, happened_at, event_uuid, kind, outcome, source_distinct_id, target_distinct_id, "
            "before FROM merge_log WHERE project_id = ?1 AND undone_at IS NULL AND (source_distinct_id IN "
            "(SELECT value FROM json_each(?2)) OR target_distinct_id IN (SELECT value FROM json_each(?2))) ORDER BY id",
            (person.project_id, json.dumps(distinct_ids)),
        ).fetchall()
    joins: list[Join] = []
    creators: list[Any] = [person.properties().get(_CREATOR)]
    for processed_at, at, event_uuid, kind, outcome, source, target, text in rows:
        before: dict[str, Any] = json.loads(text)
        theirs: dict[str, Any] = before.get("properties", {})
        creators.append(theirs.get(_CREATOR))
        gained = {key: theirs[key] for key in before.get("gained", ()) if key in theirs}
        uuid = uuid_from_bytes(event_uuid) if event_uuid else None
        if outcome == Outcome.TARGET_ATTACHED.value:
            source, target = target, source  # the source's person went on
        if target not in distinct_ids:
            continue  # the id that came was split off since: what it brought stayed with the other person
        joins.append(Join(processed_at, at, uuid, kind, source, target, before.get("distinct_ids", ()), gained))
    found = persons.store.query(
        Sql(
            _WRITES,
            {
                "project": person.project_id,
                "uuids": [str(uuid) for uuid in uuids],
                "changed_by": CHANGED_BY,
                "most": MOST_EVENTS + 1,
            },
        ),
        _LIMITS,
    ).rows
    writes = [_write(row) for row in reversed(found[:MOST_EVENTS])]
    births = frozenset(uuid for uuid in map(_uuid, creators) if uuid is not None)
    truncated = len(found) > MOST_EVENTS
    return play(writes, joins, births, distinct_ids, person.properties(), write_all, truncated)


def _write(row: Sequence[Any]) -> Write:
    processed_at, at, uuid, event, distinct_id, set_, set_once, unset, changed_by = row
    return Write(
        micros(processed_at),
        micros(at),
        uuid,
        event,
        distinct_id,
        _object(set_),
        _object(set_once),
        _keys(unset),
        changed_by,
    )


def _object(text: str) -> dict[str, Any]:
    value = json.loads(text) if text else None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _keys(text: str) -> list[str]:
    value = json.loads(text) if text else None
    if isinstance(value, dict | list):
        return [key for key in cast("list[Any]", value) if isinstance(key, str)]
    return []


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
