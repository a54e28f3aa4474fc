"""The rules of identity once more, slowly and plainly: lists of persons, no cache, no batches, no database."""

from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

from leanbase.persons.properties import NOISY

SPACE = UUID("932979b4-65c3-4424-8467-0b66ec27bc22")
assert SPACE != NAMESPACE_DNS

BAD = {
    "anonymous",
    "guest",
    "distinctid",
    "distinct_id",
    "id",
    "not_authenticated",
    "email",
    "undefined",
    "true",
    "false",
}
BAD_EXACT = {"[object Object]", "NaN", "None", "none", "null", "0", "undefined"}


def implied(distinct_id: str) -> UUID:
    return uuid5(SPACE, f"1:{distinct_id}")


def illegal(distinct_id: str) -> bool:
    forms = [distinct_id]
    for quote in "'\"":
        if len(distinct_id) > 2 and distinct_id.startswith(quote) and distinct_id.endswith(quote):
            forms.append(distinct_id[1:-1])
    return distinct_id.strip() == "" or any(form in BAD_EXACT or form.lower() in BAD for form in forms)


@dataclass
class OraclePerson:
    uuid: UUID
    ids: set[str]
    created_at: int
    properties: dict[str, Any]
    is_identified: bool = False
    uuids: set[UUID] = field(default_factory=set)  # every uuid that its events carry

    def __post_init__(self) -> None:
        self.uuids |= {self.uuid} | {implied(i) for i in self.ids}


@dataclass
class Stamp:
    person_id: UUID
    mode: str
    properties: dict[str, Any]


class Oracle:
    """Feed it events; it tells who did them."""

    def __init__(self) -> None:
        self.people: list[OraclePerson] = []
        self.warnings: list[str] = []

    def who(self, distinct_id: str) -> OraclePerson | None:
        return next((person for person in self.people if distinct_id in person.ids), None)

    def today(self, stamped: UUID) -> UUID:
        """The person that an event counts for today."""
        return next((person.uuid for person in self.people if stamped in person.uuids), stamped)

    def play(self, name: str, distinct_id: str, at: int, properties: dict[str, Any]) -> Stamp | None:
        """None when the event is dropped."""
        personless = properties.get("$process_person_profile") is False
        if personless and name in ("$identify", "$create_alias", "$merge_dangerously", "$groupidentify"):
            self.warnings.append("invalid_event_when_process_person_profile_is_false")
            return None
        person = self.who(distinct_id)
        if personless:
            if person is None:
                return Stamp(implied(distinct_id), "propertyless", {})
            late = at > person.created_at + 60_000_000
            return Stamp(person.uuid, "force_upgrade" if late else "propertyless", {})
        set_, once = dict(properties.get("$set", {})), dict(properties.get("$set_once", {}))
        unset = list(properties.get("$unset", []))
        if name == "$groupidentify":
            set_, once, unset = {}, {}, []
        born = self.merge(name, distinct_id, at, properties, {**once, **set_})
        person = self.who(distinct_id)
        if person is None:
            person = OraclePerson(implied(distinct_id), {distinct_id}, at, {**once, **set_})
            self.people.append(person)
            return Stamp(person.uuid, "full", dict(person.properties))
        if born:
            return Stamp(person.uuid, "full", dict(person.properties))
        return Stamp(person.uuid, "full", {**self.update(person, name, set_, once, unset), **set_})

    def merge(self, name: str, distinct_id: str, at: int, properties: dict[str, Any], fresh: dict[str, Any]) -> bool:
        """Whether a person was born from both ids."""
        if name == "$identify" and "$anon_distinct_id" in properties:
            other = str(properties["$anon_distinct_id"])
        elif name in ("$create_alias", "$merge_dangerously") and properties.get("alias"):
            other = str(properties["alias"])
        else:
            return False
        if other == distinct_id:
            return False
        if illegal(distinct_id) or illegal(other):
            self.warnings.append("cannot_merge_with_illegal_distinct_id")
            return False
        target, source = self.who(distinct_id), self.who(other)
        if target is None and source is None:
            made = OraclePerson(implied(distinct_id), {distinct_id, other}, at, fresh, is_identified=True)
            self.people.append(made)
            return True
        if target is None or source is None:
            person = target or source
            assert person is not None
            person.ids |= {distinct_id, other}
            person.uuids |= {implied(distinct_id), implied(other)}
            person.is_identified = True
            return False
        if target is not source and source.is_identified and name != "$merge_dangerously":
            self.warnings.append("cannot_merge_already_identified")
        elif target is not source:
            target.ids |= source.ids
            target.uuids |= source.uuids
            target.properties = {**source.properties, **target.properties}
            target.created_at = min(target.created_at, source.created_at)
            self.people.remove(source)
        target.is_identified = True
        return False

    @staticmethod
    def update(
        person: OraclePerson, name: str, set_: dict[str, Any], once: dict[str, Any], unset: list[str]
    ) -> dict[str, Any]:
        """What the event sees; the person keeps it if anything in it matters."""
        if name in ("$exception", "$$heatmap"):
            return dict(person.properties)
        before = person.properties
        changes: dict[str, Any] = {}
        reasons: list[bool] = []
        for key, value in once.items():
            if key not in before and key not in set_:
                changes[key] = value
                reasons.append(key not in NOISY)
        for key, value in set_.items():
            if key not in before:
                changes[key] = value
                reasons.append(True)
            elif isinstance(value, list | dict) or repr(before[key]) != repr(value):
                changes[key] = value
                reasons.append(key not in NOISY)
        after = {**before, **changes}
        for key in unset:
            if key in before:
                after.pop(key, None)
                reasons.append(key not in NOISY)
        special = name in ("$identify", "$create_alias", "$merge_dangerously", "$set")
        if reasons and (special or any(reasons)):
            person.properties = after
        return after
