"""Session ids as SDKs make them: UUIDs of version 7, the same for the same name and time."""

from datetime import UTC, datetime

from leanbase.model.ids import uuid7

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def session_id(name: str, begin: datetime = _BEGIN) -> str:
    """The id of the session that a test calls ``name``."""
    return str(uuid7(int(begin.timestamp() * 1_000_000), int.from_bytes(name.encode()), 0))
