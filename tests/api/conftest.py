"""An app over fresh databases, asked in-process; and people to ask as."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from leanbase.api.app import create_app
from leanbase.api.context import ApiContext
from leanbase.appdb.database import AppDb, sqlite_url
from leanbase.appdb.state import StateDb
from leanbase.auth.bootstrap import Credentials, Presets, ensure_first_start
from leanbase.auth.service import open_auth
from leanbase.auth.users import OWNER
from leanbase.persons.service import Persons
from leanbase.projects.directory import Projects
from leanbase.query.service import QueryService
from leanbase.store.client import Limits, Result
from leanbase.store.sql import Sql
from tests.api.asking import Asker

PASSWORD = "correct horse battery"


class FakeStore:
    """Answers every statement with the rows that a test has put in; remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[Sql] = []
        self.rows: list[tuple[Any, ...]] = []
        self.columns: tuple[str, ...] = ()
        self.rows_of: dict[str, list[tuple[Any, ...]]] = {}  # rows for statements that contain a text

    def query(self, sql: Sql, limits: Limits | None = None, tag: str = "") -> Result:
        self.asked.append(sql)
        rows = next((rows for part, rows in self.rows_of.items() if part in sql.text), self.rows)
        return Result(self.columns, ("String",) * len(self.columns), rows, len(rows), 0, 0.0)

    def insert(self, table: str, columns: Any, token: str) -> None:
        raise NotImplementedError

    def command(self, sql: Sql) -> None:
        raise NotImplementedError

    def cancel(self, tag: str) -> bool:
        return False

    def close(self) -> None: ...


@dataclass
class World:
    """An app, its parts and the keys of its first user."""

    app: FastAPI
    context: ApiContext
    store: FakeStore
    credentials: Credentials

    def client(self, key: str | None = None, **options: Any) -> Asker:
        """A client, signed by a personal key when one is given."""
        return Asker(self.app, {"Authorization": f"Bearer {key}"} if key else {}, **options)

    def stranger_key(self) -> str:
        """The key of a user of another organization, which has a project of its own."""
        auth = self.context.auth
        organization_id = auth.users.create_organization("Strangers")
        user = auth.users.create("stranger@example.com", PASSWORD, organization_id, OWNER)
        self.context.projects.create(organization_id, "Elsewhere")
        return auth.keys.create(user.id, "stranger")[1]

    def key_with(self, *scopes: str, scoped_projects: tuple[int, ...] = ()) -> str:
        """A key of the first user with these scopes only."""
        user = self.context.auth.users.by_email(self.credentials.email)
        assert user is not None
        return self.context.auth.keys.create(user.id, "limited", scopes, scoped_projects)[1]


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Credentials]:
    """Databases after a first start, to be copied: making them takes longer than most tests."""
    folder = tmp_path_factory.mktemp("first-start")
    appdb, state = AppDb.open(sqlite_url(folder / "app.sqlite")), StateDb(folder / "state.sqlite")
    credentials = ensure_first_start(appdb, Presets(admin_password=PASSWORD))
    assert credentials is not None
    appdb.close()
    state.close()
    return folder, credentials


@pytest.fixture
def make_world(tmp_path: Path, first_start: tuple[Path, Credentials]):
    """A function that makes worlds; options are those of the context."""
    opened: list[Any] = []

    def make(**options: Any) -> World:
        folder = tmp_path / f"world{len(opened)}"
        made, credentials = first_start
        shutil.copytree(made, folder)
        appdb, state = AppDb.open(sqlite_url(folder / "app.sqlite")), StateDb(folder / "state.sqlite")
        opened.extend([appdb, state])
        store = FakeStore()
        web = folder / "web"
        web.mkdir()
        (web / "index.html").write_text("<!doctype html><title>the app</title>")
        parts: dict[str, Any] = {
            "version": "1.2.3",
            "data_dir": folder,
            "appdb": appdb,
            "projects": Projects(appdb),
            "auth": open_auth(appdb),
            "state": state,
            "store": store,
            "persons": Persons(state),
            "queries": QueryService(store, appdb, state),
            "web_dir": web,
        }
        opened.append(parts["queries"])
        context = ApiContext(**{**parts, **options})
        return World(create_app(context), context, store, credentials)

    yield make
    for part in reversed(opened):
        part.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()


@pytest.fixture
def client(world: World) -> Asker:
    """The first user, by personal key."""
    return world.client(world.credentials.personal_api_key)
