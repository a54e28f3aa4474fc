"""Sharing by secret link: whoever has the address sees one dashboard or insight, and nothing else."""

from dataclasses import dataclass

from sqlalchemy import RowMapping, Table, insert, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import shared_links
from leanbase.model.instants import now_us
from leanbase.model.secret_text import random_text


@dataclass(frozen=True)
class SharedLink:
    """A link to a dashboard or to an insight. ``created_at`` is in microseconds since 1970, UTC."""

    id: int
    project_id: int
    dashboard_id: int | None
    insight_id: int | None
    access_token: str
    enabled: bool
    created_at: int


class SharedLinks:
    """The links of all projects. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb

    def of(self, project_id: int, dashboard_id: int | None = None, insight_id: int | None = None) -> SharedLink | None:
        """The link of a dashboard or an insight, if it ever had one."""
        with self._appdb.read() as connection:
            statement = select(shared_links).where(
                shared_links.c.project_id == project_id,
                _same(shared_links, "dashboard_id", dashboard_id),
                _same(shared_links, "insight_id", insight_id),
            )
            row = connection.execute(statement).mappings().first()
        return _link(row) if row else None

    def by_token(self, access_token: str) -> SharedLink | None:
        """The enabled link with this token."""
        with self._appdb.read() as connection:
            statement = select(shared_links).where(
                shared_links.c.access_token == access_token, shared_links.c.enabled.is_(True)
            )
            row = connection.execute(statement).mappings().one_or_none()
        return _link(row) if row else None

    def enabled_dashboards(self, project_id: int) -> set[int]:
        """The ids of the dashboards that are shared."""
        statement = select(shared_links.c.dashboard_id).where(
            shared_links.c.project_id == project_id,
            shared_links.c.enabled.is_(True),
            shared_links.c.dashboard_id.is_not(None),
        )
        with self._appdb.read() as connection:
            return {row.dashboard_id for row in connection.execute(statement)}

    def switch(
        self, project_id: int, enabled: bool, dashboard_id: int | None = None, insight_id: int | None = None
    ) -> SharedLink:
        """Turn sharing on or off. Turned on again, the link has a new token: an old address stays dead."""
        present = self.of(project_id, dashboard_id, insight_id)
        with self._appdb.write() as connection:
            if present is None:
                statement = insert(shared_links).values(
                    project_id=project_id,
                    dashboard_id=dashboard_id,
                    insight_id=insight_id,
                    access_token=random_text(43),
                    enabled=enabled,
                    settings={},
                    created_at=now_us(),
                )
            else:
                token = random_text(43) if enabled and not present.enabled else present.access_token
                statement = (
                    update(shared_links)
                    .where(shared_links.c.id == present.id)
                    .values(enabled=enabled, access_token=token)
                )
            row = connection.execute(statement.returning(shared_links)).mappings().one()
        return _link(row)


def _same(table: Table, name: str, value: int | None):
    column = table.c[name]
    return column.is_(None) if value is None else column == value


def _link(row: RowMapping) -> SharedLink:
    return SharedLink(**{name: row[name] for name in SharedLink.__dataclass_fields__})
