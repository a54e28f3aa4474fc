"""One turn of the pipeline: gives every event its person and groups, and holds the changes until they are written."""

import sqlite3
from collections.abc import Callable
from typing import Any

from leanbase.model.dropped import Dropped, Warning_
from leanbase.model.event import Event
from leanbase.model.project import Project
from leanbase.persons import buffer, tombstones, usage
from leanbase.persons.buffer import FindProject
from leanbase.persons.cache import Key, PersonCache
from leanbase.persons.groups import GROUP_COLUMNS, GroupWorkspace
from leanbase.persons.identity import MERGE_EVENTS, MergeRequest, Refusal, check_ids, merge_request
from leanbase.persons.limits import Limits
from leanbase.persons.merging import MergeLimitExceeded, carry_out, hide_nul, refusal_warning
from leanbase.persons.personless import GRACE, NO_PERSON_CREATED_AT, Verdict, decide, may_have_person, strip
from leanbase.persons.properties import (
    PERSON_EVENTS,
    READ_ONLY_EVENTS,
    TRIM_ABOVE,
    applied,
    difference,
    differs,
    encode,
    new_blob,
    trimmed,
)
from leanbase.persons.record import Person
from leanbase.persons.stamping import Stamps
from leanbase.persons.warnings import Debounce
from leanbase.persons.workspace import Workspace

_GROUPED = frozenset({*GROUP_COLUMNS, "$groups"})
_NEEDS_A_LOOK = frozenset({*_GROUPED, "$process_person_profile"})
_MAY_BE_SPECIAL = frozenset({*MERGE_EVENTS, "$groupidentify", "$feature_flag_called"})
_HOUR = 3_600_000_000
_DUE_AT_ONCE = 5_000  # waiting events that one turn takes in beside its own

_SHOWN_OF_DROPPED = 2_000  # bytes of a dropped event's properties that its warning keeps

MERGE_LIMIT_EXCEEDED = "merge_limit_exceeded"
PERSON_DELETED = "person_deleted"
NEEDS_PERSON = "invalid_event_when_process_person_profile_is_false"


class PersonsTurn:
    """``dropped``, ``dead_letters``, ``warnings`` are for the caller to keep; the rest is written by :meth:`write`."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        cache: PersonCache,
        now: int,
        limits: Limits,
        debounce: Debounce,
        find_project: FindProject,
        take_off: Callable[[], None],
    ) -> None:
        self.space = Workspace(connection, cache, now)
        self.dropped: list[Dropped] = []
        self.dead_letters: list[tuple[Event, str]] = []  # events to set aside, with the reason
        self.warnings: list[Warning_] = []
        self.buffered: list[Event] = []
        self._groups = GroupWorkspace(connection, limits)
        self._limits = limits
        self._debounce = debounce
        self._tombstones = tombstones.Tombstones(connection)
        self._released, self._due = buffer.due(connection, now, find_project, _DUE_AT_ONCE)
        self._kept: list[Event] = []
        self._stamps = Stamps()
        self._written = False
        self._take_off = take_off

    def resolve(self, events: list[Event]) -> list[Event]:
        """Fill person and groups of events, in order; answers those that are stored now.

        Waiting events that are due come first. Events that wait, are dropped or set aside are left out. Call once.
        """
        released = len(self._due)
        events = self._due + events
        keys: list[Key] = [(event.project.id, event.distinct_id) for event in events]
        requests, sources = _merge_requests(events)
        self.space.load(keys)
        self.space.load(sources)
        if self._tombstones:
            self._tombstones.load({*keys, *sources})
        kept = self._kept
        ids, people = self.space.ids, self.space.people
        project: Project | None = None
        easy = waits = False
        for position, (event, key) in enumerate(zip(events, keys, strict=True)):
            if event.project is not project:
                project = event.project
                easy = not (self._tombstones or project.settings or project.person_processing_opt_out)
                waits = project.event_buffer_seconds > 0
            if (
                easy
                and event.event not in _MAY_BE_SPECIAL
                and event.properties.keys().isdisjoint(_NEEDS_A_LOOK)
                and (type(owner := ids[key]) is int or not waits)
            ):
                # Most events merge nobody and belong to no group: what the rules say of them, for a third of the price.
                if type(owner) is not int:
                    person = self._newborn(event, key)
                    event.person_properties = person.blob
                elif event.set_ or event.set_once or event.unset:
                    person, event.person_properties = self._update(event, people[owner])
                else:
                    person = people[owner]
                    event.person_properties = person.blob
                event.person_id = person.uuid
                event.person_created_at = person.created_at
                kept.append(event)
            else:
                self._by_the_rules(event, key, requests.get(position), position < released)
        return kept

    # -- one event -----------------------------------------------------------

    def _by_the_rules(self, event: Event, key: Key, request: MergeRequest | None, released: bool) -> None:
        """Keep an event with its person or without one, or drop it."""
        verdict, invalid = decide(event)
        if invalid:
            self._warn_once(event, "invalid_process_person_profile")
        if verdict is Verdict.DROP:
            self._drop_personless(event)
        elif self._tombstones and self._is_of_the_deleted(event, key):
            pass
        elif verdict is Verdict.PERSONLESS or (
            verdict is Verdict.PERSONLESS_IF_UNKNOWN and type(self.space.ids[key]) is not int
        ):
            self._without_person(event, key)
            self._kept.append(event)
        elif self._with_person(event, key, request, released):
            self._kept.append(event)

    def _without_person(self, event: Event, key: Key) -> None:
        strip(event)
        event.person_properties = b"{}"
        owner = self.space.ids[key]
        if type(owner) is not int:
            event.person_id = owner  # pyright: ignore[reportAttributeAccessIssue]  # an Owner is a number or a UUID
            event.person_created_at = NO_PERSON_CREATED_AT
            event.person_mode = "propertyless"
            return
        person = self.space.people[owner]
        event.person_id = person.uuid
        event.person_created_at = person.created_at
        if not event.project.person_processing_opt_out and event.timestamp > person.created_at + GRACE:
            event.person_mode = "force_upgrade"
            if event.project.settings:
                self._seen(event, person)
        else:
            event.person_mode = "propertyless"

    def _with_person(self, event: Event, key: Key, request: MergeRequest | None, released: bool) -> bool:
        """Merge, create or update, and stamp. False when the event is not stored now."""
        name = event.event
        space = self.space
        if name == "$groupidentify":
            _strip_set(event)
        born = False
        if request is not None:
            checked = check_ids(request)
            if isinstance(checked, Refusal):
                self._warn(event, *refusal_warning(event, checked))
            elif checked is not None:
                try:
                    born, warnings = carry_out(space, event, checked, self._limits, self._was_deleted)
                except MergeLimitExceeded as problem:
                    self._warn_of_dropped(event, MERGE_LIMIT_EXCEEDED, problem.details)
                    self.dead_letters.append((event, str(problem)))
                    self.dropped.append(
                        Dropped(event.project.id, MERGE_LIMIT_EXCEEDED, name, event.distinct_id, str(problem))
                    )
                    return False
                for kind, details in warnings:
                    self._warn(event, kind, details)
        person = space.person_of(key)
        if person is None:
            if event.project.event_buffer_seconds and not released and buffer.must_wait(event):
                self.buffered.append(event)
                return False
            person = self._newborn(event, key)
            stamped = person.blob
        elif born:
            if len(person.blob) > TRIM_ABOVE:
                person.blob = self._sized(event, person, person.properties()) or b"{}"
                person.decoded = None
            stamped = person.blob
        elif event.set_ or event.set_once or event.unset:
            person, stamped = self._update(event, person)
        else:
            stamped = person.blob
        if event.project.settings:
            person = self._seen(event, person)
        event.person_id = person.uuid
        event.person_created_at = person.created_at
        event.person_properties = stamped
        event.person_mode = "full"
        properties = event.properties
        if name == "$groupidentify" or not properties.keys().isdisjoint(_GROUPED):
            self._group(event, name)
        return True

    def _newborn(self, event: Event, key: Key) -> Person:
        """The person that an event of an unknown distinct id makes."""
        blob = new_blob(event.set_, event.set_once, event.uuid)
        careful = bool(self._tombstones) and self._was_deleted(key)
        person = self.space.create(key, event.timestamp, None, blob, False, careful)
        if len(blob) > TRIM_ABOVE:
            person.blob = self._sized(event, person, person.properties()) or b"{}"
        return person

    def _update(self, event: Event, person: Person) -> tuple[Person, bytes]:
        """Apply the event's properties. Answers the person, and its properties as the event shows them (all it set)."""
        properties = self._stamps.properties(person)
        stamped = person.blob
        read_only = event.event in READ_ONLY_EVENTS
        if not read_only:
            write_all = event.event in PERSON_EVENTS or event.project.person_properties_update_all
            changed, gone, write = difference(properties, event.set_, event.set_once, event.unset, write_all)
            if write:
                properties = applied(properties, changed, gone)
                person, stamped = self._written_to(event, person, properties)
            elif changed and not gone:
                return person, self._stamps.changed(stamped, properties, changed)
            elif gone:
                properties = applied(properties, changed, gone)
                stamped = encode(properties)
        # All that an event sets shows on it, also what its person did not take or what $unset takes out again.
        if (read_only or event.unset) and any(
            key not in properties or differs(value, properties[key]) for key, value in event.set_.items()
        ):
            stamped = encode({**properties, **event.set_})
        return person, stamped

    def _written_to(self, event: Event, person: Person, properties: dict[str, Any]) -> tuple[Person, bytes]:
        """Give the person these properties, unless they are too large."""
        blob: bytes | None = encode(properties)
        decoded: dict[str, Any] | None = properties
        if len(blob) > TRIM_ABOVE:
            blob, decoded = self._sized(event, person, properties), None
        if blob is None:
            return person, person.blob
        person = self.space.own(person)
        person.blob = blob
        person.decoded = decoded
        return person, blob

    def _sized(self, event: Event, person: Person, properties: dict[str, Any]) -> bytes | None:
        """The JSON of properties that are too large, trimmed, with a warning; None when that is not enough."""
        smaller = trimmed(properties)
        details: dict[str, Any] = {"personId": str(person.uuid), "distinctId": event.distinct_id}
        details |= {"eventUuid": str(event.uuid), "trimmed": smaller is not None}
        self._warn(event, "person_properties_size_violation", details)
        return encode(smaller) if smaller is not None else None

    def _seen(self, event: Event, person: Person) -> Person:
        """Remember the hour of the last event, in projects that want it."""
        if not event.project.settings.get("person_last_seen_at_enabled"):
            return person
        hour = event.timestamp - event.timestamp % _HOUR
        if event.properties.get("$update_person_last_seen_at") is False or hour <= (person.last_seen_at or 0):
            return person
        person = self.space.own(person)
        person.last_seen_at = hour
        return person

    def _group(self, event: Event, name: str) -> None:
        if name == "$groupidentify":
            warning = self._groups.identify(event)
            if warning is not None:
                self._warn(event, *warning)
        self._groups.enrich(event)

    # -- what is not stored --------------------------------------------------

    def _drop_personless(self, event: Event) -> None:
        self._warn_of_dropped(event, NEEDS_PERSON, {"distinctId": event.distinct_id, "eventUuid": str(event.uuid)})
        self.dropped.append(Dropped(event.project.id, NEEDS_PERSON, event.event, event.distinct_id))

    def _is_of_the_deleted(self, event: Event, key: Key) -> bool:
        """Whether the event was received before its person was deleted. It then must not bring the person back."""
        deleted = self._tombstones.of(key)
        if deleted is None or event.received_at > deleted.at:
            return False
        if deleted.with_events:
            self.dropped.append(Dropped(event.project.id, PERSON_DELETED, event.event, event.distinct_id))
        else:
            strip(event)
            event.person_id = deleted.person_uuid
            event.person_created_at = NO_PERSON_CREATED_AT
            event.person_properties = b"{}"
            event.person_mode = "propertyless"
            self._kept.append(event)
        return True

    def _was_deleted(self, key: Key) -> bool:
        return bool(self._tombstones) and self._tombstones.of(key) is not None

    def _warn(self, event: Event, kind: str, details: dict[str, Any]) -> None:
        self.warnings.append(Warning_(event.project.id, kind, details, event.received_at))

    def _warn_of_dropped(self, event: Event, kind: str, details: dict[str, Any]) -> None:
        """The warning shows what was sent: the event is not among the stored ones."""
        sent = encode(event.properties)[:_SHOWN_OF_DROPPED].decode(errors="ignore")
        self._warn(event, kind, {**details, "event": event.event, "properties": sent})

    def _warn_once(self, event: Event, kind: str) -> None:
        if self._debounce.allows(event.project.id, kind, event.distinct_id, event.received_at):
            details = {"event": event.event, "distinctId": event.distinct_id, "eventUuid": str(event.uuid)}
            self._warn(event, kind, details)

    # -- results -------------------------------------------------------------

    def store_rows(self) -> dict[str, dict[str, list[Any]]]:
        """Rows for the event store's persons, person_distinct_ids, person_overrides and groups, by table and column.

        Tables without a change are left out. The caller inserts them next: from here until the end of the turn its
        persons are on their way (``Persons.settle``).
        """
        self._take_off()
        return {**self.space.store_rows(), **self._groups.store_rows(self.space.epoch)}

    def write(self, connection: sqlite3.Connection) -> None:
        """Write all changes inside the caller's transaction of the state database."""
        self.space.write(connection)
        self._groups.write(connection, self.space.epoch)
        buffer.remove(connection, self._released)
        buffer.put(connection, self.buffered, self.space.now)
        usage.add(connection, usage.count(self._kept))
        self._written = True

    def committed(self) -> None:
        """The block ended well. What was not written is forgotten."""
        if self._written:
            self.space.commit()


def _merge_requests(events: list[Event]) -> tuple[dict[int, MergeRequest], list[Key]]:
    """The merges that events ask for, by position, and the ids that are to be joined to theirs."""
    requests: dict[int, MergeRequest] = {}
    sources: list[Key] = []
    for position in [position for position, event in enumerate(events) if event.event in MERGE_EVENTS]:
        event = events[position]
        if not may_have_person(event):
            continue
        request = merge_request(event.event, event.distinct_id, event.properties)
        if request is None:
            continue
        requests[position] = request
        if "\0" in request.source:
            hide_nul(event, request.source)  # no merge takes it, so nobody looks for its person
        else:
            sources.append((event.project.id, request.source))
    return requests, sources


def _strip_set(event: Event) -> None:
    """``$groupidentify`` says nothing about its person."""
    for key in ("$set", "$set_once", "$unset"):
        event.remove(key)
    event.set_ = {}
    event.set_once = {}
    event.unset = ()
