"""Ingestion warnings: what was wrong with an event, for the people who sent it."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from leanbase.model.dropped import Warning_

_QUIET = 3_600_000_000  # microseconds between warnings of one kind about one distinct id
_REMEMBERED = 10_000  # kinds and ids; forgotten together when there are more

# Warnings of a type that are listed in full; older ones are counted.
_LISTED = 100
KEPT = 100_000  # rows per project


class Debounce:
    """Lets one warning of a kind through an hour. For warnings that every event of a wrong set-up would raise."""

    def __init__(self) -> None:
        self._last: dict[tuple[int, str, str], int] = {}

    def allows(self, project_id: int, kind: str, distinct_id: str, now: int) -> bool:
        """Whether this warning has not been given within the hour; remembers that it is now."""
        key = (project_id, kind, distinct_id)
        last = self._last.get(key)
        if last is not None and now - last < _QUIET:
            return False
        if len(self._last) >= _REMEMBERED:
            self._last.clear()
        self._last[key] = now
        return True


def put(connection: sqlite3.Connection, warnings: Iterable[Warning_]) -> None:
    """Keep warnings, inside a transaction."""
    connection.executemany(
        "INSERT INTO ingestion_warnings (project_id, type, details, timestamp) VALUES (?, ?, ?, ?)",
        ((w.project_id, w.type, msgspec.json.encode(w.details).decode(), w.timestamp) for w in warnings),
    )


class WarningSummary(NamedTuple):
    """All warnings of one type: how many, when the last, and the newest in full."""

    type: str
    last_seen: int
    total: int
    warnings: list[tuple[int, dict[str, Any]]]  # time and details


def summaries(connection: sqlite3.Connection, project_id: int, since: int, search: str = "") -> list[WarningSummary]:
    """Warnings by type, the type seen last first. ``search`` keeps those whose type or details contain the text."""
    clause, values = "project_id = ? AND timestamp >= ?", [project_id, since]
    wanted: list[object] = [*values]
    if search:
        clause += " AND (instr(lower(type), lower(?)) OR instr(lower(details), lower(?)))"
        wanted += [search, search]
    found: list[WarningSummary] = []
    for kind, last, number in connection.execute(
        f"SELECT type, max(timestamp), count(*) FROM ingestion_warnings WHERE {clause} GROUP BY type ORDER BY 2 DESC",
        wanted,
    ).fetchall():
        rows = connection.execute(
            f"SELECT timestamp, details FROM ingestion_warnings WHERE {clause} AND type = ? ORDER BY id DESC LIMIT ?",
            [*wanted, kind, _LISTED],
        )
        found.append(WarningSummary(kind, last, number, [(at, json.loads(details)) for at, details in rows]))
    return found


def prune(connection: sqlite3.Connection, project_id: int) -> None:
    """Forget all but the newest warnings of a project."""
    connection.execute(
        "DELETE FROM ingestion_warnings WHERE project_id = ? AND id <= (SELECT id FROM ingestion_warnings "
        "WHERE project_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
        (project_id, project_id, KEPT),
    )
