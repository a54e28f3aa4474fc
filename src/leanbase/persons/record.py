"""A person as the pipeline holds it: small, because hundreds of thousands stay in memory."""

from typing import Any
from uuid import UUID

import msgspec

_EARLIEST = -2_208_988_800_000_000  # 1900-01-01 and 2299-12-31: what the store's type of time can hold
_LATEST = 10_413_791_999_999_999


def storable(microseconds: int) -> int:
    """The nearest time that the event store can hold."""
    if _EARLIEST <= microseconds <= _LATEST:
        return microseconds
    return _EARLIEST if microseconds < _EARLIEST else _LATEST


_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Person(msgspec.Struct, kw_only=True, gc=False):
    """One person. Cached ones are shared and never changed; a turn changes copies. Times are microseconds, UTC.

    ``blob`` is ``properties`` as JSON; ``decoded`` the same as an object, in the copy that a turn changes. Under 1 kB
    each (measured with small properties: 0.9, its distinct id and both caches included).
    """

    id: int
    project_id: int
    uuid: UUID
    created_at: int
    blob: bytes
    is_identified: bool
    version: int  # of the last change; the number of the turn or edit that made it
    distinct_ids: int  # how many
    last_seen_at: int | None = None
    decoded: dict[str, Any] | None = None

    def properties(self) -> dict[str, Any]:
        """The properties as an object. Not to be changed."""
        return _decode(self.blob) if self.decoded is None else self.decoded

    def copy(self) -> "Person":
        """One that may be changed."""
        return Person(
            id=self.id,
            project_id=self.project_id,
            uuid=self.uuid,
            created_at=self.created_at,
            blob=self.blob,
            is_identified=self.is_identified,
            version=self.version,
            distinct_ids=self.distinct_ids,
            last_seen_at=self.last_seen_at,
            decoded=self.decoded,
        )


class MergeEntry(msgspec.Struct):
    """A row of the merge log: what joined what, and what undoing needs."""

    project_id: int
    kind: str
    outcome: str
    source_distinct_id: str
    target_distinct_id: str
    person_uuid: UUID
    merged_uuid: UUID | None
    event_uuid: UUID | None
    happened_at: int
    before: dict[str, Any]
