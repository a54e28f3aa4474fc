"""The application database: its migrations, its transactions."""

import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, insert, select

from leanbase.appdb.database import AppDb, sqlite_url
from leanbase.appdb.tables import metadata, organizations


@pytest.fixture
def appdb(tmp_path: Path):
    db = AppDb.open(sqlite_url(tmp_path / "app.sqlite"))
    yield db
    db.close()


def count(db: AppDb) -> int:
    with db.read() as connection:
        return connection.execute(select(func.count()).select_from(organizations)).scalar_one()


def test_migrations_make_exactly_the_tables_of_the_code(appdb: AppDb) -> None:
    with appdb.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []


def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "app.sqlite")
    first = AppDb.open(url)
    with first.write() as connection:
        connection.execute(insert(organizations).values(id="a", name="A", created_at=1))
    first.close()
    second = AppDb.open(url)
    assert count(second) == 1
    second.close()


def test_a_failed_transaction_leaves_nothing(appdb: AppDb) -> None:
    with pytest.raises(ZeroDivisionError), appdb.write() as connection:
        connection.execute(insert(organizations).values(id="a", name="A", created_at=1))
        raise ZeroDivisionError
    assert count(appdb) == 0


def test_writers_of_many_threads_wait_for_each_other(appdb: AppDb) -> None:
    problems: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for step in range(10):
                with appdb.write() as connection:
                    seen = connection.execute(select(func.count()).select_from(organizations)).scalar_one()
                    connection.execute(
                        insert(organizations).values(id=f"{number}-{step}", name=str(seen), created_at=1)
                    )
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with appdb.read() as connection:
        names = connection.execute(select(organizations.c.name)).scalars().all()
    assert sorted(map(int, names)) == list(range(40)), "each writer saw what all before it had written"


def test_a_database_that_is_current_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = sqlite_url(tmp_path / "app.sqlite")
    AppDb.open(url).close()
    monkeypatch.setattr(command, "upgrade", lambda *_: pytest.fail("there is nothing to do"))
    AppDb.open(url).close()
