"""Dashboards: tiles of insights and texts, with filters over all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, and_, func, insert, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import dashboard_tiles as tiles
from leanbase.appdb.tables import dashboards, insights
from leanbase.model.instants import now_us

CHANGEABLE = frozenset({"name", "description", "pinned", "deleted", "filters", "variables", "breakdown_colors", "tags"})
TILE_CHANGEABLE = frozenset(
    {"layouts", "color", "text_body", "filters_overrides", "show_description", "deleted", "position", "dashboard_id"}
)
MAX_TILES = 300  # of one dashboard; more take minutes to compute


class TooManyTiles(ValueError):
    """The dashboard is full."""


@dataclass(frozen=True)
class Dashboard:
    """A dashboard without its tiles. Times are microseconds since 1970 in UTC."""

    id: int
    project_id: int
    name: str | None
    description: str
    pinned: bool
    deleted: bool
    creation_mode: str
    filters: dict[str, Any]
    variables: dict[str, Any]
    breakdown_colors: list[Any]
    tags: list[str]
    created_by: int | None
    created_at: int
    updated_at: int
    last_viewed_at: int | None


@dataclass(frozen=True)
class Tile:
    """A tile: an insight (by id) or a text."""

    id: int
    dashboard_id: int
    insight_id: int | None
    text_body: str | None
    layouts: dict[str, Any]
    color: str | None
    filters_overrides: dict[str, Any]
    show_description: bool | None
    position: float


class Boards:
    """The dashboards of all projects. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def create(
        self, project_id: int, values: Mapping[str, Any], user_id: int | None, creation_mode: str = "default"
    ) -> Dashboard:
        """Make an empty dashboard; ``values`` are some of ``CHANGEABLE``."""
        moment = now_us()
        row = {
            "filters": {},
            "variables": {},
            "breakdown_colors": [],
            "tags": [],
            **{key: value for key, value in values.items() if key in CHANGEABLE},
            "project_id": project_id,
            "creation_mode": creation_mode,
            "created_by": user_id,
            "created_at": moment,
            "updated_at": moment,
        }
        with self._appdb.write() as connection:
            made = connection.execute(insert(dashboards).values(**row).returning(dashboards)).mappings().one()
        return _dashboard(made)

    def find(self, project_id: int, dashboard_id: int) -> Dashboard | None:
        with self._appdb.read() as connection:
            statement = select(dashboards).where(dashboards.c.project_id == project_id, dashboards.c.id == dashboard_id)
            row = connection.execute(statement).mappings().one_or_none()
        return _dashboard(row) if row else None

    def page(
        self, project_id: int, search: str = "", pinned: bool | None = None, limit: int | None = None, offset: int = 0
    ) -> tuple[list[Dashboard], int]:
        """A page of dashboards, pinned ones first, then by name; and how many there are."""
        wanted = [dashboards.c.project_id == project_id, dashboards.c.deleted.is_(False)]
        wanted += [dashboards.c.name.icontains(word, autoescape=True) for word in search.split()[:10]]
        if pinned is not None:
            wanted.append(dashboards.c.pinned.is_(pinned))
        where = and_(*wanted)
        statement = (
            select(dashboards)
            .where(where)
            .order_by(dashboards.c.pinned.desc(), func.lower(dashboards.c.name), dashboards.c.id)
        )
        with self._appdb.read() as connection:
            total = connection.execute(select(func.count()).select_from(dashboards).where(where)).scalar_one()
            rows = connection.execute(statement.limit(limit).offset(offset)).mappings().all()
        return [_dashboard(row) for row in rows], total

    def change(self, dashboard: Dashboard, values: Mapping[str, Any]) -> Dashboard:
        """Change some of ``CHANGEABLE``."""
        given = {key: value for key, value in values.items() if key in CHANGEABLE}
        statement = update(dashboards).where(dashboards.c.id == dashboard.id).values(updated_at=now_us(), **given)
        with self._appdb.write() as connection:
            row = connection.execute(statement.returning(dashboards)).mappings().one()
        return _dashboard(row)

    def note_view(self, dashboard: Dashboard) -> None:
        with self._appdb.write() as connection:
            connection.execute(
                update(dashboards).where(dashboards.c.id == dashboard.id).values(last_viewed_at=now_us())
            )

    def tiles(self, dashboard: Dashboard) -> list[Tile]:
        """The tiles in their order; those of deleted insights are left out."""
        statement = (
            select(tiles)
            .outerjoin(insights, insights.c.id == tiles.c.insight_id)
            .where(tiles.c.dashboard_id == dashboard.id, tiles.c.deleted.is_(False))
            .where(insights.c.deleted.is_not(True))
            .order_by(tiles.c.position, tiles.c.id)
        )
        with self._appdb.read() as connection:
            return [_tile(row) for row in connection.execute(statement).mappings()]

    def tile(self, dashboard: Dashboard, tile_id: int) -> Tile | None:
        return next((tile for tile in self.tiles(dashboard) if tile.id == tile_id), None)

    def add_tile(
        self,
        dashboard: Dashboard,
        insight_id: int | None = None,
        text_body: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Tile:
        """Put an insight or a text on a dashboard, after the others. An insight that is there already stays as it is.

        Raises :class:`TooManyTiles`.
        """
        present = self.tiles(dashboard)
        if insight_id is not None:
            for tile in present:
                if tile.insight_id == insight_id:
                    return tile
        if len(present) >= MAX_TILES:
            raise TooManyTiles(f"A dashboard can have {MAX_TILES} tiles.")
        given = {key: value for key, value in (values or {}).items() if key in TILE_CHANGEABLE}
        row = {
            "layouts": {},
            "filters_overrides": {},
            "position": max((tile.position for tile in present), default=0.0) + 1,
            **given,
            "dashboard_id": dashboard.id,
            "insight_id": insight_id,
            "text_body": text_body,
        }
        with self._appdb.write() as connection:
            made = connection.execute(insert(tiles).values(**row).returning(tiles)).mappings().one()
        return _tile(made)

    def change_tile(self, tile: Tile, values: Mapping[str, Any]) -> Tile:
        """Change some of ``TILE_CHANGEABLE``; ``dashboard_id`` moves the tile."""
        given = {key: value for key, value in values.items() if key in TILE_CHANGEABLE}
        if not given:
            return tile
        with self._appdb.write() as connection:
            statement = update(tiles).where(tiles.c.id == tile.id).values(**given).returning(tiles)
            row = connection.execute(statement).mappings().one()
        return _tile(row)

    def reorder(self, dashboard: Dashboard, order: Sequence[int]) -> None:
        """Put the named tiles first, in this order; the others follow as they were."""
        ranks = {tile_id: rank for rank, tile_id in enumerate(order)}
        present = self.tiles(dashboard)
        arranged = sorted(present, key=lambda tile: (ranks.get(tile.id, len(ranks)), tile.position))
        with self._appdb.write() as connection:
            for rank, tile in enumerate(arranged, 1):
                connection.execute(update(tiles).where(tiles.c.id == tile.id).values(position=float(rank)))

    def place(self, insight_id: int, wanted: Sequence[Dashboard], present: Sequence[int]) -> None:
        """Put an insight on exactly the ``wanted`` dashboards; ``present`` are ids of those it is on."""
        wanted_ids = {dashboard.id for dashboard in wanted}
        for dashboard in wanted:
            self.add_tile(dashboard, insight_id)
        gone = [board for board in present if board not in wanted_ids]
        with self._appdb.write() as connection:
            connection.execute(
                update(tiles)
                .where(tiles.c.insight_id == insight_id, tiles.c.dashboard_id.in_(gone))
                .values(deleted=True)
            )


def _dashboard(row: RowMapping) -> Dashboard:
    return Dashboard(**{name: row[name] for name in Dashboard.__dataclass_fields__})


def _tile(row: RowMapping) -> Tile:
    return Tile(**{name: row[name] for name in Tile.__dataclass_fields__})
