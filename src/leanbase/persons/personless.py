"""When an event has no person: ``$process_person_profile`` and the project's switches. Pure."""

from enum import Enum
from typing import Any

from leanbase.model.event import Event

# Without a person these say nothing, so they are dropped.
_NEED_A_PERSON = frozenset({"$identify", "$create_alias", "$merge_dangerously", "$groupidentify"})

# Created at this moment: a mark of events that have no person (5 s after 1970, PostHog's).
NO_PERSON_CREATED_AT = 5_000_000

# An anonymous event this much younger than its person belongs to somebody known, whatever the SDK believed.
# The minute is for SDKs that send events before they heard of their own $identify.
GRACE = 60_000_000

_absent = object()


class Verdict(Enum):
    """What becomes of an event before its person is looked up."""

    PERSON = "person"
    PERSONLESS = "personless"
    PERSONLESS_IF_UNKNOWN = "personless if unknown"  # flag calls in projects that want it so
    DROP = "drop"


def decide(event: Event) -> tuple[Verdict, bool]:
    """The verdict, and whether ``$process_person_profile`` had a value that means nothing.

    ``true`` and meaningless values are taken out of the event, which then counts as identified.
    """
    properties = event.properties
    value = properties.get("$process_person_profile", _absent)
    invalid = False
    if event.project.person_processing_opt_out:
        if value is not False:
            event.add("$process_person_profile", False)
            value = False
    elif value is not _absent and value is not False:
        invalid = value is not True
        event.remove("$process_person_profile")
    if value is False:
        event.process_person = False
        return (Verdict.DROP if event.event in _NEED_A_PERSON else Verdict.PERSONLESS), False
    if (
        event.event == "$feature_flag_called"
        and event.project.flag_called_personless_default
        and value is not True
        and not _has_groups(properties)
    ):
        return Verdict.PERSONLESS_IF_UNKNOWN, invalid
    return Verdict.PERSON, invalid


def may_have_person(event: Event) -> bool:
    """Whether the verdict on an event that joins persons will be ``PERSON``."""
    return not event.project.person_processing_opt_out and event.properties.get("$process_person_profile") is not False


def _has_groups(properties: dict[str, Any]) -> bool:
    groups = properties.get("$groups")
    return isinstance(groups, dict) and bool(groups)


def strip(event: Event) -> None:
    """Take everything out of a personless event that is about a person or a group, and mark it."""
    properties = event.properties
    if event.process_person:
        event.process_person = False
        event.add("$process_person_profile", False)
    # Written out: eight look-ups cost less than any loop, and this runs for every anonymous event.
    if (
        "$set" in properties
        or "$set_once" in properties
        or "$unset" in properties
        or "$group_0" in properties
        or "$group_1" in properties
        or "$group_2" in properties
        or "$group_3" in properties
        or "$group_4" in properties
    ):
        for key in ("$set", "$set_once", "$unset", "$group_0", "$group_1", "$group_2", "$group_3", "$group_4"):
            event.remove(key)
    if event.set_ or event.set_once or event.unset:
        event.set_ = {}
        event.set_once = {}
        event.unset = ()
