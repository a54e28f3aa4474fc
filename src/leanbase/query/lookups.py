"""What a query asks of the databases about a project: types of properties, steps of actions, names of cohorts."""

import json
from typing import Any

from sqlalchemy import select

from leanbase.appdb.database import AppDb
from leanbase.appdb.state import StateDb
from leanbase.appdb.tables import actions, cohorts

NO_GROUP = -1


class StoredPropertyTypes:
    """Types of a project's properties, as declared or learnt; each is read once per query."""

    def __init__(self, state: StateDb, project_id: int) -> None:
        self._state = state
        self._project_id = project_id
        self._known: dict[tuple[str, str, int], str | None] = {}

    def of(self, kind: str, key: str, group_type_index: int | None = None) -> str | None:
        """String, Numeric, Boolean or DateTime; None for a property without a definition."""
        place = (kind, key, NO_GROUP if kind != "group" or group_type_index is None else group_type_index)
        if place not in self._known:
            with self._state.read() as connection:
                row = connection.execute(
                    "SELECT property_type FROM property_definitions"
                    " WHERE project_id = ? AND kind = ? AND name = ? AND group_type_index = ?",
                    (self._project_id, *place[:2], place[2]),
                ).fetchone()
            self._known[place] = row[0] if row else None
        return self._known[place]


class StoredActions:
    """Actions of a project that are not deleted."""

    def __init__(self, appdb: AppDb, project_id: int) -> None:
        self._appdb = appdb
        self._project_id = project_id

    def steps(self, action_id: int) -> list[dict[str, object]] | None:
        """The steps of an action, None when the project has no such action."""
        if not 0 < action_id < 1 << 31:
            return None
        found = select(actions.c.steps).where(
            actions.c.id == action_id, actions.c.project_id == self._project_id, ~actions.c.deleted
        )
        with self._appdb.read() as connection:
            row = connection.execute(found).first()
        if row is None:
            return None
        steps: Any = json.loads(row[0]) if isinstance(row[0], str) else row[0]
        return list(steps or [])

    def names(self) -> dict[int, str]:
        """The actions by id: pinned ones first, then in the order they were made."""
        ours = select(actions.c.id, actions.c.name).where(actions.c.project_id == self._project_id, ~actions.c.deleted)
        with self._appdb.read() as connection:
            rows = connection.execute(ours.order_by(actions.c.pinned_at.is_(None), actions.c.id)).all()
        return {int(number): str(name or f"Action {number}") for number, name in rows}

    def rows(self) -> list[dict[str, object]]:
        """Every action: id, name, description, created_at (microseconds)."""
        wanted = (actions.c.id, actions.c.name, actions.c.description, actions.c.created_at)
        ours = select(*wanted).where(actions.c.project_id == self._project_id, ~actions.c.deleted)
        with self._appdb.read() as connection:
            return [dict(row) for row in connection.execute(ours.order_by(actions.c.id)).mappings()]


class StoredCohorts:
    """Cohorts of a project that are not deleted."""

    def __init__(self, appdb: AppDb, project_id: int) -> None:
        self._appdb = appdb
        self._project_id = project_id

    def find(self, cohort: int | str) -> tuple[int, str] | None:
        """Id and name of a cohort, by id (also as text) or by name."""
        ours = select(cohorts.c.id, cohorts.c.name).where(cohorts.c.project_id == self._project_id, ~cohorts.c.deleted)
        text = str(cohort)
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
        with self._appdb.read() as connection:
            row = connection.execute(ours.where(cohorts.c.id == number)).first() if number is not None else None
            if row is None and isinstance(cohort, str):
                row = connection.execute(ours.where(cohorts.c.name == cohort).order_by(cohorts.c.id)).first()
        return None if row is None else (int(row[0]), str(row[1] or ""))

    def rows(self) -> list[dict[str, object]]:
        """Every cohort: id, name, description, count, is_static, created_at (microseconds)."""
        wanted = (
            cohorts.c.id, cohorts.c.name, cohorts.c.description, cohorts.c.count, cohorts.c.is_static,
            cohorts.c.created_at,
        )  # fmt: skip
        ours = select(*wanted).where(cohorts.c.project_id == self._project_id, ~cohorts.c.deleted)
        with self._appdb.read() as connection:
            return [dict(row) for row in connection.execute(ours.order_by(cohorts.c.id)).mappings()]
