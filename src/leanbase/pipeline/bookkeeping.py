"""What a turn tells the users of a project: drops by reason, warnings, dead letters."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from leanbase.model.dropped import Dropped, Warning_
from leanbase.pipeline.definitions import day_of
from leanbase.pipeline.turn import DeadLetter

_SAMPLES_A_TURN = 10  # per project and reason
_SAMPLES_KEPT = 100
_WARNINGS_A_TURN = 100  # per project and type
_KEPT_DAYS = 30

DropCounts = Counter[tuple[int, str, str]]
"""By project, UTC day and reason."""


def write_drops(connection: sqlite3.Connection, dropped: Sequence[Dropped], counts: DropCounts, now: int) -> None:
    """Count drops by day and reason, and keep the latest of each reason as samples. ``counts`` come on top."""
    total: DropCounts = Counter(counts)
    samples: defaultdict[tuple[int, str], list[Dropped]] = defaultdict(list)
    day = day_of(now)
    for drop in dropped:
        total[drop.project_id, day, drop.reason] += 1
        samples[drop.project_id, drop.reason].append(drop)
    connection.executemany(
        "INSERT INTO dropped (project_id, day, reason, count) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET count = count + excluded.count",
        [(*key, count) for key, count in total.items()],
    )
    for (project_id, reason), drops in samples.items():
        connection.executemany(
            "INSERT INTO dropped_samples (project_id, reason, received_at, event, distinct_id, detail) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [(project_id, reason, now, d.event, d.distinct_id, d.detail) for d in drops[-_SAMPLES_A_TURN:]],
        )
        connection.execute(
            "DELETE FROM dropped_samples WHERE project_id = ?1 AND reason = ?2 AND id <= "
            "(SELECT id FROM dropped_samples WHERE project_id = ?1 AND reason = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)",
            (project_id, reason, _SAMPLES_KEPT),
        )


def write_warnings(connection: sqlite3.Connection, warnings: Sequence[Warning_]) -> None:
    """Keep ingestion warnings; of a flood of one type the first of each turn."""
    seen: Counter[tuple[int, str]] = Counter()
    rows: list[tuple[int, str, str, int]] = []
    for warning in warnings:
        seen[warning.project_id, warning.type] += 1
        if seen[warning.project_id, warning.type] <= _WARNINGS_A_TURN:
            details = msgspec.json.encode(warning.details).decode()
            rows.append((warning.project_id, warning.type, details, warning.timestamp))
    connection.executemany(
        "INSERT INTO ingestion_warnings (project_id, type, details, timestamp) VALUES (?, ?, ?, ?)", rows
    )


def write_dead_letters(connection: sqlite3.Connection, dead: Sequence[DeadLetter]) -> None:
    """Keep what could not be processed, whole."""
    connection.executemany(
        "INSERT INTO dead_letters (project_id, received_at, reason, detail, payload) VALUES (?, ?, ?, ?, ?)",
        [(d.project_id, d.received_at, d.reason, d.detail[:2000], d.payload) for d in dead],
    )


def prune(connection: sqlite3.Connection, now: int) -> None:
    """Forget warnings, samples and counts of more than a month. Dead letters stay until somebody deals with them."""
    oldest = now - _KEPT_DAYS * 86_400_000_000
    connection.execute("DELETE FROM ingestion_warnings WHERE timestamp < ?", (oldest,))
    connection.execute("DELETE FROM dropped_samples WHERE received_at < ?", (oldest,))
    connection.execute("DELETE FROM dropped WHERE day < ?", (day_of(now - 400 * 86_400_000_000),))
