"""Answers about persons and groups, about questions, and about how the data is doing."""

from typing import Any, Literal

from leanbase.api.documented.answer import Answer, Part


class Person(Answer):
    """``id`` is a number in lists of persons and the uuid in lists of cohort members."""

    id: int | str
    uuid: str
    name: str
    distinct_ids: list[str]
    properties: dict[str, Any]
    created_at: str


class Merge(Answer):
    """How distinct ids came together."""

    id: int
    kind: str
    outcome: str
    source_distinct_id: str | None
    target_distinct_id: str | None
    person_uuid: str
    merged_person_uuid: str | None
    event_uuid: str | None
    timestamp: str
    undone_at: str | None
    undone_by: str | None


class PropertyChange(Answer):
    """A property of a person changed; ``event`` and ``timestamp`` are null where no event explains it."""

    key: str
    operation: Literal["set", "set_once", "unset", "merged", "other"]
    value: Any
    previous: Any
    timestamp: str | None
    event: str | None
    event_uuid: str | None
    distinct_id: str | None
    changed_by: str | None


class PropertyHistory(Part[PropertyChange]):
    """``truncated``: there are older changes that were not read."""

    count: int
    truncated: bool


class TimelinePoint(Answer):
    timestamp: str
    properties: dict[str, Any]
    relevant_event_count: int


class PropertiesTimeline(Answer):
    """Stretches of time in which the crucial properties had one value."""

    points: list[TimelinePoint]
    crucial_property_keys: list[str]
    effective_date_from: str
    effective_date_to: str


class Actor(Answer):
    """The user who did something."""

    first_name: str
    email: str


class Activity(Answer):
    """Something that a user did by hand."""

    id: str
    user: Actor
    activity: str
    scope: str
    item_id: str
    detail: dict[str, Any]
    created_at: str


class Related(Answer):
    """A person or a group that events bring together with another; ``type`` tells which."""

    type: Literal["person", "group"]
    id: int | str
    properties: dict[str, Any]
    created_at: str | None


class Group(Answer):
    group_type_index: int
    group_key: str
    group_properties: dict[str, Any]
    created_at: str


class GroupType(Answer):
    group_type: str
    group_type_index: int
    name_singular: str | None
    name_plural: str | None


class Warning(Answer):
    type: str
    timestamp: str
    details: dict[str, Any]


class WarningKind(Answer):
    """Warnings of a type; ``warnings`` holds the newest."""

    type: str
    lastSeen: str
    count: int
    warnings: list[Warning]


class Usage(Answer):
    """Counts by day and kind of event."""

    date_from: str
    date_to: str
    results: list[dict[str, int | str]]
    totals: dict[str, int]


class DropSample(Answer):
    received_at: str
    event: str | None
    distinct_id: str | None
    detail: str | None


class Drop(Answer):
    reason: str
    meaning: str
    count: int
    samples: list[DropSample]


class Accepted(Answer):
    """All null when the event store does not answer."""

    total: int | None
    last_day: int | None
    last_hour: int | None
    newest: str | None


class Backlog(Answer):
    bytes: int
    seconds: float


class Disk(Answer):
    """Bytes."""

    kinds: dict[str, int]
    free: int
    total: int


class Health(Answer):
    status: str
    problems: list[str]
    accepted: Accepted
    dropped: list[Drop]
    dead_letters: int
    backlog: Backlog
    insert_rate: float
    disk: Disk
    versions: dict[str, str]


class DeadLetter(Answer):
    """A record that could not be processed; ``payload`` is the start of what was sent."""

    id: int
    received_at: str
    reason: str
    detail: str | None
    payload: str
    payload_bytes: int


class Excess(Answer):
    """Events before a day that are beyond a limit."""

    reason: str
    meaning: str
    before: str
    events: int


class EventRetention(Answer):
    """The limits, what is stored, and what is beyond them (or was removed)."""

    days: int | None
    bytes: int | None
    stored_events: int
    stored_bytes: int
    oldest_day: str | None
    excess: list[Excess]


class QueryAnswer(Answer):
    """An answer to a question. What is in ``results`` depends on its kind."""

    results: Any
