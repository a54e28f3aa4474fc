"""Identifiers: uuids that repeat when the work is repeated, and the distinct ids that name nobody."""

from hashlib import blake2b, sha1
from uuid import UUID

_PERSON_NAMESPACE = UUID("932979b4-65c3-4424-8467-0b66ec27bc22").bytes
_MAX_48_BITS = (1 << 48) - 1

MAX_DISTINCT_ID = 200  # characters on v0, bytes on v1
MAX_EVENT_NAME = 200  # the same

# Names that buggy clients send for everybody. A merge that names one would join strangers, so it is refused.
_MERGE_ANY_CASE = (
    "anonymous", "guest", "distinctid", "distinct_id", "id", "not_authenticated", "email", "undefined", "true", "false",
)  # fmt: skip
_MERGE_EXACT = ("[object Object]", "NaN", "None", "none", "null", "0", "undefined")
_MERGE_LOWER = frozenset(form for name in _MERGE_ANY_CASE for form in (name, f"'{name}'", f'"{name}"'))
_MERGE_AS_WRITTEN = frozenset(form for name in _MERGE_EXACT for form in (name, f"'{name}'", f'"{name}"'))

# The list of v1 capture, compared in lower case: accepted, but without a person.
_V1_PERSONLESS = frozenset(
    (
        "0", "00000000-0000-0000-0000-000000000000", "[object object]", "anonymous", "anonymous-user", "backend",
        "distinct_id", "distinctid", "email", "false", "guest", "id", "nan", "none", "not_authenticated", "null",
        "system", "true", "undefined", "user",
    )
)  # fmt: skip


def uuid7(timestamp: int, position: int, index: int) -> UUID:
    """A version 7 uuid of an event that came without one.

    Made of its time (microseconds) and its place (log position, index in the request) alone, so that processing
    the same record again gives the same uuid.
    """
    milliseconds = min(max(timestamp // 1000, 0), _MAX_48_BITS)
    noise = int.from_bytes(blake2b(b"%d:%d" % (position, index), digest_size=10).digest(), "big")
    high = milliseconds << 16 | 0x7000 | noise >> 68
    low = 0b10 << 62 | noise & ((1 << 62) - 1)
    return UUID(int=high << 64 | low)


def person_uuid(team_id: int, distinct_id: str) -> UUID:
    """The uuid of the person that a distinct id begins as: uuid5 of ``team_id:distinct_id`` in PostHog's namespace."""
    digest = bytearray(sha1(_PERSON_NAMESPACE + f"{team_id}:{distinct_id}".encode(), usedforsecurity=False).digest())
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest[:16]))


def is_illegal_for_merge(distinct_id: str) -> bool:
    """Whether a merge that names this distinct id must be refused (empty, or a name that stands for everybody)."""
    name = distinct_id.strip()
    return not name or name in _MERGE_AS_WRITTEN or name.lower() in _MERGE_LOWER


def is_personless_on_v1(distinct_id: str) -> bool:
    """Whether v1 accepts an event of this distinct id only without person processing."""
    name = distinct_id.strip()
    return not name or name.lower() in _V1_PERSONLESS
