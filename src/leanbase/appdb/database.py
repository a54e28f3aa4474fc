"""The door to the application database: SQLite in the data folder or PostgreSQL, by URL."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10  # how long SQLite waits for another process (a backup, an admin command) before it gives up


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


class AppDb:
    """Transactions on the control plane's tables (``appdb.tables``). Safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._reading = engine
        self._writing = engine.execution_options(leanbase_writes=True)

    @classmethod
    def open(cls, url: str) -> "AppDb":
        """Connect and bring the schema up to date.

        ``url`` is ``sqlite:///path`` or ``postgresql://user:password@host/database``.
        """
        engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
        with engine.connect() as connection:
            migrate(connection)
        return cls(engine)

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A consistent view: every statement inside sees the same state."""
        with self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Generator[Connection]:
        """A transaction that is committed at the end, or undone when an exception leaves it."""
        with self._writing.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self._reading.dispose()


def migrate(connection: Connection) -> None:
    """Run the migrations that this database has not seen yet."""
    if _is_current(connection):
        return
    # Half a second of a start goes into these, which nearly every start can do without.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _is_current(connection: Connection) -> bool:
    """Whether the newest migration (its file is v<revision>_<what>.py) was the last to run."""
    newest = max(path.name for path in (MIGRATIONS / "versions").glob("v*.py")).removeprefix("v").partition("_")[0]
    with connection.begin():
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [newest]


def _postgresql(url: str) -> Engine:
    """The psycopg driver is the one that the scale extra brings."""
    scheme, _, rest = url.partition("://")
    if scheme in {"postgres", "postgresql"}:
        url = f"postgresql+psycopg://{rest}"
    return create_engine(url, pool_pre_ping=True, pool_size=10)


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None  # the driver must not begin transactions by itself; _begin does
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        # A writer takes the lock at once: a reader that turns writer halfway may fail without a retry.
        writes = connection.get_execution_options().get("leanbase_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
