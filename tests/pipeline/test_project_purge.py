"""A deleted project leaves nothing behind, in any database; its neighbour keeps everything."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from leanbase.appdb.database import AppDb, sqlite_url
from leanbase.appdb.state import StateDb
from leanbase.appdb.tables import dashboards, projects
from leanbase.auth.bootstrap import Presets, ensure_first_start
from leanbase.dashboards.boards import Boards
from leanbase.dashboards.insights import Insights
from leanbase.persons.service import Persons
from leanbase.pipeline.project_purge import STATE_TABLES, STORE_TABLES, ProjectPurge
from leanbase.projects.directory import Projects
from leanbase.store.client import Store
from leanbase.store.sql import Sql
from tests.embedded_engine import emptied

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class World:
    """Two projects, each with rows in every table."""

    def __init__(self, folder: Path) -> None:
        self.appdb = AppDb.open(sqlite_url(folder / "app.sqlite"))
        self.state = StateDb(folder / "state.sqlite")
        ensure_first_start(self.appdb, Presets())
        self.store: Store = emptied()
        self.projects = Projects(self.appdb)
        self.persons = Persons(self.state, self.store)
        (self.first,) = self.projects.list()
        self.second = self.projects.create(self.first.organization_id, "Second")
        for record in (self.first, self.second):
            self._fill(record.project.id)

    def purge(self, grace_seconds: int = 0) -> int:
        return ProjectPurge(self.appdb, self.persons, self.store, grace_seconds).run()

    def _fill(self, project_id: int) -> None:
        board = Boards(self.appdb).create(project_id, {"name": "b"}, None)
        insight = Insights(self.appdb).create(project_id, {"name": "i"}, None)
        Boards(self.appdb).add_tile(board, insight.id)
        for table in STORE_TABLES:
            names = {name for name, kind in self._columns(table) if kind in ("", "DEFAULT")}
            row: dict[str, Any] = {"project_id": project_id, "version": 1, "properties": "{}"}
            row |= {name: uuid4() for name in names if name.endswith("person_id") or name == "uuid"}
            row |= dict.fromkeys(("timestamp", "created_at", "inserted_at"), NOW)
            row |= {"event": "e", "distinct_id": "d", "group_key": "g", "cohort_id": 1, "current_url": "u"}
            chosen = {name: [value] for name, value in row.items() if name in names}
            self.store.insert(table, chosen, f"purge-{uuid4()}")
        with self.state.write() as connection:
            for table in STATE_TABLES:
                self._fill_state(connection, table, project_id)

    def _columns(self, table: str) -> list[tuple[Any, ...]]:
        statement = (
            "SELECT name, default_kind FROM system.columns WHERE database = currentDatabase() AND table = {t:String}"
        )
        return self.store.query(Sql(statement, {"t": table})).rows

    def _fill_state(self, connection: Any, table: str, project_id: int) -> None:
        values: dict[str, Any] = {}
        for _, name, kind, required, default, key in connection.execute(f"PRAGMA table_info({table})"):
            if name == "project_id":
                values[name] = project_id
            elif name == "kind":
                values[name] = "event"
            elif (required or key) and default is None and name != "id":
                values[name] = {"INTEGER": 1, "TEXT": f"{project_id}", "BLOB": project_id.to_bytes(16)}[kind]
        marks = ", ".join("?" * len(values))
        connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))

    def left(self, project_id: int) -> dict[str, int]:
        """Rows of a project by table, where there are any."""
        found: dict[str, int] = {}
        with self.state.read() as connection:
            for table in STATE_TABLES:
                statement = f"SELECT count(*) FROM {table} WHERE project_id = ?"
                found[f"state.{table}"] = connection.execute(statement, (project_id,)).fetchone()[0]
        for table in STORE_TABLES:
            statement = f"SELECT count() FROM {table} WHERE project_id = {project_id}"
            found[f"store.{table}"] = self.store.query(Sql(statement)).rows[0][0]
        with self.appdb.read() as connection:
            counted = select(func.count()).select_from(dashboards).where(dashboards.c.project_id == project_id)
            found["dashboards"] = connection.execute(counted).scalar_one()
        return {table: number for table, number in found.items() if number}

    def close(self) -> None:
        self.state.close()
        self.appdb.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def test_nothing_is_left_of_a_deleted_project(world: World) -> None:
    first, second = world.first.project.id, world.second.project.id
    everything = len(STATE_TABLES) + len(STORE_TABLES) + 1
    assert len(world.left(first)) == len(world.left(second)) == everything
    world.projects.delete(first)
    assert world.purge() == 1
    assert world.left(first) == {}
    assert len(world.left(second)) == everything
    assert world.purge() == 0


def test_living_and_lately_deleted_projects_are_kept(world: World) -> None:
    assert world.purge() == 0
    world.projects.delete(world.first.project.id)
    assert world.purge(grace_seconds=3600) == 0
    assert world.left(world.first.project.id)


def test_the_number_of_a_purged_project_stays_taken_and_its_tokens_are_gone(world: World) -> None:
    world.projects.delete(world.second.project.id)
    world.purge()
    with world.appdb.read() as connection:
        row = connection.execute(select(projects).where(projects.c.id == world.second.project.id)).mappings().one()
    assert (row["name"], row["secret_token"], row["settings"]) == ("", None, {})
    assert world.second.project.api_token not in str(dict(row))
    made = world.projects.create(world.first.organization_id, "Third")
    assert made.project.id > world.second.project.id


def test_a_run_that_was_broken_off_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.projects.delete(world.first.project.id)

    def breaks(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(ProjectPurge, "_from_state", breaks)
        with pytest.raises(OSError, match="disk full"):
            world.purge()
    assert world.purge() == 1
    assert world.left(world.first.project.id) == {}


def test_no_table_is_forgotten(world: World) -> None:
    with world.state.read() as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        owned = {
            name
            for name in names
            if any(column[1] == "project_id" for column in connection.execute(f"PRAGMA table_info({name})"))
        }
    assert owned == set(STATE_TABLES)
    statement = (
        "SELECT DISTINCT c.table FROM system.columns AS c INNER JOIN system.tables AS t ON t.name = c.table"
        " AND t.database = c.database WHERE c.database = currentDatabase() AND c.name = 'project_id'"
        " AND t.engine LIKE '%MergeTree'"
    )
    assert {name for (name,) in world.store.query(Sql(statement)).rows} == set(STORE_TABLES)
