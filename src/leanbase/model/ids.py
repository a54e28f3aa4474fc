"""Identifiers: uuids that repeat when the work is repeated, and the distinct ids that name nobody."""

from hashlib import blake2b
from uuid import UUID

_MAX_48_BITS = (1 << 48) - 1

MAX_DISTINCT_ID = 200  # characters on v0, bytes on v1
MAX_EVENT_NAME = 200  # the same

# Where the events that join two distinct ids name the other one.
OTHER_ID = {"$identify": "$anon_distinct_id", "$create_alias": "alias", "$merge_dangerously": "alias"}

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


def is_personless_on_v1(distinct_id: str) -> bool:
    """Whether v1 accepts an event of this distinct id only without person processing."""
    name = distinct_id.strip()
    return not name or name.lower() in _V1_PERSONLESS
