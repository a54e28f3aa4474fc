"""Tokens as the front sees them: on its own connection, while the engine writes or is down."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from leanbase.appdb.database import AppDb, sqlite_url
from leanbase.appdb.tables import organizations
from leanbase.projects import tokens
from leanbase.projects.directory import Projects
from leanbase.projects.tokens import TokenDirectory, TokensUnavailable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a folder with ? and #" / "app.sqlite"


@pytest.fixture
def appdb(path: Path):
    path.parent.mkdir()
    db = AppDb.open(sqlite_url(path))
    with db.write() as connection:
        connection.execute(insert(organizations).values(id="org", name="Org", created_at=1))
    yield db
    db.close()


def test_new_and_withdrawn_tokens(path: Path, appdb: AppDb, monkeypatch: pytest.MonkeyPatch) -> None:
    projects = Projects(appdb)
    directory = TokenDirectory(path)
    made = projects.create("org", "One").project
    assert directory.project_id_of(made.api_token) == made.id
    assert directory.project_id_of("phc_unknown") is None
    later = projects.create("org", "Two").project
    assert directory.project_id_of(later.api_token) == later.id, "a miss looks again at once"

    monkeypatch.setattr(tokens, "REVISIT_SECONDS", -1.0)
    projects.delete(made.id)
    changed = projects.reset_token(later.id).project
    assert directory.project_id_of(made.api_token) is None
    assert directory.project_id_of(later.api_token) is None
    assert directory.project_id_of(changed.api_token) == later.id
    directory.close()


def test_works_while_the_engine_is_down(path: Path, appdb: AppDb) -> None:
    made = Projects(appdb).create("org", "One").project
    appdb.close()  # the last connection takes the WAL files with it
    directory = TokenDirectory(path)
    assert directory.project_id_of(made.api_token) == made.id
    directory.close()


def test_without_a_database_it_says_so_and_recovers(path: Path) -> None:
    directory = TokenDirectory(path)
    with pytest.raises(TokensUnavailable):
        directory.project_id_of("phc_x")
    assert not path.exists(), "looking must not make an empty database"
    path.parent.mkdir()
    db = AppDb.open(sqlite_url(path))
    assert directory.project_id_of("phc_x") is None
    directory.close()
    db.close()


def test_a_known_token_survives_a_broken_database(path: Path, appdb: AppDb, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Projects(appdb).create("org", "One").project
    directory = TokenDirectory(path)
    assert directory.project_id_of(made.api_token) == made.id
    directory.close()
    monkeypatch.setattr(tokens, "REVISIT_SECONDS", -1.0)
    monkeypatch.setattr(directory, "_path", path.parent / "gone.sqlite")
    assert directory.project_id_of(made.api_token) == made.id
    with pytest.raises(TokensUnavailable):
        directory.project_id_of("phc_other")
