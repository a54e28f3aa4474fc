"""How long a project keeps its events: at most so many days, and at most so many bytes.

Whole days of the project's time zone go, the oldest first. What goes is counted among the dropped events, under a
reason that says why, so that nobody has to wonder where it is.
"""

import logging
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from leanbase.appdb.state import StateDb
from leanbase.model.project import Project
from leanbase.projects.directory import Projects
from leanbase.store.client import Store
from leanbase.store.sql import Sql

_log = logging.getLogger(__name__)

BY_AGE, BY_BYTES = "retention_by_age", "retention_by_bytes"
TABLES = ("events", "heatmaps")  # heatmaps follow the events: they have no size of their own that matters

_PARTITION = "toString(toYYYYMM(greatest(timestamp, toDateTime64('2015-01-01 00:00:00', 6, 'UTC'))))"  # as the schema
DAYS = f"""
SELECT toDate(timestamp, {{zone:String}}) AS day, {_PARTITION} AS month, count()
FROM events WHERE project_id = {{project:UInt32}} GROUP BY day, month ORDER BY day DESC
"""  # noqa: S608 -- an expression of ours
MONTHS = """
SELECT partition, sum(bytes_on_disk) / sum(rows) FROM system.parts
WHERE database = currentDatabase() AND table = 'events' AND active AND rows > 0 GROUP BY partition
"""


@dataclass(frozen=True)
class Stored:
    """Events of one day of the project's time zone, and about how many bytes of disk are theirs."""

    day: date
    events: int
    bytes: int


@dataclass(frozen=True)
class Excess:
    """What is beyond a limit: everything before ``before`` (midnight in the project's time zone)."""

    reason: str
    before: date
    events: int


class EventRetention:
    """Looks at what projects store, and removes what they no longer want to keep. One removal at a time."""

    def __init__(self, projects: Projects, state: StateDb, store: Store) -> None:
        self._projects = projects
        self._state = state
        self._store = store
        self._removing = threading.Lock()

    def stored(self, project: Project) -> list[Stored]:
        """The project's events by day, the newest first.

        Projects share files, so bytes are the rows' share of their month: exact for one project, close for several.
        """
        prices = {str(month): float(price) for month, price in self._store.query(Sql(MONTHS)).rows}
        days: dict[date, Stored] = {}
        binds = {"project": project.id, "zone": project.timezone}
        for day, month, events in self._store.query(Sql(DAYS, binds)).rows:
            known = days.get(day, Stored(day, 0, 0))
            size = known.bytes + round(events * prices.get(str(month), 0.0))
            days[day] = Stored(day, known.events + events, size)
        return list(days.values())

    def remove_excess(self, project: Project, now: datetime) -> list[Excess]:
        """Remove what is beyond the project's limits and count it; answers what was removed. Raises ``StoreError``."""
        with self._removing:
            removed = excesses(self.stored(project), project, now)
            for excess in removed:
                binds = {"project": project.id, "zone": project.timezone, "before": excess.before.isoformat()}
                for table in TABLES:
                    self._store.command(
                        Sql(
                            f"ALTER TABLE {table} DELETE WHERE project_id = {{project:UInt32}} "
                            "AND timestamp < toDateTime64({before:String}, 6, {zone:String}) "
                            "SETTINGS mutations_sync = 1",
                            binds,
                        )
                    )
                with self._state.write() as connection:
                    _count(connection, project.id, excess, now)
                _log.info("project %s: %s events before %s removed", project.id, excess.events, excess.before)
            return removed

    def run(self) -> int:
        """The job for every project that has a limit; answers how many events were removed."""
        limited = [record.project for record in self._projects.list() if any(limits(record.project))]
        removed = [self.remove_excess(project, datetime.now(UTC)) for project in limited]
        return sum(excess.events for found in removed for excess in found)


def limits(project: Project) -> tuple[int | None, int | None]:
    """Days and bytes to keep; None for no limit."""
    return project.settings.get("event_retention_days"), project.settings.get("event_retention_bytes")


def excesses(stored: Sequence[Stored], project: Project, now: datetime) -> list[Excess]:
    """What of the days, the newest first, is beyond the limits: first by age, then by bytes of what remains.

    ``days`` whole days before today are kept beside today, so that no zone loses a day; and today is never removed.
    """
    days, most = limits(project)
    today = now.astimezone(ZoneInfo(project.timezone)).date()
    found: list[Excess] = []
    kept = list(stored)
    if days is not None and today.toordinal() > days:
        before = today - timedelta(days=days)
        _note(found, BY_AGE, before, kept)
        kept = [one for one in kept if one.day >= before]
    if most is not None:
        size = 0
        for one in kept:
            size += one.bytes
            if size > most and one.day < today:
                _note(found, BY_BYTES, one.day + timedelta(days=1), kept)
                break
    return found


def _note(found: list[Excess], reason: str, before: date, kept: Sequence[Stored]) -> None:
    events = sum(one.events for one in kept if one.day < before)
    if events:
        found.append(Excess(reason, before, events))


def _count(connection: sqlite3.Connection, project_id: int, excess: Excess, now: datetime) -> None:
    connection.execute(
        "INSERT INTO dropped (project_id, day, reason, count) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET count = count + excluded.count",
        (project_id, now.astimezone(UTC).date().isoformat(), excess.reason, excess.events),
    )
