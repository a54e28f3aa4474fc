"""Moving past events from one person to another, which a merge never needs and every undoing does.

Events carry the person of their day and overrides say who that is today. Taking ids away from a person cannot be said
by an override, for the events of the ids that stay carry the same person. So the rows of the ids that leave are
rewritten; and where an override leads from the uuid of a person that lives again, the rows that rely on it are
rewritten first and it is removed.
"""

from collections.abc import Mapping
from uuid import UUID

from leanbase.persons import storage
from leanbase.persons.outbox import Command, Outbox
from leanbase.persons.workspace import Workspace

# Of mutations: wait until every row is rewritten (the edit answers only then).
_AND_WAIT = "SETTINGS mutations_sync = 1"


def repoint(outbox: Outbox, space: Workspace, project_id: int, owners: Mapping[str, UUID]) -> None:
    """Let the past events of these distinct ids belong to the given persons, all of which live now."""
    fold(outbox, space, project_id, set(owners.values()), except_ids=list(owners))
    ids = list(owners)
    outbox.add(
        Command(
            "ALTER TABLE events UPDATE person_id = toUUID(transform(distinct_id, {ids:Array(String)}, "
            "{uuids:Array(String)}, toString(person_id))) "
            f"WHERE project_id = {{project:UInt32}} AND distinct_id IN {{ids:Array(String)}} {_AND_WAIT}",
            {"project": project_id, "ids": ids, "uuids": [str(owners[distinct_id]) for distinct_id in ids]},
        )
    )


def fold(
    outbox: Outbox, space: Workspace, project_id: int, reborn: set[UUID], except_ids: list[str] | None = None
) -> None:
    """Remove the overrides that lead away from these uuids, after writing where they led into the rows that rely on
    them. Rows of ``except_ids`` are left as they are."""
    leading: dict[UUID, UUID] = {}
    for old in reborn:
        new = storage.override_of(space.connection, project_id, old)
        if new is not None:
            leading[old] = new
    if not leading:
        return
    olds = list(leading)
    outbox.add(
        Command(
            "ALTER TABLE events UPDATE person_id = toUUID(transform(toString(person_id), {olds:Array(String)}, "
            "{news:Array(String)}, toString(person_id))) WHERE project_id = {project:UInt32} "
            "AND toString(person_id) IN {olds:Array(String)} "
            f"AND distinct_id NOT IN {{kept:Array(String)}} {_AND_WAIT}",
            {
                "project": project_id,
                "olds": [str(old) for old in olds],
                "news": [str(leading[old]) for old in olds],
                "kept": except_ids or [""],
            },
        )
    )
    for old in olds:
        space.override(project_id, old, old)
