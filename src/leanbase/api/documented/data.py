"""Answers about persons and groups, about questions, and about how the data is doing."""

from typing import Any

from leanbase.api.documented.answer import Answer


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


class QueryAnswer(Answer):
    """An answer to a question. What is in ``results`` depends on its kind."""

    results: Any
