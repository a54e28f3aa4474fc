"""Saved insights: a query with a name, found again by id or by a short id that fits into an address."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, String, and_, cast, func, insert, or_, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import dashboard_tiles, dashboards, insights
from leanbase.dashboards.insight_names import derived_name
from leanbase.model.instants import now_us
from leanbase.model.secret_text import random_text

SHORT_ID_LENGTH = 8
CHANGEABLE = frozenset({"name", "description", "query", "tags", "favorited", "saved", "deleted"})


@dataclass(frozen=True)
class Insight:
    """A saved insight. Times are microseconds since 1970 in UTC; users are ids."""

    id: int
    project_id: int
    short_id: str
    name: str | None
    derived_name: str | None
    description: str
    query: dict[str, Any] | None
    tags: list[str]
    favorited: bool
    saved: bool
    deleted: bool
    created_by: int | None
    last_modified_by: int | None
    created_at: int
    updated_at: int
    last_modified_at: int
    last_viewed_at: int | None


@dataclass(frozen=True)
class Placement:
    """That an insight is on a dashboard, as a tile."""

    tile_id: int
    insight_id: int
    dashboard_id: int
    deleted: bool


@dataclass(frozen=True, kw_only=True)
class InsightWishes:
    """Which insights to list; None and empty mean no wish."""

    short_id: str | None = None
    search: str = ""
    saved: bool | None = None
    favorited: bool | None = None
    kind: str | None = None  # of the query: "TrendsQuery"
    tags: Sequence[str] = ()
    created_by: Sequence[int] = ()
    dashboards: Sequence[int] = ()
    changed_after: int | None = None  # microseconds
    changed_before: int | None = None


class Insights:
    """The insights of all projects. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def create(
        self, project_id: int, values: Mapping[str, Any], user_id: int | None, short_id: str | None = None
    ) -> Insight:
        """Save a new insight; ``values`` are some of ``CHANGEABLE``."""
        moment = now_us()
        given = {key: value for key, value in values.items() if key in CHANGEABLE}
        row = {
            "project_id": project_id,
            "short_id": short_id or random_text(SHORT_ID_LENGTH),
            "tags": [],
            **given,
            "derived_name": derived_name(given.get("query")),
            "created_by": user_id,
            "last_modified_by": user_id,
            "created_at": moment,
            "updated_at": moment,
            "last_modified_at": moment,
        }
        with self._appdb.write() as connection:
            made = connection.execute(insert(insights).values(**row).returning(insights)).mappings().one()
        return _insight(made)

    def find(self, project_id: int, key: int | str) -> Insight | None:
        """The insight with this id or short id; also a deleted one."""
        text = str(key)
        condition = insights.c.short_id == text
        if text.isascii() and text.isdigit() and len(text) < 10:
            condition = or_(condition, insights.c.id == int(text))
        with self._appdb.read() as connection:
            rows = connection.execute(
                select(insights).where(insights.c.project_id == project_id, condition).order_by(insights.c.id)
            )
            row = rows.mappings().first()
        return _insight(row) if row else None

    def page(
        self, project_id: int, wishes: InsightWishes, limit: int | None = None, offset: int = 0
    ) -> tuple[list[Insight], int]:
        """A page of insights, those changed last first, and how many there are."""
        where = and_(insights.c.project_id == project_id, insights.c.deleted.is_(False), *_conditions(wishes))
        statement: Select[Any] = (
            select(insights).where(where).order_by(insights.c.last_modified_at.desc(), insights.c.id.desc())
        )
        with self._appdb.read() as connection:
            total = connection.execute(select(func.count()).select_from(insights).where(where)).scalar_one()
            rows = connection.execute(statement.limit(limit).offset(offset)).mappings().all()
        return [_insight(row) for row in rows], total

    def change(self, insight: Insight, values: Mapping[str, Any], user_id: int | None) -> Insight:
        """Change some of ``CHANGEABLE``."""
        given = {key: value for key, value in values.items() if key in CHANGEABLE}
        moment = now_us()
        if "query" in given:
            given["derived_name"] = derived_name(given["query"])
        if given.keys() - {"favorited"}:
            given |= {"last_modified_at": moment, "last_modified_by": user_id}
        statement = update(insights).where(insights.c.id == insight.id, insights.c.project_id == insight.project_id)
        with self._appdb.write() as connection:
            row = connection.execute(statement.values(updated_at=moment, **given).returning(insights)).mappings().one()
        return _insight(row)

    def note_view(self, insight: Insight) -> None:
        """Remember that somebody looked at it."""
        with self._appdb.write() as connection:
            connection.execute(update(insights).where(insights.c.id == insight.id).values(last_viewed_at=now_us()))

    def placements(self, insight_ids: Collection[int]) -> dict[int, list[Placement]]:
        """On which dashboards insights are, by insight; dashboards and tiles that are deleted are left out."""
        statement = (
            select(
                dashboard_tiles.c.id,
                dashboard_tiles.c.insight_id,
                dashboard_tiles.c.dashboard_id,
                dashboard_tiles.c.deleted,
            )
            .join(dashboards, dashboards.c.id == dashboard_tiles.c.dashboard_id)
            .where(
                dashboard_tiles.c.insight_id.in_(insight_ids),
                dashboard_tiles.c.deleted.is_(False),
                dashboards.c.deleted.is_(False),
            )
            .order_by(dashboard_tiles.c.id)
        )
        found: dict[int, list[Placement]] = {}
        with self._appdb.read() as connection:
            for row in connection.execute(statement):
                found.setdefault(row.insight_id, []).append(Placement(*row))
        return found


def _conditions(wishes: InsightWishes) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wishes.short_id is not None:
        found.append(insights.c.short_id == wishes.short_id)
    for word in wishes.search.split()[:10]:
        columns = (insights.c.name, insights.c.derived_name, insights.c.description, cast(insights.c.tags, String))
        found.append(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    if wishes.saved is not None:
        found.append(insights.c.saved.is_(wishes.saved))
    if wishes.favorited is not None:
        found.append(insights.c.favorited.is_(wishes.favorited))
    if wishes.kind is not None:
        found.append(cast(insights.c.query, String).contains(f'"kind": "{wishes.kind}"', autoescape=True))
    if wishes.tags:  # by the JSON text of a tag with its quotes: both databases keep it as the driver wrote it
        text = cast(insights.c.tags, String)
        found.append(or_(*(text.contains(json.dumps(tag), autoescape=True) for tag in wishes.tags)))
    if wishes.created_by:
        found.append(insights.c.created_by.in_(wishes.created_by))
    for board in wishes.dashboards:
        tiles = select(dashboard_tiles.c.insight_id).where(
            dashboard_tiles.c.dashboard_id == board, dashboard_tiles.c.deleted.is_(False)
        )
        found.append(insights.c.id.in_(tiles))
    if wishes.changed_after is not None:
        found.append(insights.c.last_modified_at >= wishes.changed_after)
    if wishes.changed_before is not None:
        found.append(insights.c.last_modified_at <= wishes.changed_before)
    return found


def _insight(row: RowMapping) -> Insight:
    return Insight(**{name: row[name] for name in Insight.__dataclass_fields__})
