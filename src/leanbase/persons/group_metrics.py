"""Usage metrics of groups: which events to count for a group, over how many days, and how to show the number."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from leanbase.appdb.state import StateDb
from leanbase.model.instants import now_us

_FIELDS = "id, name, format, interval, display, filters, math, math_property"
_CHANGEABLE = ("name", "format", "interval", "display", "filters", "math", "math_property")


class NameTaken(ValueError):
    """The group type has a metric of this name."""


@dataclass(frozen=True, slots=True)
class GroupMetric:
    """One metric. ``interval`` is in days; ``filters`` says which events count, in the form of PostHog's API."""

    id: str
    name: str
    format: str  # numeric, currency
    interval: int
    display: str  # number, sparkline
    filters: dict[str, Any]
    math: str  # count, sum
    math_property: str | None


def page(state: StateDb, project_id: int, index: int, limit: int, offset: int) -> tuple[list[GroupMetric], int]:
    """The metrics of a group type, the oldest first, and how many there are."""
    ours = "FROM group_usage_metrics WHERE project_id = ? AND group_type_index = ?"
    with state.read() as connection:
        total = connection.execute(f"SELECT count(*) {ours}", (project_id, index)).fetchone()[0]
        rows = connection.execute(
            f"SELECT {_FIELDS} {ours} ORDER BY created_at, id LIMIT ? OFFSET ?", (project_id, index, limit, offset)
        ).fetchall()
    return [_metric(row) for row in rows], total


def of_project(state: StateDb, project_id: int) -> list[GroupMetric]:
    """The metrics of all group types, the oldest first."""
    with state.read() as connection:
        rows = connection.execute(
            f"SELECT {_FIELDS} FROM group_usage_metrics WHERE project_id = ? ORDER BY created_at, id", (project_id,)
        ).fetchall()
    return [_metric(row) for row in rows]


def find(state: StateDb, project_id: int, index: int, metric_id: str) -> GroupMetric | None:
    """One metric of a group type."""
    with state.read() as connection:
        row = connection.execute(
            f"SELECT {_FIELDS} FROM group_usage_metrics WHERE project_id = ? AND group_type_index = ? AND id = ?",
            (project_id, index, metric_id),
        ).fetchone()
    return _metric(row) if row else None


def add(state: StateDb, project_id: int, index: int, values: Mapping[str, Any]) -> GroupMetric:
    """Make a metric of all its values but the id. Raises :class:`NameTaken`."""
    metric = GroupMetric(id=str(uuid4()), **{field: values[field] for field in _CHANGEABLE})
    try:
        with state.write() as connection:
            connection.execute(
                f"INSERT INTO group_usage_metrics ({_FIELDS}, project_id, group_type_index, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (metric.id, *_row(values), project_id, index, now_us()),
            )
    except sqlite3.IntegrityError:
        raise _taken(values) from None
    return metric


def change(state: StateDb, metric: GroupMetric, values: Mapping[str, Any]) -> None:
    """Give a metric these values, all of them. Raises :class:`NameTaken`."""
    settings = ", ".join(f"{field} = ?" for field in _CHANGEABLE)
    try:
        with state.write() as connection:
            connection.execute(f"UPDATE group_usage_metrics SET {settings} WHERE id = ?", (*_row(values), metric.id))
    except sqlite3.IntegrityError:
        raise _taken(values) from None


def remove(state: StateDb, metric: GroupMetric) -> None:
    """Forget a metric."""
    with state.write() as connection:
        connection.execute("DELETE FROM group_usage_metrics WHERE id = ?", (metric.id,))


def _row(values: Mapping[str, Any]) -> list[Any]:
    return [json.dumps(values[field]) if field == "filters" else values[field] for field in _CHANGEABLE]


def _metric(row: tuple[Any, ...]) -> GroupMetric:
    metric_id, name, format_, interval, display, filters, math, math_property = row
    return GroupMetric(metric_id, name, format_, interval, display, json.loads(filters), math, math_property)


def _taken(values: Mapping[str, Any]) -> NameTaken:
    return NameTaken(f"This group type has a metric named {values['name']!r} already.")
