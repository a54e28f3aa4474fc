"""Persons, merges and deletions in PostHog's shapes."""

from typing import Any

from leanbase.api.answers import iso_or_none
from leanbase.model.display_name import display_name
from leanbase.model.instants import iso
from leanbase.model.project import Project
from leanbase.persons.activity import Activity, Entry
from leanbase.persons.deletion import Job
from leanbase.persons.listing import PersonView
from leanbase.persons.property_history import Change
from leanbase.persons.undo import LogEntry


def person_shape(view: PersonView, project: Project) -> dict[str, Any]:
    """A person as every endpoint shows it."""
    person = view.person
    properties = person.properties()
    return {
        "id": person.id,
        "type": "person",
        "uuid": str(person.uuid),
        "name": display_name(properties, view.distinct_ids, project) or str(person.uuid),
        "distinct_ids": view.distinct_ids,
        "distinct_id_count": person.distinct_ids,
        "properties": properties,
        "is_identified": person.is_identified,
        "created_at": iso(person.created_at),
        "last_seen_at": iso_or_none(person.last_seen_at),
    }


def merge_shape(entry: LogEntry) -> dict[str, Any]:
    """An entry of the merge log."""
    return {
        "id": entry.id,
        "kind": entry.kind,
        "outcome": entry.outcome,
        "source_distinct_id": entry.source_distinct_id,
        "target_distinct_id": entry.target_distinct_id,
        "person_uuid": str(entry.person_uuid),
        "merged_person_uuid": str(entry.merged_uuid) if entry.merged_uuid else None,
        "event_uuid": str(entry.event_uuid) if entry.event_uuid else None,
        "timestamp": iso(entry.happened_at),
        "recorded_at": iso(entry.recorded_at),
        "undone_at": iso_or_none(entry.undone_at),
        "undone_by": entry.undone_by,
    }


def deletion_shape(job: Job) -> dict[str, Any]:
    """A deletion and what was found afterwards."""
    done = job.verified_at is not None and job.left_over == 0
    return {
        "id": job.id,
        "person_uuid": str(job.person_uuid),
        "deletion_type": job.kind,
        "status": "completed" if done else "pending",
        "created_at": iso(job.created_at),
        "delete_verified_at": iso_or_none(job.verified_at) if done else None,
        "left_over": job.left_over,
    }


def change_shape(change: Change) -> dict[str, Any]:
    """A change of a property."""
    return {
        "key": change.key,
        "operation": change.operation.value,
        "value": change.value,
        "previous": change.previous,
        "timestamp": iso_or_none(change.at),
        "event": change.event,
        "event_uuid": str(change.event_uuid) if change.event_uuid else None,
        "distinct_id": change.distinct_id,
        "changed_by": change.changed_by or None,
    }


def activity_shape(entry: Entry) -> dict[str, Any]:
    """Something that a user did to a person."""
    changes: list[dict[str, Any]] = entry.detail.get("changes", []) if entry.activity == Activity.UPDATED else []
    return {
        "id": str(entry.id),
        "user": {"first_name": "", "email": entry.who},
        "is_system": not entry.who,
        "activity": entry.activity,
        "scope": "Person",
        "item_id": str(entry.person_uuid),
        "detail": {
            **{name: value for name, value in entry.detail.items() if name != "changes"},
            "changes": [
                {
                    "type": "Person",
                    "action": _action(each["before"], each["after"]),
                    "field": f"properties.{each['key']}",
                    "before": each["before"],
                    "after": each["after"],
                }
                for each in changes
            ],
        },
        "created_at": iso(entry.at),
    }


def _action(before: Any, after: Any) -> str:
    if after is None:
        return "deleted"
    return "created" if before is None else "changed"
