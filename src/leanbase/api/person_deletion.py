"""Deleting persons over the API, with their events, without them, or making the events nobody's."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from leanbase.api.access import ProjectAccess, ProjectScope
from leanbase.api.context import ApiContext, Context
from leanbase.api.errors import invalid
from leanbase.api.person_lookup import find_person, person_of, uuid_of
from leanbase.api.person_shapes import deletion_shape
from leanbase.api.settling import settled
from leanbase.persons import deletion, listing
from leanbase.persons.deletion import Events
from leanbase.persons.listing import PersonView

router = APIRouter(tags=["persons"], dependencies=[Depends(settled)])

Access = Annotated[ProjectAccess, Depends(ProjectScope("person"))]
Flag = Annotated[bool, Query()]

MAX_BULK = 1000  # persons in one bulk deletion, as PostHog allows


class BulkDelete(BaseModel):
    """Persons by ``ids`` (uuids or numbers) or by ``distinct_ids``. The switches may stand in the query as well."""

    ids: list[str | int] | None = None
    distinct_ids: list[str] | None = None
    delete_events: bool = False
    delete_recordings: bool = False
    anonymise_events: bool = False
    keep_person: bool = False


class DistinctId(BaseModel):
    distinct_id: str = Field(min_length=1, max_length=1000)


@router.get("/persons/deletion_status/")
def list_deletions(access: Access, context: Context, status: str = "all", person_uuid: str = "") -> dict[str, Any]:
    """Deletions, the newest first. ``completed`` means that a look into the event store found nothing left."""
    if status not in ("pending", "completed", "all"):
        raise invalid("status is one of pending, completed, all.", "status", "invalid_choice")
    uuid = uuid_of(person_uuid) if person_uuid else None
    if person_uuid and uuid is None:
        raise invalid("person_uuid is a uuid.", "person_uuid")
    shapes = [deletion_shape(job) for job in deletion.jobs_of(context.persons, access.project.id, uuid)]
    kept = [shape for shape in shapes if status in ("all", shape["status"])]
    return {"count": len(kept), "next": None, "previous": None, "results": kept}


@router.post("/persons/bulk_delete/", status_code=202)
def bulk_delete(
    body: BulkDelete,
    access: Access,
    context: Context,
    delete_events: Flag = False,
    anonymise_events: Flag = False,
    keep_person: Flag = False,
) -> dict[str, Any]:
    """Delete up to 1,000 persons, named by ``ids`` (uuids or numbers) or by ``distinct_ids``."""
    if bool(body.ids) == bool(body.distinct_ids):
        raise invalid("Give either ids or distinct_ids, and not both.", "ids")
    if len(body.ids or body.distinct_ids or []) > MAX_BULK:
        raise invalid(f"At most {MAX_BULK} persons can be deleted at once.", "ids" if body.ids else "distinct_ids")
    done = deletion.delete_persons(
        context.persons,
        access.project.id,
        [view.person.uuid for view in _named(body, access, context)],
        _events(body.delete_events or delete_events, body.anonymise_events or anonymise_events),
        body.keep_person or keep_person,
        access.user.email,
    )
    return {
        "persons_found": done.found,
        "persons_deleted": done.deleted,
        "events_queued_for_deletion": done.events > 0,
        "events_affected": done.events,
        "recordings_queued_for_deletion": False,
        "deletion_errors": [],
    }


@router.post("/persons/reset_person_distinct_id/", status_code=202)
def reset_distinct_id(body: DistinctId, access: Access, context: Context) -> dict[str, Any]:
    """Let a deleted person's distinct id be used again. Here it always can: its next event makes a new person, so
    there is nothing to do; events of before the deletion stay away all the same."""
    views = listing.of_distinct_ids(context.state, access.project.id, [body.distinct_id])
    return {"distinct_id": body.distinct_id, "person": str(views[0].person.uuid) if views else None}


@router.delete("/persons/{name}/", status_code=202)
def delete_person(
    name: str,
    access: Access,
    context: Context,
    delete_events: bool = False,
    anonymise_events: bool = False,
    keep_person: bool = False,
) -> dict[str, Any]:
    """Delete a person: with ``delete_events`` its events too, with ``anonymise_events`` they stay as nobody's."""
    view = person_of(name, access, context)
    events = _events(delete_events, anonymise_events)
    done = deletion.delete_persons(
        context.persons, access.project.id, [view.person.uuid], events, keep_person, access.user.email
    )
    return {"persons_deleted": done.deleted, "events_affected": done.events}


@router.post("/persons/{name}/delete_events/", status_code=202)
def delete_events_of_person(name: str, access: Access, context: Context) -> dict[str, Any]:
    """Delete the events of a person and keep the person."""
    view = person_of(name, access, context)
    done = deletion.delete_persons(
        context.persons, access.project.id, [view.person.uuid], Events.DELETE, keep_person=True, who=access.user.email
    )
    return {"persons_deleted": 0, "events_affected": done.events}


def _named(body: BulkDelete, access: ProjectAccess, context: ApiContext) -> list[PersonView]:
    if body.distinct_ids:
        return listing.of_distinct_ids(context.state, access.project.id, body.distinct_ids)
    found = [find_person(context, access.project.id, str(name)) for name in body.ids or []]
    return [view for view in found if view is not None]


def _events(delete: bool, anonymise: bool) -> Events:
    if delete and anonymise:
        raise invalid("Events can be deleted or made anonymous, and not both.", "anonymise_events")
    return Events.DELETE if delete else Events.ANONYMISE if anonymise else Events.KEEP
