"""What else the state database remembers of a person that is deleted: merges, warnings, samples, changes by hand."""

import json
import sqlite3
from collections.abc import Sequence
from uuid import UUID

from leanbase.persons import activity, tombstones
from leanbase.persons.activity import Activity

_OF_THEM = "IN (SELECT value FROM json_each(?2))"
_STATEMENTS = (
    f"DELETE FROM merge_log WHERE project_id = ?1 AND source_distinct_id {_OF_THEM}",
    f"DELETE FROM merge_log WHERE project_id = ?1 AND target_distinct_id {_OF_THEM}",
    f"DELETE FROM dropped_samples WHERE project_id = ?1 AND distinct_id {_OF_THEM}",
    f"DELETE FROM ingestion_warnings WHERE project_id = ?1 AND json_extract(details, '$.distinctId') {_OF_THEM}",
    f"DELETE FROM ingestion_warnings WHERE project_id = ?1 AND json_extract(details, '$.otherDistinctId') {_OF_THEM}",
    # Set aside by a turn as JSON of the event; other dead letters are bytes that nobody could read.
    "DELETE FROM dead_letters WHERE project_id = ?1 AND CASE WHEN json_valid(CAST(payload AS TEXT)) "
    f"THEN json_extract(CAST(payload AS TEXT), '$.distinct_id') END {_OF_THEM}",
)


def forget(
    connection: sqlite3.Connection,
    project_id: int,
    person_uuid: UUID,
    distinct_ids: Sequence[str],
    with_events: bool,
    now: int,
) -> None:
    """Take a person out, and put up tombstones for its ids; inside the transaction of the deletion."""
    ids = json.dumps(list(distinct_ids))
    for statement in _STATEMENTS:
        connection.execute(statement, (project_id, ids))
    activity.forget(connection, project_id, [person_uuid])
    stone = tombstones.Tombstone(person_uuid, now, with_events)
    tombstones.put(connection, ((project_id, text) for text in distinct_ids), stone)


def note(
    connection: sqlite3.Connection,
    project_id: int,
    person_uuid: UUID,
    keep_person: bool,
    events: str,
    who: str,
    now: int,
) -> None:
    """Remember that somebody deleted this person, or its events only (``keep_person``)."""
    what = Activity.EVENTS_DELETED if keep_person else Activity.DELETED
    activity.note(connection, project_id, person_uuid, what, who, {"events": events}, now)
