"""An event on its way through the pipeline. Steps and persons change it in place; the store gets its final form."""

from typing import Any
from uuid import UUID

import msgspec

from leanbase.model.project import Project

NO_GROUPS = ("", "", "", "", "")


class Event(msgspec.Struct, kw_only=True, gc=False):
    """One event. Times are microseconds since 1970 in UTC.

    ``properties`` is the decoded JSON object. ``raw`` is the object as the SDK's own bytes as long as members were only
    added, and None once one was changed or removed: then it is encoded again at the end. Members that were added while
    ``raw`` lives are in ``added`` too. Use :meth:`add` to add and :meth:`touch` before any other change.
    """

    project: Project
    event: str
    distinct_id: str
    uuid: UUID
    timestamp: int
    received_at: int
    properties: dict[str, Any]
    raw: bytes | None = None
    added: dict[str, Any] = {}
    ip: str = ""
    user_agent: str = ""
    sent_at: int | None = None
    ai: bool = False

    # Known after the properties are read. $set and friends: top level merged over properties (PostHog's rule).
    set_: dict[str, Any] = {}
    set_once: dict[str, Any] = {}
    unset: tuple[str, ...] = ()
    process_person: bool = True  # $process_person_profile, after the project's own switches
    session_id: str = ""
    window_id: str = ""
    elements_chain: str = ""

    # Filled by persons.
    person_id: UUID | None = None
    person_created_at: int = 0
    person_properties: bytes = b"{}"  # JSON as stamped on the event
    person_mode: str = "full"  # full | propertyless | force_upgrade
    groups: tuple[str, str, str, str, str] = NO_GROUPS

    def add(self, key: str, value: Any) -> None:
        """Put a property that was not there before, or replace one that was added."""
        if self.raw is not None and key in self.properties and key not in self.added:
            self.raw = None
        self.properties[key] = value
        self.added[key] = value

    def remove(self, key: str) -> None:
        """Take a property out, if it is there."""
        if key in self.properties:
            del self.properties[key]
            if self.added.pop(key, self) is self:
                self.raw = None

    def touch(self) -> dict[str, Any]:
        """The properties, to be changed in any way."""
        self.raw = None
        return self.properties
