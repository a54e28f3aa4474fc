"""Carries out what ``identity`` decides about an event that asks for a merge."""

from collections.abc import Callable
from typing import Any

from leanbase.model.event import Event
from leanbase.model.ids import OTHER_ID
from leanbase.persons.cache import Key
from leanbase.persons.identity import Known, MergeRequest, Outcome, Refusal, decide, merged_properties
from leanbase.persons.limits import Limits
from leanbase.persons.properties import encode, new_properties
from leanbase.persons.record import MergeEntry, Person
from leanbase.persons.workspace import Workspace

Details = dict[str, Any]


class MergeLimitExceeded(Exception):
    """The source has more distinct ids than the project lets a merge move: the whole event is set aside. ``details``
    are those of its warning.
    """

    def __init__(self, details: Details) -> None:
        super().__init__("Merge limit exceeded")
        self.details = details


def hide_nul(event: Event, source: str) -> None:
    """Take a NUL out of the other id of a merge event, once it is known that the merge is refused for it: capture left
    it there for that, and the event store takes none.
    """
    event.touch()[OTHER_ID[event.event]] = source.replace("\0", "\ufffd")


def refusal_warning(event: Event, refusal: Refusal) -> tuple[str, Details]:
    """The warning of rows 2 and 3."""
    return "cannot_merge_with_illegal_distinct_id", {
        "illegalDistinctId": refusal.illegal,
        "otherDistinctId": refusal.other,
        "distinctId": event.distinct_id,
        "eventUuid": str(event.uuid),
    }


def carry_out(
    space: Workspace, event: Event, request: MergeRequest, limits: Limits, was_deleted: Callable[[Key], bool]
) -> tuple[bool, list[tuple[str, Details]]]:
    """Rows 4 to 9. Answers whether the event's own properties are already part of a new person, and warnings.

    Raises :class:`MergeLimitExceeded`.
    """
    project_id = event.project.id
    target_key, source_key = (project_id, request.target), (project_id, request.source)
    target, source = space.person_of(target_key), space.person_of(source_key)
    move_limit = event.project.merge_move_distinct_id_limit
    outcome = decide(_known(target), _known(source), request.force, move_limit, limits.distinct_ids_per_person)
    if outcome is Outcome.LIMIT_EXCEEDED and target and source:
        raise MergeLimitExceeded(
            {**_refused(event, request, target, source), "distinctIds": source.distinct_ids, "limit": move_limit}
        )
    if outcome is Outcome.PERSON_FULL:
        return False, [("person_has_too_many_distinct_ids", _full(event, request, target or source, limits))]
    if outcome is Outcome.REFUSED and target and source:
        _identify(space, target)
        return False, [("cannot_merge_already_identified", _refused(event, request, target, source))]
    before = 0
    merged_uuid = None
    details: Details = {}
    if outcome is Outcome.CREATED:
        properties = new_properties(event.set_, event.set_once, str(event.uuid))
        person = space.create(
            target_key, event.timestamp, properties, encode(properties), True, was_deleted(target_key)
        )
        space.attach(person, source_key, was_deleted(source_key))
    elif outcome is Outcome.SOURCE_ATTACHED and target:
        before = target.distinct_ids
        space.attach(target, source_key, was_deleted(source_key))
        person = _identify(space, target)
    elif outcome is Outcome.TARGET_ATTACHED and source:
        before = source.distinct_ids
        space.attach(source, target_key, was_deleted(target_key))
        person = _identify(space, source)
    elif outcome is Outcome.MERGED and target and source:
        before = target.distinct_ids
        merged_uuid = source.uuid
        details = join(space, target, source)
        person = space.own(target)
    else:
        if target:
            _identify(space, target)
        return False, []
    space.log.append(
        MergeEntry(
            project_id=project_id,
            kind=request.kind,
            outcome=outcome.value,
            source_distinct_id=request.source,
            target_distinct_id=request.target,
            person_uuid=person.uuid,
            merged_uuid=merged_uuid,
            event_uuid=event.uuid,
            happened_at=event.timestamp,
            before=details,
        )
    )
    return outcome is Outcome.CREATED, _crowd_warning(event, person, before, limits)


def join(space: Workspace, target: Person, source: Person) -> Details:
    """Row 9: ``source`` becomes part of ``target``. Answers what the log keeps for undoing it."""
    mine = space.own(target)
    theirs, ours = source.properties(), mine.properties()
    details: Details = {
        "created_at": source.created_at,
        "properties": theirs,
        "is_identified": source.is_identified,
        "target_created_at": mine.created_at,
        "gained": [key for key in theirs if key not in ours],
    }
    mine.decoded = merged_properties(ours, theirs)
    mine.blob = encode(mine.decoded)
    mine.created_at = min(mine.created_at, source.created_at)
    if source.last_seen_at is not None:
        mine.last_seen_at = max(mine.last_seen_at or 0, source.last_seen_at)
    mine.is_identified = True
    details["distinct_ids"] = space.merge(mine, source)
    return details


def _identify(space: Workspace, person: Person) -> Person:
    """The person as it is in the workspace by now, marked identified."""
    person = space.people[person.id]
    if not person.is_identified:
        person = space.own(person)
        person.is_identified = True
    return person


def _known(person: Person | None) -> Known | None:
    return Known(person.id, person.is_identified, person.distinct_ids) if person else None


def _refused(event: Event, request: MergeRequest, target: Person, source: Person) -> Details:
    return {
        "sourcePersonDistinctId": request.source,
        "targetPersonDistinctId": request.target,
        "distinctId": event.distinct_id,
        "eventUuid": str(event.uuid),
        "personId": str(target.uuid),
        "otherPersonId": str(source.uuid),
    }


def _full(event: Event, request: MergeRequest, person: Person | None, limits: Limits) -> Details:
    return {
        "distinctId": event.distinct_id,
        "otherDistinctId": request.source,
        "eventUuid": str(event.uuid),
        "personId": str(person.uuid) if person else None,
        "distinctIds": person.distinct_ids if person else 0,
        "limit": limits.distinct_ids_per_person,
    }


def _crowd_warning(event: Event, person: Person, before: int, limits: Limits) -> list[tuple[str, Details]]:
    """Said when a person's ids reach the warning limit, and each time their number has doubled since."""
    threshold = limits.warn_distinct_ids
    if not threshold or person.distinct_ids < threshold:
        return []
    while threshold <= before:
        threshold *= 2
    if person.distinct_ids < threshold:
        return []
    return [
        (
            "many_distinct_ids_on_one_person",
            {
                "distinctId": event.distinct_id,
                "eventUuid": str(event.uuid),
                "personId": str(person.uuid),
                "distinctIds": person.distinct_ids,
            },
        )
    ]
