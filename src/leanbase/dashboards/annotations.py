"""Annotations: what happened when, shown on charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, and_, func, insert, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import annotations
from leanbase.model.instants import now_us

SCOPES = ("dashboard_item", "dashboard", "project", "organization")
CHANGEABLE = frozenset({"content", "date_marker", "creation_type", "scope", "insight_id", "dashboard_id", "deleted"})


@dataclass(frozen=True)
class Annotation:
    """A note at a moment. Times are microseconds since 1970 in UTC."""

    id: int
    project_id: int
    content: str | None
    date_marker: int | None
    creation_type: str
    scope: str
    insight_id: int | None
    dashboard_id: int | None
    deleted: bool
    created_by: int | None
    created_at: int
    updated_at: int


class Annotations:
    """The annotations of all projects. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def create(self, project_id: int, values: Mapping[str, Any], user_id: int | None) -> Annotation:
        moment = now_us()
        given = {key: value for key, value in values.items() if key in CHANGEABLE}
        row = {**given, "project_id": project_id, "created_by": user_id, "created_at": moment, "updated_at": moment}
        with self._appdb.write() as connection:
            made = connection.execute(insert(annotations).values(**row).returning(annotations)).mappings().one()
        return _annotation(made)

    def find(self, project_id: int, annotation_id: int) -> Annotation | None:
        with self._appdb.read() as connection:
            statement = select(annotations).where(
                annotations.c.project_id == project_id, annotations.c.id == annotation_id
            )
            row = connection.execute(statement).mappings().one_or_none()
        return _annotation(row) if row else None

    def page(
        self,
        project_id: int,
        *,
        limit: int,
        offset: int,
        search: str = "",
        scope: str | None = None,
        insight_id: int | None = None,
        created_after: int | None = None,
        created_before: int | None = None,
    ) -> tuple[list[Annotation], int]:
        """A page of annotations, the latest marker first, and how many there are."""
        wanted = [annotations.c.project_id == project_id, annotations.c.deleted.is_(False)]
        wanted += [annotations.c.content.icontains(word, autoescape=True) for word in search.split()[:10]]
        if scope is not None:
            wanted.append(annotations.c.scope == scope)
        if insight_id is not None:
            wanted.append(annotations.c.insight_id == insight_id)
        if created_after is not None:
            wanted.append(annotations.c.created_at >= created_after)
        if created_before is not None:
            wanted.append(annotations.c.created_at <= created_before)
        where = and_(*wanted)
        statement = select(annotations).where(where).order_by(annotations.c.date_marker.desc(), annotations.c.id.desc())
        with self._appdb.read() as connection:
            total = connection.execute(select(func.count()).select_from(annotations).where(where)).scalar_one()
            rows = connection.execute(statement.limit(limit).offset(offset)).mappings().all()
        return [_annotation(row) for row in rows], total

    def change(self, annotation: Annotation, values: Mapping[str, Any]) -> Annotation:
        given = {key: value for key, value in values.items() if key in CHANGEABLE}
        statement = update(annotations).where(annotations.c.id == annotation.id)
        with self._appdb.write() as connection:
            changed = connection.execute(statement.values(updated_at=now_us(), **given).returning(annotations))
            return _annotation(changed.mappings().one())


def _annotation(row: RowMapping) -> Annotation:
    return Annotation(**{name: row[name] for name in Annotation.__dataclass_fields__})
