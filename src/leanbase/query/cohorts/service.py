"""Cohorts and their members: criteria are calculated in the background, lists are written at once.

Members live in the store as persons. A calculation adds the new list under a higher version and then removes what is
older, so that readers see the old list, the new one, or for a moment both, but never half of one.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from leanbase.appdb.database import AppDb
from leanbase.model.instants import now_us
from leanbase.model.project import Project
from leanbase.query.binder import Binder
from leanbase.query.cohorts.criteria import Criteria, nested_cohorts
from leanbase.query.cohorts.stored import Cohort, CohortRows
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.failures import explained
from leanbase.query.person_mode import overridden_pk
from leanbase.store.client import Store, StoreError
from leanbase.store.sql import Sql

log = logging.getLogger(__name__)

DUE_AFTER = 24 * 3600  # seconds after which a dynamic cohort is calculated again
MOST_SECONDS = 600  # of one calculation: nobody waits for it
DEEPEST = 10  # cohorts of cohorts

MakeContext = Callable[[Project], QueryContext]


class Cohorts:
    """``make_context`` answers the surroundings of a query of a project."""

    def __init__(self, store: Store, appdb: AppDb, make_context: MakeContext, max_memory_bytes: int = 1 << 30) -> None:
        self.rows = CohortRows(appdb)
        self._store = store
        self._make_context = make_context
        self._max_memory_bytes = max_memory_bytes
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cohorts")
        self._guard = threading.Lock()
        self._last_version = 0

    # -- dynamic

    def check(self, project: Project, filters: Any) -> None:
        """Raise :class:`QueryError` when criteria cannot be calculated."""
        Criteria(self._make_context(project), Binder()).members(filters)

    def calculate_later(self, project: Project, cohort: Cohort) -> None:
        """Calculate the members in the background; until it is done the cohort says ``is_calculating``."""
        self.rows.change(project.id, cohort.id, {"is_calculating": True})
        self._worker.submit(self._calculate, project, cohort.id)

    def _calculate(self, project: Project, cohort_id: int) -> None:
        try:
            self.calculate(project, cohort_id)
        except Exception:  # told on the cohort itself; the worker goes on
            log.exception("cohort %s of project %s was not calculated", cohort_id, project.id)

    def calculate(self, project: Project, cohort_id: int, trail: tuple[int, ...] = ()) -> None:
        """Calculate the members now, those of nested cohorts first. Failures are kept on the cohort and raised."""
        cohort = self.rows.find(project.id, cohort_id)
        if cohort is None or cohort.is_static or cohort_id in trail or len(trail) >= DEEPEST:
            return
        try:
            ctx = self._make_context(project)
            properties = (cohort.filters or {}).get("properties")
            for nested in sorted(nested_cohorts(properties, ctx.cohorts.find) - {cohort_id}):
                self.calculate(project, nested, (*trail, cohort_id))
            binder = Binder()
            members = Criteria(ctx, binder).members(cohort.filters)
            version = self._next_version()
            self._insert(project.id, cohort_id, version, f"p.pk IN ({members})", binder)
            self._remove(project.id, cohort_id, "version < {version:UInt64}", {"version": version})
            found = self.count(project.id, cohort_id)
            done = {"version": (cohort.version or 0) + 1, "count": found, "errors_calculating": 0}
            self._finish(project.id, cohort_id, {**done, "last_error_message": None})
        except Exception as problem:
            told = (
                problem.detail
                if isinstance(problem, QueryError)
                else "The calculation failed; the server's log says why."
            )
            if isinstance(problem, StoreError):
                told = explained(problem).detail
            failed = {"errors_calculating": cohort.errors_calculating + 1, "last_error_message": told}
            self._finish(project.id, cohort_id, failed)
            raise

    def recalculate_due(self, find_project: Callable[[int], Project | None]) -> int:
        """Calculate the dynamic cohorts whose members are a day old. A job of the engine; answers how many it did."""
        done = 0
        for cohort in self.rows.due(now_us() - DUE_AFTER * 1_000_000):
            project = find_project(cohort.project_id)
            if project is not None:
                self._calculate(project, cohort.id)
                done += 1
        return done

    def _finish(self, project_id: int, cohort_id: int, values: Mapping[str, Any]) -> None:
        self.rows.change(project_id, cohort_id, {**values, "is_calculating": False, "last_calculation": now_us()})

    # -- static

    def add_distinct_ids(self, project: Project, cohort_id: int, distinct_ids: Sequence[str]) -> None:
        """Put the persons of these distinct ids on the list; ids that belong to nobody are passed over."""
        binder = Binder()
        persons = (
            "p.person_id IN (SELECT i.person_id FROM person_distinct_ids AS i FINAL WHERE"
            f" i.project_id = {binder(project.id, 'UInt32')} AND NOT i.is_deleted"
            f" AND i.distinct_id IN {binder(list(distinct_ids), 'Array(String)')})"
        )
        self._add(project.id, cohort_id, persons, binder)

    def add_persons(self, project: Project, cohort_id: int, persons: Sequence[UUID]) -> None:
        """Put persons on the list; those that do not exist are passed over."""
        binder = Binder()
        keys = f"{binder([str(person) for person in persons], 'Array(UUID)')}"
        self._add(project.id, cohort_id, f"p.person_id IN {keys}", binder)

    def copy_members(self, project: Project, source_id: int, cohort_id: int) -> None:
        """Put the members of another cohort on the list."""
        binder = Binder()
        condition = f"p.pk IN ({self._member_keys(project.id, source_id, binder)})"
        self._add(project.id, cohort_id, condition, binder)

    def remove_person(self, project: Project, cohort_id: int, person: UUID) -> None:
        """Take a person off the list, under each of the persons that were merged into them."""
        condition = f"{overridden_pk('cohort_people')} = cityHash64(toUUID({{person:String}}))"
        self._remove(project.id, cohort_id, condition, {"person": str(person)})
        self._counted(project.id, cohort_id)

    def _add(self, project_id: int, cohort_id: int, condition: str, binder: Binder) -> None:
        self._insert(project_id, cohort_id, self._next_version(), condition, binder)
        self._counted(project_id, cohort_id)

    def _counted(self, project_id: int, cohort_id: int) -> None:
        self._finish(project_id, cohort_id, {"count": self.count(project_id, cohort_id), "errors_calculating": 0})

    # -- members

    def count(self, project_id: int, cohort_id: int) -> int:
        """How many persons are members today, after merges."""
        binder = Binder()
        keys = self._member_keys(project_id, cohort_id, binder)
        return int(self._store.query(binder.sql(f"SELECT uniqExact(pk) FROM ({keys})")).rows[0][0])

    def persons(self, project_id: int, cohort_id: int, limit: int, offset: int) -> list[dict[str, Any]]:
        """A page of the members: person_id, distinct_ids, properties (JSON text), created_at; the newest first."""
        binder = Binder()
        project = binder(project_id, "UInt32")
        keys = self._member_keys(project_id, cohort_id, binder)
        text = (
            "SELECT p.person_id, p.properties, p.created_at, d.ids FROM persons AS p FINAL LEFT ANY JOIN"
            " (SELECT i.person_id AS person_id, groupArray(i.distinct_id) AS ids FROM person_distinct_ids AS i FINAL"
            f" WHERE i.project_id = {project} AND NOT i.is_deleted GROUP BY i.person_id) AS d"
            " ON d.person_id = p.person_id"
            f" WHERE p.project_id = {project} AND NOT p.is_deleted AND p.pk IN ({keys})"
            f" ORDER BY p.created_at DESC, p.person_id LIMIT {int(limit)} OFFSET {int(offset)}"
        )
        names = ("person_id", "properties", "created_at", "distinct_ids")
        return [dict(zip(names, row, strict=True)) for row in self._store.query(binder.sql(text)).rows]

    def of_person(self, project_id: int, person: UUID) -> list[int]:
        """The ids of the cohorts that a person is in."""
        binder = Binder()
        text = (
            "SELECT DISTINCT m.cohort_id FROM cohort_people AS m"
            f" WHERE m.project_id = {binder(project_id, 'UInt32')} AND NOT m.is_deleted"
            f" AND {overridden_pk('m')} = cityHash64(toUUID({binder(str(person), 'String')}))"
        )
        return sorted(int(row[0]) for row in self._store.query(binder.sql(text)).rows)

    def forget_members(self, project_id: int, cohort_id: int) -> None:
        """Remove all members of a cohort that is gone."""
        self._remove(project_id, cohort_id, "1", {})

    def _member_keys(self, project_id: int, cohort_id: int, binder: Binder) -> str:
        return (
            f"SELECT {overridden_pk('m')} AS pk FROM cohort_people AS m"
            f" WHERE m.project_id = {binder(project_id, 'UInt32')}"
            f" AND m.cohort_id = {binder(cohort_id, 'UInt64')} AND NOT m.is_deleted"
        )

    def _insert(self, project_id: int, cohort_id: int, version: int, condition: str, binder: Binder) -> None:
        project = binder(project_id, "UInt32")
        text = (
            "INSERT INTO cohort_people (project_id, cohort_id, person_id, version)"
            f" SELECT p.project_id, {binder(cohort_id, 'UInt64')}, p.person_id, {binder(version, 'UInt64')}"
            f" FROM persons AS p FINAL WHERE p.project_id = {project} AND NOT p.is_deleted AND {condition}"
            f" SETTINGS max_execution_time = {MOST_SECONDS}, max_memory_usage = {self._max_memory_bytes}"
        )
        self._store.command(binder.sql(text))

    def _remove(self, project_id: int, cohort_id: int, condition: str, binds: Mapping[str, Any]) -> None:
        text = (
            "DELETE FROM cohort_people WHERE project_id = {project:UInt32} AND cohort_id = {cohort:UInt64}"
            f" AND {condition}"
        )
        self._store.command(Sql(text, {"project": project_id, "cohort": cohort_id, **binds}))

    def _next_version(self) -> int:
        """Milliseconds, but never the same twice in this process."""
        with self._guard:
            self._last_version = max(self._last_version + 1, time.time_ns() // 1_000_000)
            return self._last_version

    def close(self) -> None:
        """Start no more calculations; wait for the one that runs."""
        self._worker.shutdown(wait=True, cancel_futures=True)
