"""Changes of a person's or a group's properties by hand. They hold at once, in the state database and for queries."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from leanbase.persons import activity, hand_events, storage
from leanbase.persons.activity import Activity
from leanbase.persons.properties import TRIM_ABOVE, applied, difference, encode
from leanbase.persons.record import Person
from leanbase.persons.service import Persons
from leanbase.persons.workspace import Workspace


class NoSuchPerson(LookupError):
    """There is no person with this uuid or distinct id in the project."""


class TooLarge(ValueError):
    """The properties would be larger than a person may have."""


def find(space: Workspace, project_id: int, uuid: UUID) -> Person:
    """The person of a uuid, ready to be changed. Raises :class:`NoSuchPerson`."""
    for person in storage.by_uuids(space.connection, project_id, [uuid]):
        space.people.setdefault(person.id, person)
        return space.people[person.id]
    raise NoSuchPerson(f"There is no person {uuid} in this project.")


def change_properties(
    persons: Persons, project_id: int, uuid: UUID, set_: Mapping[str, Any], unset: Iterable[str] = (), who: str = ""
) -> None:
    """``$set`` and ``$unset`` by hand, told by events. Raises :class:`NoSuchPerson` and :class:`TooLarge`."""
    with persons.editing() as space:
        person = find(space, project_id, uuid)
        before = person.properties()
        changed, gone, _ = difference(before, set_, {}, unset, write_all=True)
        if not changed and not gone:
            return
        properties = applied(before, changed, gone)
        blob = encode(properties)
        if len(blob) > TRIM_ABOVE:
            raise TooLarge(f"A person's properties may have {TRIM_ABOVE} bytes of JSON; these would have {len(blob)}.")
        mine = space.own(person)
        mine.decoded, mine.blob = properties, blob
        ids = space.distinct_ids_of(mine)
        hand_events.tell(persons.outbox, space, mine, ids[0] if ids else str(uuid), changed, gone, who)
        detail = {
            "changes": [
                *({"key": key, "before": before.get(key), "after": value} for key, value in changed.items()),
                *({"key": key, "before": before[key], "after": None} for key in gone),
            ]
        }
        space.also.append(
            lambda connection: activity.note(connection, project_id, uuid, Activity.UPDATED, who, detail, space.now)
        )
