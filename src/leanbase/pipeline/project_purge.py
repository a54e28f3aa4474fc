"""Removing what deleted projects leave behind: a job that begins again where it was broken off.

A deleted project is hidden and its tokens are refused at once; its data goes later, when no turn of the pipeline can
still hold events of it. What is removed last is the mark that it is owed: the tokens in the project's own row, which
stays, empty, so that its number is never used twice.
"""

import logging

from sqlalchemy import RowMapping, delete, select, update

from leanbase.appdb.database import AppDb
from leanbase.appdb.tables import metadata, projects
from leanbase.model.instants import now_us
from leanbase.persons.service import Persons
from leanbase.store.client import Store
from leanbase.store.overrides import rebuild_overrides
from leanbase.store.sql import Sql

_log = logging.getLogger(__name__)

# A turn takes seconds; directories of projects are at most a second old. An hour leaves time to notice a mistake and
# to give the project back (clear ``projects.deleted_at``).
GRACE_SECONDS = 3600
_CHUNK = 5_000  # rows per transaction: some milliseconds, for which the pipeline waits
_PURGED = "purged-"  # begins the api_token of a project of which nothing is left

STORE_TABLES = ("events", "heatmaps", "persons", "person_distinct_ids", "person_overrides", "groups", "cohort_people")

STATE_TABLES = {  # by what their rows are known
    "persons": "id",
    "person_distinct_ids": "project_id, distinct_id",
    "person_overrides": "project_id, old_uuid",
    "merge_log": "id",
    "deleted_distinct_ids": "project_id, implied_uuid",
    "deletion_jobs": "id",
    "group_types": "project_id, group_type_index",
    "groups": "project_id, group_type_index, group_key",
    "group_usage_metrics": "id",
    "buffered_events": "id",
    "event_definitions": "project_id, name",
    "property_definitions": "project_id, kind, group_type_index, name",
    "event_properties": "project_id, event, property",
    "dropped": "project_id, day, reason",
    "dropped_samples": "id",
    "dead_letters": "id",
    "ingestion_warnings": "id",
    "usage": "project_id, day, kind",
    "person_activity": "id",
    "recorded_sessions": "project_id, session_id",
}


class ProjectPurge:
    """The job; ``run`` it now and then."""

    def __init__(self, appdb: AppDb, persons: Persons, store: Store, grace_seconds: int = GRACE_SECONDS) -> None:
        self._appdb = appdb
        self._persons = persons
        self._store = store
        self._grace = grace_seconds * 1_000_000

    def run(self) -> int:
        """Remove everything of the projects that were deleted long enough ago; answers how many there were.

        Raises what the databases raise; the next run goes on.
        """
        owed = self._owed()
        for project in owed:
            self._from_store(project["id"])
            self._from_state(project["id"])
            self._from_control_plane(project)
            _log.info("project %s: everything removed", project["id"])
        return len(owed)

    def _owed(self) -> list[RowMapping]:
        statement = select(projects.c.id, projects.c.uuid).where(
            projects.c.deleted_at <= now_us() - self._grace, ~projects.c.api_token.startswith(_PURGED)
        )
        with self._appdb.read() as connection:
            return list(connection.execute(statement.order_by(projects.c.id)).mappings())

    def _from_store(self, project_id: int) -> None:
        binds = {"project": project_id}
        for table in STORE_TABLES:
            present = f"SELECT 1 FROM {table} WHERE project_id = {{project:UInt32}} LIMIT 1"  # noqa: S608 -- a name of ours
            if not self._store.query(Sql(present, binds)).rows:
                continue
            self._store.command(
                Sql(
                    f"ALTER TABLE {table} DELETE WHERE project_id = {{project:UInt32}} SETTINGS mutations_sync = 1",
                    binds,
                )
            )
            if table == "person_overrides":
                with self._persons.edit_lock, self._persons.locked():
                    rebuild_overrides(self._store)

    def _from_state(self, project_id: int) -> None:
        for table, key in STATE_TABLES.items():
            some = f"SELECT {key} FROM {table} WHERE project_id = ? LIMIT {_CHUNK}"  # noqa: S608 -- names of ours
            chunk = f"DELETE FROM {table} WHERE ({key}) IN ({some})"  # noqa: S608 -- the same
            removed = _CHUNK
            while removed == _CHUNK:
                with self._persons.locked(), self._persons.state.write() as connection:
                    removed = connection.execute(chunk, (project_id,)).rowcount

    def _from_control_plane(self, project: RowMapping) -> None:
        with self._appdb.write() as connection:
            for table in reversed(metadata.sorted_tables):
                if "project_id" in table.c:
                    connection.execute(delete(table).where(table.c.project_id == project["id"]))
            empty = {"name": "", "settings": {}, "api_token": f"{_PURGED}{project['uuid']}", "secret_token": None}
            connection.execute(update(projects).where(projects.c.id == project["id"]).values(**empty))
