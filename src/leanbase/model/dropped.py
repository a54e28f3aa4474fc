"""Why an event did not become a row. A drop is a value that is counted, never an exception that is lost."""

import msgspec


class Dropped(msgspec.Struct, frozen=True):
    """One event that was not stored. ``reason`` is from the closed list in ``docs/reference/drops.md``."""

    project_id: int
    reason: str
    event: str = ""
    distinct_id: str = ""
    detail: str = ""


class Warning_(msgspec.Struct, frozen=True):
    """An ingestion warning: ``type`` and ``details`` are PostHog's where it has one."""

    project_id: int
    type: str
    details: dict[str, object]
    timestamp: int  # microseconds, UTC
