"""Whose data it is: the projects, read from memory, written to the application database.

A change made here holds from the next call on. A change made by another process (an admin command, another API
process) is seen within ``REVISIT_SECONDS``.
"""

import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import projects
from leanbase.model.instants import now_us
from leanbase.model.project import Project
from leanbase.model.secret_text import random_text
from leanbase.projects.settings import as_project, checked, effective

REVISIT_SECONDS = 1.0
MAX_NAME = 200  # characters


class ProjectProblem(ValueError):
    """A project cannot be made or changed so; ``attr`` names the field."""

    def __init__(self, attr: str, message: str) -> None:
        super().__init__(message)
        self.attr = attr


@dataclass(frozen=True)
class ProjectRecord:
    """A project with what only the control plane needs. Times are microseconds since 1970 in UTC."""

    project: Project
    uuid: str
    organization_id: str
    secret_token: str | None
    chosen: Mapping[str, Any]
    created_at: int
    updated_at: int

    @property
    def settings(self) -> dict[str, Any]:
        """Every setting, as the API shows it."""
        return effective(self.chosen)


@dataclass(frozen=True)
class _Snapshot:
    revision: int
    by_id: Mapping[int, ProjectRecord]
    by_token: Mapping[str, ProjectRecord]
    by_secret: Mapping[str, ProjectRecord]


def new_api_token() -> str:
    """A public project token."""
    return f"phc_{random_text(43)}"


class Projects:
    """The directory. Safe to use from any thread."""

    def __init__(self, appdb: AppDb) -> None:
        self._appdb = appdb
        self._lock = threading.Lock()
        self._snapshot = self._load()
        self._visited = time.monotonic()

    def get(self, project_id: int) -> Project | None:
        """The project of this id, or None."""
        record = self.record(project_id)
        return record.project if record else None

    def by_token(self, api_token: str) -> Project | None:
        """The project whose public token this is, or None."""
        record = self._fresh().by_token.get(api_token)
        return record.project if record else None

    def record(self, project_id: int) -> ProjectRecord | None:
        return self._fresh().by_id.get(project_id) or self._revisited().by_id.get(project_id)

    def record_by_token(self, api_token: str) -> ProjectRecord | None:
        return self._fresh().by_token.get(api_token)

    def record_by_secret(self, secret_token: str) -> ProjectRecord | None:
        """The project whose secret token (``phs_…``) this is, or None."""
        return self._fresh().by_secret.get(secret_token)

    def list(self, organization_id: str | None = None) -> list[ProjectRecord]:
        """All projects, or those of one organization, by id."""
        records = self._fresh().by_id.values()
        return [record for record in records if organization_id in {None, record.organization_id}]

    def create(
        self, organization_id: str, name: str, settings: Mapping[str, Any] | None = None, api_token: str | None = None
    ) -> ProjectRecord:
        """Make a project with its own tokens.

        Raises :class:`ProjectProblem` or :class:`projects.settings.SettingProblem`.
        """
        chosen = checked(settings or {})
        moment = now_us()
        values = {
            "uuid": str(uuid.uuid4()),
            "organization_id": organization_id,
            "name": _checked_name(name),
            "api_token": api_token or new_api_token(),
            "secret_token": f"phs_{random_text(43)}",
            "settings": chosen,
            "created_at": moment,
            "updated_at": moment,
        }
        with self._appdb.write() as connection:
            statement = insert(projects).values(revision=_next_revision(connection), **values)
            (project_id,) = connection.execute(statement.returning(projects.c.id)).one()
        return self._reloaded(project_id)

    def update(
        self, project_id: int, name: str | None = None, settings: Mapping[str, Any] | None = None
    ) -> ProjectRecord:
        """Change a project. Raises ``LookupError`` when there is none, and the problems of :meth:`create`."""
        accepted = checked(settings or {})
        with self._appdb.write() as connection:
            row = _row(connection, project_id)
            values: dict[str, Any] = {"settings": {**row["settings"], **accepted}}
            if name is not None:
                values["name"] = _checked_name(name)
            _change(connection, project_id, values)
        return self._reloaded(project_id)

    def reset_token(self, project_id: int) -> ProjectRecord:
        """Give the project a new public token; the old one is refused from now on."""
        with self._appdb.write() as connection:
            _row(connection, project_id)
            _change(connection, project_id, {"api_token": new_api_token()})
        return self._reloaded(project_id)

    def delete(self, project_id: int) -> None:
        """Hide the project and refuse its tokens. Its events are removed by whoever owns them."""
        with self._appdb.write() as connection:
            _row(connection, project_id)
            _change(connection, project_id, {"deleted_at": now_us()})
        self._reload()

    def _fresh(self) -> _Snapshot:
        if time.monotonic() - self._visited > REVISIT_SECONDS:
            return self._revisited()
        return self._snapshot

    def _revisited(self) -> _Snapshot:
        """What the database says now. A project that is not known yet is worth a look: capture may have accepted
        events for one that another process made a moment ago."""
        self._visited = time.monotonic()
        with self._appdb.read() as connection:
            newest = _newest_revision(connection)
        if newest != self._snapshot.revision:
            self._reload()
        return self._snapshot

    def _reloaded(self, project_id: int) -> ProjectRecord:
        self._reload()
        return self._snapshot.by_id[project_id]

    def _reload(self) -> None:
        with self._lock:  # so that an older snapshot never replaces a newer one
            self._snapshot = self._load()

    def _load(self) -> _Snapshot:
        with self._appdb.read() as connection:
            revision = _newest_revision(connection)
            live = select(projects).where(projects.c.deleted_at.is_(None)).order_by(projects.c.id)
            records = [_record(row) for row in connection.execute(live).mappings()]
        return _Snapshot(
            revision,
            by_id={record.project.id: record for record in records},
            by_token={record.project.api_token: record for record in records},
            by_secret={record.secret_token: record for record in records if record.secret_token},
        )


def _checked_name(name: str) -> str:
    stripped = name.strip()
    if not 0 < len(stripped) <= MAX_NAME or "\0" in stripped:
        raise ProjectProblem("name", f"A project needs a name of 1 to {MAX_NAME} characters.")
    return stripped


def _newest_revision(connection: Connection) -> int:
    return connection.execute(select(func.coalesce(func.max(projects.c.revision), 0))).scalar_one()


def _next_revision(connection: Connection) -> int:
    return _newest_revision(connection) + 1


def _row(connection: Connection, project_id: int) -> RowMapping:
    statement = select(projects).where(projects.c.id == project_id, projects.c.deleted_at.is_(None)).with_for_update()
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise LookupError(f"there is no project {project_id}")
    return row


def _change(connection: Connection, project_id: int, values: Mapping[str, Any]) -> None:
    revision = _next_revision(connection)
    statement = update(projects).where(projects.c.id == project_id)
    connection.execute(statement.values(updated_at=now_us(), revision=revision, **values))


def _record(row: RowMapping) -> ProjectRecord:
    return ProjectRecord(
        project=as_project(row["id"], row["api_token"], row["name"], row["settings"]),
        uuid=row["uuid"],
        organization_id=row["organization_id"],
        secret_token=row["secret_token"],
        chosen=row["settings"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
