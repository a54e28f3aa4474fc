"""What recent turns learnt, so that the next one asks the database only about strangers."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from leanbase.persons.record import Person

Key = tuple[int, str]  # project and distinct id
Owner = int | UUID  # the person's number, or the uuid that events without a person carry


class PersonCache:
    """Distinct ids and persons in two generations each: what is used moves to the young one, the old one is dropped
    when the young one is full. Forgets about the least recently used for a fraction of the price of an exact order.

    Holds committed state only, of the change numbered ``epoch``; whoever finds another in the database clears it.
    """

    def __init__(self, entries: int) -> None:
        self.epoch = -1
        self._generation = max(1, entries // 2)
        self.young_ids: dict[Key, Owner] = {}
        self.old_ids: dict[Key, Owner] = {}
        self.young_people: dict[int, Person] = {}
        self.old_people: dict[int, Person] = {}

    def person(self, number: int) -> Person | None:
        """The person of this number, if remembered."""
        found = self.young_people.get(number)
        return self.old_people.get(number) if found is None else found

    def commit(
        self,
        epoch: int,
        ids: Mapping[Key, Owner],
        people: Mapping[int, Person],
        changed: Mapping[int, Person],
        gone: Iterable[int],
    ) -> None:
        """Take over what a turn learnt that the young generation did not know, and what it changed, after its
        transaction succeeded.
        """
        for person in changed.values():
            person.decoded = None
        self.young_ids.update(ids)
        self.young_people.update(people)
        self.young_people.update(changed)
        for number in gone:
            self.young_people.pop(number, None)
            self.old_people.pop(number, None)
        if len(self.young_ids) > self._generation:
            self.old_ids, self.young_ids = self.young_ids, {}
        if len(self.young_people) > self._generation:
            self.old_people, self.young_people = self.young_people, {}
        self.epoch = epoch

    def clear(self, epoch: int) -> None:
        """Forget everything: somebody else changed the database."""
        for part in (self.young_ids, self.old_ids, self.young_people, self.old_people):
            part.clear()
        self.epoch = epoch
