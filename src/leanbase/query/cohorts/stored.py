"""Rows of cohorts in the application database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import cohorts
from leanbase.model.instants import now_us


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """One cohort. Times are microseconds; ``filters`` are PostHog's JSON, None for a static one."""

    id: int
    project_id: int
    name: str
    description: str
    filters: dict[str, Any] | None
    query: dict[str, Any] | None
    is_static: bool
    deleted: bool
    version: int | None
    count: int | None
    is_calculating: bool
    errors_calculating: int
    last_error_message: str | None
    last_calculation: int | None
    created_by: int | None
    created_at: int
    updated_at: int


class CohortRows:
    """Reads and writes cohorts."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def find(self, project_id: int, cohort_id: int) -> Cohort | None:
        """A cohort of the project that is not deleted."""
        found = select(cohorts).where(cohorts.c.id == cohort_id, cohorts.c.project_id == project_id, ~cohorts.c.deleted)
        with self._appdb.read() as connection:
            row = connection.execute(found).mappings().first()
        return _cohort(row) if row is not None else None

    def page(self, project_id: int, search: str, limit: int, offset: int) -> tuple[list[Cohort], int]:
        """Cohorts of the project, the newest first, and how many there are."""
        conditions = [cohorts.c.project_id == project_id, ~cohorts.c.deleted]
        if search:
            conditions.append(cohorts.c.name.icontains(search, autoescape=True))
        with self._appdb.read() as connection:
            total = connection.execute(select(func.count()).select_from(cohorts).where(*conditions)).scalar_one()
            rows = (
                connection.execute(
                    select(cohorts).where(*conditions).order_by(cohorts.c.id.desc()).limit(limit).offset(offset)
                )
                .mappings()
                .all()
            )
        return [_cohort(row) for row in rows], int(total)

    def add(self, project_id: int, created_by: int | None, values: Mapping[str, Any]) -> Cohort:
        now = now_us()
        row = {
            "name": "", "description": "", "is_static": False, "is_calculating": False, "errors_calculating": 0,
            "deleted": False, **values, "project_id": project_id, "created_by": created_by, "created_at": now,
            "updated_at": now,
        }  # fmt: skip
        with self._appdb.write() as connection:
            found = connection.execute(insert(cohorts).values(**row).returning(cohorts)).mappings().one()
        return _cohort(found)

    def change(self, project_id: int, cohort_id: int, values: Mapping[str, Any]) -> None:
        with self._appdb.write() as connection:
            connection.execute(
                update(cohorts)
                .where(cohorts.c.id == cohort_id, cohorts.c.project_id == project_id)
                .values(**values, updated_at=now_us())
            )

    def remove(self, project_id: int, cohort_id: int) -> None:
        with self._appdb.write() as connection:
            connection.execute(delete(cohorts).where(cohorts.c.id == cohort_id, cohorts.c.project_id == project_id))

    def due(self, calculated_before: int) -> list[Cohort]:
        """Dynamic cohorts of all projects last calculated before this, or that a crash left calculating."""
        old = cohorts.c.last_calculation.is_(None) | (cohorts.c.last_calculation < calculated_before)
        found = select(cohorts).where(~cohorts.c.deleted, ~cohorts.c.is_static, old | cohorts.c.is_calculating)
        with self._appdb.read() as connection:
            return [_cohort(row) for row in connection.execute(found.order_by(cohorts.c.id)).mappings().all()]


def _cohort(row: RowMapping) -> Cohort:
    values = dict(row)
    for name in ("filters", "query"):
        if isinstance(values[name], str):
            values[name] = json.loads(values[name])
    values["name"] = values["name"] or ""
    return Cohort(**values)
