"""The composition root: reads settings, picks backends by URL, and joins the parts of the engine."""

import json
import os
import threading
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from pathlib import Path

from leanbase.api.context import ApiContext
from leanbase.appdb.database import AppDb, sqlite_url
from leanbase.appdb.state import StateDb
from leanbase.auth.bootstrap import Credentials, Presets, ensure_first_start
from leanbase.auth.service import open_auth
from leanbase.config import Settings
from leanbase.eventlog.contracts import LogReader
from leanbase.eventlog.segments.open import open_reader
from leanbase.model.instants import now_us
from leanbase.persons.limits import Limits
from leanbase.persons.service import Persons
from leanbase.persons.squash import squash_overrides
from leanbase.pipeline.bookkeeping import prune
from leanbase.pipeline.geoip import Countries
from leanbase.pipeline.loop import Pipeline, Services
from leanbase.pipeline.project_purge import ProjectPurge
from leanbase.pipeline.recordings import RecordingInbox
from leanbase.pipeline.salts import DaySalts
from leanbase.projects.directory import Projects
from leanbase.query.service import QueryService
from leanbase.server.demo_project import DemoProject
from leanbase.server.folders import Folders
from leanbase.server.jobs import Job, Jobs
from leanbase.server.own_url import own_url
from leanbase.store.client import Store, StoreError
from leanbase.store.migrate import migrate
from leanbase.store.open import open_store
from leanbase.store.promotion import Promotion
from leanbase.store.properties import PromotedProperties
from leanbase.store.sql import Sql

COUNTRIES = Path(__file__).parent.parent / "assets" / "geoip" / "country.mmdb"

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


class NotSupported(ValueError):
    """A setting names a backend that this version does not have."""


def open_appdb(settings: Settings, folders: Folders) -> AppDb:
    """The application database, its schema brought up to date."""
    return AppDb.open(settings.appdb_url or sqlite_url(folders.app_database))


def open_event_store(settings: Settings, folders: Folders) -> Store:
    """The event store, its schema brought up to date."""
    store = open_store(settings.store_url or folders.store, settings.store_max_memory)
    migrate(store)
    return store


def open_log(settings: Settings, folders: Folders) -> LogReader:
    """The engine's side of the event log. Raises :class:`NotSupported`."""
    if settings.log_url:
        raise NotSupported(
            f"LEANBASE_LOG_URL={settings.log_url!r}: only segments in the data folder so far; leave it empty."
        )
    return open_reader(folders.log)


def first_start(settings: Settings, folders: Folders, appdb: AppDb) -> Credentials | None:
    """Set up an empty application database; what was made up goes to ``credentials.json``, for its owner alone."""
    made = ensure_first_start(
        appdb,
        Presets(
            project_api_key=settings.project_api_key,
            personal_api_key=settings.personal_api_key,
            admin_email=settings.admin_email,
            admin_password=settings.admin_password,
        ),
    )
    if made is not None:
        _write_private(folders.credentials, json.dumps(asdict(made), indent=1) + "\n")
        _write_private(folders.run / "credentials.new", "")
    return made


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def open_pipeline(
    settings: Settings,
    folders: Folders,
    log: LogReader,
    store: Store,
    state: StateDb,
    persons: Persons,
    projects: Projects,
) -> Pipeline:
    """The pipeline over the parts that it shares with the API."""
    services = Services(
        log=log,
        store=store,
        state=state,
        persons=persons,
        projects=projects.get,
        countries=Countries(COUNTRIES),
        salts=DaySalts(state),
        recordings=RecordingInbox(folders.blobs / "replay"),
    )
    return Pipeline(
        services,
        max_events=settings.turn_max_events,
        dedup_hours=settings.dedup_hours,
        dedup_max_events=settings.dedup_max_events,
    )


def _prune(state: StateDb) -> None:
    with state.write() as connection:
        prune(connection, now_us())


class Engine:
    """The parts of the engine process, opened, started and closed together."""

    def __init__(self, settings: Settings, folders: Folders, appdb: AppDb, state: StateDb, store: Store) -> None:
        self._appdb, self._state, self._store = appdb, state, store
        projects = Projects(appdb)
        limits = Limits(settings.warn_distinct_ids, settings.max_distinct_ids)
        persons = Persons(state, store, find_project=projects.get, limits=limits)
        log = open_log(settings, folders)
        self._pipeline = open_pipeline(settings, folders, log, store, state, persons, projects)
        promoted = PromotedProperties()
        promoted.refresh(store)
        queries = QueryService(
            store,
            appdb,
            state,
            slots=settings.query_slots,
            max_seconds=settings.query_max_seconds,
            max_memory_bytes=settings.query_max_memory,
            promoted=promoted,
        )
        counters = self._pipeline.counters
        self._demo = DemoProject(
            folders.run / "demo.json",
            own_url(settings),
            projects,
            store,
            counters.backlog_bytes,
            settings.demo_visitors,
        )
        self.context = ApiContext(
            version=version("leanbase"),
            data_dir=folders.root,
            appdb=appdb,
            projects=projects,
            auth=open_auth(appdb),
            state=state,
            store=store,
            persons=persons,
            queries=queries,
            demo=self._demo,
            pipeline=counters,
            metrics=(counters.text,),
            is_ready=self._is_ready,
            test_clock=settings.test_clock,
            public_url=settings.public_url,
        )
        self._queries = queries
        self._stop = threading.Event()
        self._jobs = Jobs(
            [
                Job("give asked-for properties columns", 5 * MINUTE, Promotion(store, promoted).run),
                Job(
                    "calculate cohorts that are a day old",
                    10 * MINUTE,
                    partial(queries.cohorts.recalculate_due, projects.get),
                ),
                Job("fold merges into the rows of events", HOUR, partial(squash_overrides, persons, stop=self._stop)),
                Job("remove what deleted projects left", 10 * MINUTE, ProjectPurge(appdb, persons, store).run),
                Job("remove events that projects keep no longer", 6 * HOUR, self._apply_retention),
                Job("forget old warnings and samples of drops", DAY, partial(_prune, state)),
            ]
        )
        self._line = threading.Thread(target=self._pipeline.run, args=(self._stop,), name="pipeline")

    def _apply_retention(self) -> None:
        if self.context.retention.run():
            self._queries.forget()

    def _is_ready(self) -> bool:
        """Does the line move, and does the store answer?"""
        try:
            self._store.query(Sql("SELECT 1"))
        except StoreError:
            return False
        return self._line.is_alive()

    @classmethod
    def open(cls, settings: Settings, folders: Folders) -> "Engine":
        """Open and migrate the databases, make the first user if there is none. Raises what they raise."""
        appdb = open_appdb(settings, folders)
        first_start(settings, folders, appdb)
        return cls(settings, folders, appdb, StateDb(folders.state_database), open_event_store(settings, folders))

    def start(self) -> None:
        """Start the pipeline and the jobs, each in its thread."""
        self._line.start()
        self._jobs.start()
        self._demo.go_on()

    def close(self) -> None:
        """Finish the turn and the job that run now, then close the databases."""
        self._stop.set()
        self._demo.close()
        if self._line.is_alive():
            self._line.join()
        self._jobs.stop()
        self._queries.close()
        self._store.close()
        self._state.close()
        self._appdb.close()
