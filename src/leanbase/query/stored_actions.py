"""Rows of actions in the application database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import actions
from leanbase.model.instants import now_us


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action; ``steps`` are PostHog's JSON, times are microseconds."""

    id: int
    project_id: int
    name: str
    description: str
    steps: list[dict[str, Any]]
    tags: list[str]
    deleted: bool
    pinned_at: int | None
    created_by: int | None
    created_at: int
    updated_at: int


class ActionRows:
    """Reads and writes actions."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def find(self, project_id: int, action_id: int) -> Action | None:
        """An action of the project that is not deleted."""
        found = select(actions).where(actions.c.id == action_id, actions.c.project_id == project_id, ~actions.c.deleted)
        with self._appdb.read() as connection:
            row = connection.execute(found).mappings().first()
        return _action(row) if row is not None else None

    def page(self, project_id: int, search: str, limit: int, offset: int) -> tuple[list[Action], int]:
        """Actions of the project, the newest first, and how many there are."""
        conditions = [actions.c.project_id == project_id, ~actions.c.deleted]
        if search:
            conditions.append(actions.c.name.icontains(search, autoescape=True))
        with self._appdb.read() as connection:
            total = connection.execute(select(func.count()).select_from(actions).where(*conditions)).scalar_one()
            rows = (
                connection.execute(
                    select(actions).where(*conditions).order_by(actions.c.id.desc()).limit(limit).offset(offset)
                )
                .mappings()
                .all()
            )
        return [_action(row) for row in rows], int(total)

    def add(self, project_id: int, created_by: int | None, values: Mapping[str, Any]) -> Action:
        now = now_us()
        row = {
            "name": "", "description": "", "steps": [], "tags": [], "deleted": False, **values,
            "project_id": project_id, "created_by": created_by, "created_at": now, "updated_at": now,
        }  # fmt: skip
        with self._appdb.write() as connection:
            return _action(connection.execute(insert(actions).values(**row).returning(actions)).mappings().one())

    def change(self, project_id: int, action_id: int, values: Mapping[str, Any]) -> None:
        with self._appdb.write() as connection:
            connection.execute(
                update(actions)
                .where(actions.c.id == action_id, actions.c.project_id == project_id)
                .values(**values, updated_at=now_us())
            )


def _action(row: RowMapping) -> Action:
    values = dict(row)
    for name in ("steps", "tags"):
        if isinstance(values[name], str):
            values[name] = json.loads(values[name])
    values["name"] = values["name"] or ""
    return Action(**values)
