"""Persons as one writer sees and changes them before anything is committed.

A turn of the pipeline and every edit through the API work on one of these while they hold the writer's lock. What is
read comes from the cache or the database; what changes are copies, kept here until :meth:`Workspace.write`.
"""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from leanbase.persons import storage
from leanbase.persons.cache import Key, Owner, PersonCache
from leanbase.persons.ids import person_uuid, split_uuid
from leanbase.persons.record import MergeEntry, Person, storable


class Workspace:
    """Changes numbered ``epoch``, made at ``now`` (microseconds). With ``leave_out`` one number is not used."""

    def __init__(
        self, connection: sqlite3.Connection, cache: PersonCache, now: int, *, leave_out: bool = False
    ) -> None:
        self.connection = connection  # reads the last committed state
        self.now = now
        self._cache = cache
        self._committed, self._next_id = storage.clock(connection)
        if cache.epoch != self._committed:
            cache.clear(self._committed)
        self.epoch = self._committed + 1 + leave_out
        self.ids: dict[Key, Owner] = {}
        self.people: dict[int, Person] = {}
        self.owned: dict[int, Person] = {}  # those of ``people`` that are changed copies
        self.new: set[int] = set()
        self.gone: dict[int, Person] = {}
        self.overrides: dict[tuple[int, UUID], UUID] = {}
        self.log: list[MergeEntry] = []
        self.also: list[Callable[[sqlite3.Connection], None]] = []  # what else belongs into the transaction
        self.undone: dict[int, str] = {}  # entries of the log, and who took them back
        self._into: dict[tuple[int, UUID], list[UUID]] = {}  # ``overrides`` the other way round
        self._learnt: dict[Key, Owner] = {}  # what the young half of the cache did not know
        self._learnt_people: dict[int, Person] = {}
        self._attached: dict[int, list[str]] = {}  # by person: ids that the database has elsewhere or not at all
        self._moved: dict[Key, int] = {}
        self._unmapped: set[Key] = set()

    # -- reading -------------------------------------------------------------

    def load(self, keys: Iterable[Key]) -> None:
        """Learn who has these distinct ids: from the cache, and the rest in one question per project."""
        ids, people = self.ids, self.people
        # Most are known to the young half of the cache, so whole lists are looked up at once: with this an event of a
        # known person takes 3.3 us here and in what follows, 3.7 with a loop.
        fresh = [key for key in dict.fromkeys(keys) if key not in ids]
        looked_up = zip(fresh, map(self._cache.young_ids.get, fresh), strict=True)
        found = {key: owner for key, owner in looked_up if owner is not None}
        if len(found) < len(fresh):
            found |= self._find([key for key in fresh if key not in found])
        ids |= found
        numbers = {owner for owner in found.values() if type(owner) is int}.difference(people)
        looked_up = zip(numbers, map(self._cache.young_people.get, numbers), strict=True)
        known = {number: person for number, person in looked_up if person is not None}
        people |= known
        if len(known) < len(numbers):
            self._fetch(numbers.difference(known))

    def _find(self, keys: list[Key]) -> dict[Key, Owner]:
        """Who has distinct ids that the young half of the cache does not know."""
        learnt: dict[Key, Owner] = {}
        unknown: dict[int, list[Key]] = {}
        for key in keys:
            owner = self._cache.old_ids.get(key)
            if owner is None:
                unknown.setdefault(key[0], []).append(key)
            else:
                learnt[key] = owner
        for project_id, strangers in unknown.items():
            owners = dict(storage.owners(self.connection, project_id, [key[1] for key in strangers]))
            for key in strangers:
                number = owners.get(key[1])
                learnt[key] = person_uuid(*key) if number is None else number
        self._learnt |= learnt
        return learnt

    def _fetch(self, numbers: set[int]) -> None:
        """Learn persons that are not among the young: from the older half of the cache, or the database."""
        older = {number: person for number in numbers if (person := self._cache.person(number)) is not None}
        strangers = {person.id: person for person in storage.people(self.connection, numbers.difference(older))}
        self.people |= older | strangers
        self._learnt_people |= older | strangers

    def person_of(self, key: Key) -> Person | None:
        """The person of a loaded distinct id."""
        owner = self.ids[key]
        return self.people[owner] if type(owner) is int else None

    def implied(self, key: Key) -> UUID:
        """The uuid that events of this id carry as long as it has no person."""
        owner = self.ids.get(key)
        return owner if isinstance(owner, UUID) else person_uuid(*key)

    def distinct_ids_of(self, person: Person) -> list[str]:
        """All distinct ids of a living person, as they are in this workspace."""
        committed = [] if person.id in self.new else storage.distinct_ids_of(self.connection, person.id)
        mine = [
            text
            for text in committed
            if (person.project_id, text) not in self._moved and (person.project_id, text) not in self._unmapped
        ]
        return mine + self._attached.get(person.id, [])

    def lives(self, project_id: int, uuid: UUID) -> bool:
        """Whether a person has this uuid."""
        if any(self.people[n].uuid == uuid and self.people[n].project_id == project_id for n in self.new):
            return True
        return any(person.id not in self.gone for person in storage.by_uuids(self.connection, project_id, [uuid]))

    # -- changing ------------------------------------------------------------

    def own(self, person: Person) -> Person:
        """The copy of this person that may be changed; it will be written."""
        mine = self.owned.get(person.id)
        if mine is None:
            mine = self.owned[person.id] = self.people[person.id] = person.copy()
        return mine

    def create(
        self,
        key: Key,
        created_at: int,
        properties: dict[str, Any] | None,
        blob: bytes,
        identified: bool,
        careful: bool = False,
    ) -> Person:
        """A new person with one distinct id, whose uuid is made of that id. ``properties`` as an object where that is
        at hand.

        ``careful`` looks whether that uuid is taken or mapped to somebody; it can be only after splits and deletions.
        """
        owner = self.ids[key]
        uuid = owner if isinstance(owner, UUID) else person_uuid(*key)
        if careful:
            attempt = 0
            while self.lives(key[0], uuid):
                attempt += 1
                uuid = split_uuid(*key, attempt)
            if self.overrides.get((key[0], uuid), uuid) != uuid or storage.override_of(self.connection, key[0], uuid):
                self.override(key[0], uuid, uuid)
        person = self.born(uuid, key, created_at, properties, blob, identified)
        # What ``_point`` does, for somebody who has no other ids.
        number = person.id
        person.distinct_ids = 1
        self.ids[key] = self._moved[key] = number
        self._attached[number] = [key[1]]
        if self._unmapped:
            self._unmapped.discard(key)
        return person

    def born(
        self, uuid: UUID, key: Key, created_at: int, properties: dict[str, Any] | None, blob: bytes, identified: bool
    ) -> Person:
        """A new person without any distinct id yet, in the project of ``key``."""
        number = self._next_id
        self._next_id = number + 1
        person = Person(
            id=number,
            project_id=key[0],
            uuid=uuid,
            created_at=storable(created_at),
            blob=blob,
            is_identified=identified,
            version=self.epoch,
            distinct_ids=0,
            decoded=properties,
        )
        self.people[number] = self.owned[number] = person
        self.new.add(number)
        return person

    def attach(self, person: Person, key: Key, careful: bool = False) -> None:
        """Give an id without a person to one, and past events of that id with it. ``careful`` as in :meth:`create`."""
        implied = self.implied(key)
        self._point(person, key)
        if implied != person.uuid and not (careful and self.lives(key[0], implied)):
            self.override(key[0], implied, person.uuid)

    def move(self, former: Person, person: Person, key: Key) -> None:
        """Point an id of one person at another. Past events are the caller's matter."""
        self.own(former).distinct_ids -= 1
        attached = self._attached.get(former.id)
        if attached and key[1] in attached:
            attached.remove(key[1])
        self._point(person, key)

    def _point(self, person: Person, key: Key) -> None:
        self.own(person).distinct_ids += 1
        self.ids[key] = self._moved[key] = number = person.id
        if self._unmapped:
            self._unmapped.discard(key)
        attached = self._attached.get(number)
        if attached is None:
            self._attached[number] = [key[1]]
        else:
            attached.append(key[1])

    def merge(self, target: Person, source: Person) -> list[str]:
        """Move all ids of ``source`` to ``target`` and remove it; past events follow. Answers the ids that moved."""
        project_id = target.project_id
        moved = self.distinct_ids_of(source)
        self._attached.pop(source.id, None)
        for distinct_id in moved:
            self._point(target, (project_id, distinct_id))
        followers = self._into.pop((project_id, source.uuid), [])
        if source.id not in self.new:
            followers += storage.overrides_into(self.connection, project_id, source.uuid)
        for old in followers:
            if self.overrides.get((project_id, old), source.uuid) == source.uuid:
                self.override(project_id, old, target.uuid)
        self.override(project_id, source.uuid, target.uuid)
        self.remove(source)
        return moved

    def override(self, project_id: int, old: UUID, new: UUID) -> None:
        """Events stamped with ``old`` count for ``new``; for themselves again when both are the same."""
        self.overrides[(project_id, old)] = new
        self._into.setdefault((project_id, new), []).append(old)

    def remove(self, person: Person) -> None:
        """The person is no more. Its ids must have been moved or unmapped."""
        self.gone[person.id] = person
        self.people.pop(person.id, None)
        self.owned.pop(person.id, None)

    def unmap(self, key: Key) -> None:
        """The id has no person any more."""
        self._moved.pop(key, None)
        self._unmapped.add(key)
        self.ids[key] = person_uuid(*key)

    # -- results -------------------------------------------------------------

    def changed(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.owned or self.gone or self._moved or self._unmapped or self.overrides or self.log or self.also)

    def store_rows(self) -> dict[str, dict[str, list[Any]]]:
        """The rows of the event store's tables, by column."""
        people = list(self.owned.values())
        gone = [person for number, person in self.gone.items() if number not in self.new]
        both = people + gone
        moved = list(self._moved.items())
        unmapped = list(self._unmapped)
        overrides = list(self.overrides.items())
        tables: dict[str, dict[str, list[Any]]] = {}
        if both:
            tables["persons"] = {
                "project_id": [p.project_id for p in both],
                "person_id": [p.uuid for p in both],
                "created_at": [p.created_at for p in both],
                "properties": [p.blob for p in people] + [b"{}"] * len(gone),
                "is_identified": [int(p.is_identified) for p in both],
                "version": [self.epoch] * len(both),
                "is_deleted": [0] * len(people) + [1] * len(gone),
            }
        if moved or unmapped:
            tables["person_distinct_ids"] = {
                "project_id": [key[0] for key, _ in moved] + [key[0] for key in unmapped],
                "distinct_id": [key[1] for key, _ in moved] + [key[1] for key in unmapped],
                "person_id": [self.people[n].uuid for _, n in moved] + [UUID(int=0)] * len(unmapped),
                "version": [self.epoch] * (len(moved) + len(unmapped)),
                "is_deleted": [0] * len(moved) + [1] * len(unmapped),
            }
        if overrides:
            tables["person_overrides"] = {
                "project_id": [project_id for (project_id, _), _ in overrides],
                "old_person_id": [old for (_, old), _ in overrides],
                "new_person_id": [new for _, new in overrides],
                "version": [self.epoch] * len(overrides),
            }
        return tables

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the changes of persons inside a transaction. :meth:`commit` follows when it succeeded."""
        if not self.changed():
            return
        for person in self.owned.values():
            person.version = self.epoch
        storage.insert_people(connection, [p for n, p in self.owned.items() if n in self.new])
        storage.update_people(connection, [p for n, p in self.owned.items() if n not in self.new])
        storage.put_distinct_ids(connection, [(*key, number, self.epoch) for key, number in self._moved.items()])
        connection.executemany(
            "DELETE FROM person_distinct_ids WHERE project_id = ? AND distinct_id = ?", self._unmapped
        )
        storage.delete_people(connection, [number for number in self.gone if number not in self.new])
        storage.put_overrides(connection, [(*key, new, self.epoch, self.now) for key, new in self.overrides.items()])
        storage.insert_log(connection, self.log, self.now)
        connection.executemany(
            "UPDATE merge_log SET undone_at = ?, undone_by = ? WHERE id = ?",
            ((self.now, who, number) for number, who in self.undone.items()),
        )
        for write in self.also:
            write(connection)
        storage.set_clock(connection, self.epoch, self._next_id)

    def commit(self) -> None:
        """The transaction succeeded: let the next turn profit from what this one learnt."""
        epoch = self.epoch if self.changed() else self._committed
        ids = self._learnt
        ids.update(self._moved)
        ids.update((key, self.ids[key]) for key in self._unmapped)
        self._cache.commit(epoch, ids, self._learnt_people, self.owned, self.gone)
