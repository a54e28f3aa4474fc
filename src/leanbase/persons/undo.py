"""Undoing what joined the wrong people: split ids off a person, undo a merge, and merge by hand. All retroactive."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from leanbase.persons import storage
from leanbase.persons.activity import Activity, note
from leanbase.persons.edits import find
from leanbase.persons.identity import Outcome
from leanbase.persons.ids import person_uuid, split_uuid, uuid_from_bytes
from leanbase.persons.merging import join
from leanbase.persons.properties import encode
from leanbase.persons.record import MergeEntry, Person
from leanbase.persons.repointing import repoint
from leanbase.persons.service import Persons
from leanbase.persons.workspace import Workspace

MANUAL = "manual"


class CannotUndo(ValueError):
    """The merge was undone already, or what it joined is not together any more."""


class NotTheirs(ValueError):
    """A distinct id does not belong to the person; ``distinct_id`` says which."""

    def __init__(self, distinct_id: str) -> None:
        super().__init__(f"The distinct id {distinct_id!r} does not belong to this person.")
        self.distinct_id = distinct_id


class LogEntry(NamedTuple):
    """A merge as it is shown. Times are microseconds, UTC."""

    id: int
    kind: str
    outcome: str
    source_distinct_id: str
    target_distinct_id: str
    person_uuid: UUID
    merged_uuid: UUID | None
    event_uuid: UUID | None
    happened_at: int
    recorded_at: int
    undone_at: int | None
    undone_by: str | None


def split(
    persons: Persons, project_id: int, uuid: UUID, leaving: Sequence[str], keep: str | None = None, who: str = ""
) -> list[UUID]:
    """Give each of these distinct ids a person of its own, with its past events; ``keep`` instead names the only id
    that stays. The person keeps its properties, the others have none. Answers the new persons' uuids.

    Raises ``NoSuchPerson`` and :class:`NotTheirs`; when everybody would leave, the first id stays.
    """
    with persons.editing() as space:
        person = find(space, project_id, uuid)
        theirs = space.distinct_ids_of(person)
        for distinct_id in [*leaving, *([keep] if keep is not None else [])]:
            if distinct_id not in theirs:
                raise NotTheirs(distinct_id)
        if keep is not None:
            leaving = [distinct_id for distinct_id in theirs if distinct_id != keep]
        elif len(set(leaving)) == len(theirs):
            leaving = [distinct_id for distinct_id in leaving if distinct_id != theirs[0]]
        owners = {distinct_id: _separate(space, person, distinct_id) for distinct_id in dict.fromkeys(leaving)}
        if owners:
            repoint(persons.outbox, space, project_id, owners)
            made = {distinct_id: str(owner) for distinct_id, owner in owners.items()}
            _note(space, project_id, uuid, Activity.SPLIT, who, {"distinct_ids": made})
        return list(owners.values())


def merge_by_hand(
    persons: Persons, project_id: int, target_uuid: UUID, source_uuid: UUID, at: int, who: str = ""
) -> None:
    """Make one person part of another, identified or not. Raises ``NoSuchPerson``; ValueError for one and the same."""
    if target_uuid == source_uuid:
        raise ValueError("A person cannot be merged with itself.")
    with persons.editing() as space:
        target, source = find(space, project_id, target_uuid), find(space, project_id, source_uuid)
        target_ids, source_ids = space.distinct_ids_of(target), space.distinct_ids_of(source)
        details = join(space, target, source)
        space.log.append(
            MergeEntry(
                project_id=project_id,
                kind=MANUAL,
                outcome=Outcome.MERGED.value,
                source_distinct_id=source_ids[0] if source_ids else "",
                target_distinct_id=target_ids[0] if target_ids else "",
                person_uuid=target.uuid,
                merged_uuid=source.uuid,
                event_uuid=None,
                happened_at=at,
                before=details,
            )
        )
        came = {"source": str(source_uuid), "distinct_ids": source_ids}
        _note(space, project_id, target_uuid, Activity.MERGED, who, came)


def undo(persons: Persons, project_id: int, entry_id: int, who: str) -> list[UUID]:
    """Take back one entry of the merge log: what came with it leaves again, with its past events, and a person that
    went is as it was. Ids that were split off since stay where they are. Answers the uuids of who lives again.

    The survivor loses what it had from the other and nobody has set since. Raises ``KeyError`` when the project has no
    such entry, :class:`CannotUndo`.
    """
    with persons.editing() as space:
        row = space.connection.execute(
            "SELECT outcome, source_distinct_id, target_distinct_id, merged_uuid, before, undone_at FROM merge_log "
            "WHERE project_id = ? AND id = ?",
            (project_id, entry_id),
        ).fetchone()
        if row is None:
            raise KeyError(entry_id)
        outcome, source_id, target_id, merged, before, undone_at = row
        if undone_at is not None:
            raise CannotUndo("This merge was undone already.")
        space.load([(project_id, source_id), (project_id, target_id)])
        source, target = space.person_of((project_id, source_id)), space.person_of((project_id, target_id))
        if source is None or target is None or source.id != target.id:
            raise CannotUndo("The two distinct ids do not belong to one person any more.")
        if outcome == Outcome.MERGED.value:
            owners = _revive(space, target, uuid_from_bytes(merged), json.loads(before), keep=target_id)
        else:
            leaving = target_id if outcome == Outcome.TARGET_ATTACHED.value else source_id
            owners = {leaving: _separate(space, target, leaving)}
        repoint(persons.outbox, space, project_id, owners)
        space.undone[entry_id] = who
        made = {distinct_id: str(owner) for distinct_id, owner in owners.items()}
        _note(space, project_id, target.uuid, Activity.MERGE_UNDONE, who, {"distinct_ids": made})
        return list(dict.fromkeys(owners.values()))


def _note(space: Workspace, project_id: int, uuid: UUID, what: Activity, who: str, detail: dict[str, Any]) -> None:
    space.also.append(lambda connection: note(connection, project_id, uuid, what, who, detail, space.now))


def _separate(space: Workspace, person: Person, distinct_id: str) -> UUID:
    """A new person without properties for one of a person's ids."""
    key = (person.project_id, distinct_id)
    made = space.born(_free_uuid(space, *key), key, person.created_at, {}, b"{}", False)
    space.move(person, made, key)
    return made.uuid


def _free_uuid(space: Workspace, project_id: int, distinct_id: str) -> UUID:
    uuid, attempt = person_uuid(project_id, distinct_id), 0
    while space.lives(project_id, uuid):
        attempt += 1
        uuid = split_uuid(project_id, distinct_id, attempt)
    return uuid


def _revive(space: Workspace, target: Person, uuid: UUID, before: dict[str, Any], keep: str) -> dict[str, UUID]:
    """The person that a merge ended, with its ids as far as they are still here."""
    project_id = target.project_id
    here = set(space.distinct_ids_of(target))
    leaving = [distinct_id for distinct_id in before["distinct_ids"] if distinct_id in here and distinct_id != keep]
    if not leaving:
        raise CannotUndo("None of the distinct ids that came with this merge is left on the person.")
    if space.lives(project_id, uuid):
        uuid = _free_uuid(space, project_id, leaving[0])
    theirs: dict[str, Any] = before["properties"]
    key = (project_id, leaving[0])
    made = space.born(uuid, key, before["created_at"], theirs, encode(theirs), before["is_identified"])
    for distinct_id in leaving:
        space.move(target, made, (project_id, distinct_id))
    mine = space.own(target)
    ours = dict(mine.properties())
    for name in before["gained"]:
        if name in ours and ours[name] == theirs.get(name):
            del ours[name]
    mine.decoded, mine.blob = ours, encode(ours)
    if mine.created_at == before["created_at"]:
        mine.created_at = before["target_created_at"]
    return dict.fromkeys(leaving, made.uuid)


def merge_log(persons: Persons, project_id: int, uuid: UUID) -> list[LogEntry]:
    """How a person's distinct ids came together, the newest first, with what was undone since."""
    with persons.state.read() as connection:
        found = storage.by_uuids(connection, project_id, [uuid])
        ids = storage.distinct_ids_of(connection, found[0].id) if found else []
        wanted = msgspec.json.encode(ids).decode()
        rows = connection.execute(
            "SELECT id, kind, outcome, source_distinct_id, target_distinct_id, person_uuid, merged_uuid, event_uuid, "
            "happened_at, recorded_at, undone_at, undone_by FROM merge_log WHERE project_id = ?1 AND "
            "(source_distinct_id IN (SELECT value FROM json_each(?2)) OR target_distinct_id IN "
            "(SELECT value FROM json_each(?2))) ORDER BY id DESC LIMIT 1000",
            (project_id, wanted),
        ).fetchall()
    return [LogEntry(*row[:5], *(_uuid(data) for data in row[5:8]), *row[8:]) for row in rows]  # pyright: ignore[reportCallIssue]


def _uuid(data: bytes | None) -> UUID | None:
    return uuid_from_bytes(data) if data is not None else None
