"""A query service over the test engine and fresh databases."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from leanbase.appdb.database import AppDb, sqlite_url
from leanbase.appdb.state import StateDb
from leanbase.appdb.tables import organizations, projects
from leanbase.model.project import Project
from leanbase.query.service import QueryService
from leanbase.store.client import Store


@pytest.fixture
def appdb(tmp_path: Path) -> Iterator[AppDb]:
    database = AppDb.open(sqlite_url(tmp_path / "app.sqlite"))
    with database.write() as connection:
        connection.execute(insert(organizations).values(id="o", name="o", created_at=0))
        for number in (1, 2):
            connection.execute(
                insert(projects).values(
                    id=number, uuid=f"u{number}", organization_id="o", name="p", api_token=f"phc_{number}", settings={},
                    revision=number, created_at=0, updated_at=0,
                )
            )  # fmt: skip
    yield database
    database.close()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[StateDb]:
    database = StateDb(tmp_path / "state.sqlite")
    yield database
    database.close()


@pytest.fixture
def service(store: Store, appdb: AppDb, state: StateDb) -> Iterator[QueryService]:
    running = QueryService(store, appdb, state, slots=2, max_seconds=20)
    yield running
    running.close()


@pytest.fixture
def project() -> Project:
    return Project(id=1, api_token="phc_1")


@pytest.fixture
def sql(service: QueryService, project: Project) -> Callable[[str], list[Any]]:
    """``sql(text)``: the rows, always computed."""

    def ask(text: str) -> list[Any]:
        return service.run(project, {"kind": "HogQLQuery", "query": text}, refresh="force_blocking")["results"]

    return ask
