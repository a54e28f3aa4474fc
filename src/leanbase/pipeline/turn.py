"""What a turn gathers beside its events, and the services that steps may use."""

from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from leanbase.model.dropped import Dropped, Warning_
from leanbase.model.event import Event
from leanbase.pipeline.dedup import RecentUuids


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Something accepted that could not be processed, kept whole. ``payload`` is what came from the log."""

    project_id: int
    received_at: int
    reason: str
    detail: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Heatmap:
    """What a ``$$heatmap`` event says, on its way to its own table."""

    project_id: int
    timestamp: int
    distinct_id: str
    session_id: str
    uuid: UUID
    current_url: str
    properties: bytes


class Country:
    """A country as events (``newest``) and the first values of persons (``first``) show it."""

    __slots__ = ("first", "newest")

    def __init__(self, code: str, name: str, continent_code: str, continent_name: str) -> None:
        found = {
            "country_name": name,
            "country_code": code,
            "continent_name": continent_name,
            "continent_code": continent_code,
        }
        self.newest = {f"$geoip_{key}": value for key, value in found.items()}
        self.first = {f"$initial_geoip_{key}": value for key, value in found.items()}


class CountryLookup(Protocol):
    """Where an address is."""

    def country(self, ip: str) -> Country | None:
        """What is known of an address, or None."""
        ...


class CookielessSalts(Protocol):
    """The secret of a day, forgotten when nobody can send events of that day any more."""

    def of(self, day: str) -> bytes | None:
        """16 random bytes for a day (YYYY-MM-DD); None when the day is over everywhere or has not begun anywhere."""
        ...


@dataclass(slots=True)
class Turn:
    """One pass of events through the steps. Times are microseconds, UTC."""

    recent: RecentUuids
    countries: CountryLookup
    salts: CookielessSalts
    dropped: list[Dropped] = field(default_factory=list[Dropped])
    warnings: list[Warning_] = field(default_factory=list[Warning_])
    dead: list[DeadLetter] = field(default_factory=list[DeadLetter])
    heatmaps: list[Heatmap] = field(default_factory=list[Heatmap])

    def drop(self, event: Event, reason: str, detail: str = "") -> None:
        """Count an event that becomes no row. ``reason`` is from the closed list in docs/reference/drops.md."""
        self.dropped.append(Dropped(event.project.id, reason, event.event, event.distinct_id, detail))

    def warn(self, event: Event, kind: str, **details: Any) -> None:
        """Tell the project's users about an event; details name the event besides what is given."""
        told: dict[str, object] = {
            "eventUuid": str(event.uuid),
            "event": event.event,
            "distinctId": event.distinct_id,
            **details,
        }
        self.warnings.append(Warning_(event.project.id, kind, told, event.received_at))
