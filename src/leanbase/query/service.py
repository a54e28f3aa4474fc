"""Questions of the API: an insight query in, its result out. Caching, limits, cancelling and running later are here."""

import re
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from leanbase.appdb.database import AppDb
from leanbase.appdb.state import StateDb
from leanbase.model.project import Project
from leanbase.persons import group_metrics
from leanbase.query.background import Background, Status
from leanbase.query.cache import Cached, ResultCache, cache_key
from leanbase.query.cohorts.service import Cohorts
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.execution import Execution
from leanbase.query.freshness import freshness, interval_of, iso_time, range_ends
from leanbase.query.kinds import RUNNERS, UNCACHED
from leanbase.query.known_fields import check_fields
from leanbase.query.lookups import StoredActions, StoredCohorts, StoredPropertyTypes
from leanbase.query.overrides import unwrapped, with_filters, with_variables
from leanbase.query.query_log import Logged, QueryLog
from leanbase.query.slots import Slots
from leanbase.query.stored_variables import StoredVariables, filled_in
from leanbase.query.upgrades import upgraded
from leanbase.store.client import Limits, Store
from leanbase.store.properties import PromotedProperties

BLOCKING, FORCE_BLOCKING, ASYNC, FORCE_ASYNC = "blocking", "force_blocking", "async", "force_async"
ASYNC_EXCEPT_ON_CACHE_MISS, LAZY_ASYNC, FORCE_CACHE = "async_except_on_cache_miss", "lazy_async", "force_cache"
REFRESH_MODES = (
    BLOCKING, FORCE_BLOCKING, ASYNC, FORCE_ASYNC, ASYNC_EXCEPT_ON_CACHE_MISS, LAZY_ASYNC, FORCE_CACHE,
)  # fmt: skip
_QUERY_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")

_encoder = msgspec.json.Encoder(enc_hook=str)


@dataclass(frozen=True)
class Answer:
    """What the API sends: 200 with a result, 202 with the status of a query that runs."""

    status: int
    body: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One request. ``now`` is set by tests only; answers to such questions are never cached."""

    project: Project
    query: Mapping[str, Any]
    refresh: str | bool | None = None
    client_query_id: str | None = None
    filters_override: Mapping[str, Any] | None = None
    variables_override: Mapping[str, Any] | None = None
    now: datetime | None = None
    background: bool = False  # an export or a subscription: others go first

    def resolved(self) -> dict[str, Any]:
        """The query itself: without wrappers, with a dashboard's overrides laid over it."""
        query = unwrapped(upgraded(self.query))
        return with_variables(with_filters(query, self.filters_override), self.variables_override)

    def mode(self) -> str:
        """How fresh the answer has to be. Raises :class:`QueryError` for an unknown word."""
        if self.refresh is True or self.refresh == "true":
            return FORCE_BLOCKING
        if self.refresh in (None, False, "", "false"):
            return BLOCKING
        if self.refresh not in REFRESH_MODES:
            raise QueryError(f"refresh is one of {', '.join(REFRESH_MODES)}", "invalid_choice", "refresh")
        return str(self.refresh)


class QueryService:
    """Answers questions over the events of any project. Safe for any thread; every call blocks its own."""

    def __init__(
        self,
        store: Store,
        appdb: AppDb,
        state: StateDb,
        *,
        slots: int = 3,
        max_seconds: float = 60,
        max_memory_bytes: int = 1 << 30,
        cache_bytes: int = 64 << 20,
        promoted: PromotedProperties | None = None,
    ) -> None:
        self._store = store
        self._appdb = appdb
        self._state = state
        self._slots = Slots(slots)
        self._limits = Limits(seconds=max_seconds, memory_bytes=max_memory_bytes, rows=1_000_000)
        self._cache = ResultCache(cache_bytes)
        self._background = Background(max(2, slots))
        self._log = QueryLog()
        self._promoted = promoted
        self._running: dict[tuple[int, str], Execution] = {}
        self._guard = threading.Lock()
        self.cohorts = Cohorts(store, appdb, self._context_of_project, max_memory_bytes)

    # -- asking

    def run(
        self,
        project: Project,
        query: Mapping[str, Any],
        *,
        now: datetime | None = None,
        refresh: str | bool | None = None,
        client_query_id: str | None = None,
        filters_override: Mapping[str, Any] | None = None,
        variables_override: Mapping[str, Any] | None = None,
        background: bool = False,
    ) -> dict[str, Any]:
        """The result of a query, computed or from the cache. Raises :class:`QueryError`.

        For callers that need the result now; ``refresh`` modes that answer later are for :meth:`ask`.
        """
        question = Question(
            project=project, query=query, refresh=refresh, client_query_id=client_query_id,
            filters_override=filters_override, variables_override=variables_override, now=now, background=background,
        )  # fmt: skip
        return self._blocking(question, force=question.mode() == FORCE_BLOCKING)

    def ask(self, question: Question) -> Answer:
        """The answer as the query endpoint gives it, by the rules of ``refresh``. Raises :class:`QueryError`."""
        mode = question.mode()
        self._check(question)
        if mode in (BLOCKING, FORCE_BLOCKING):
            return Answer(200, self._blocking(question, force=mode == FORCE_BLOCKING))
        key = self._key(question)
        cached = self._cache.get(key) if question.now is None else None
        if mode == FORCE_CACHE:
            return Answer(200, self._from_cache(cached, key) if cached else {"cache_key": key, "query_status": None})
        fresh = cached is not None and cached.is_fresh(datetime.now(UTC), lazy=mode == LAZY_ASYNC)
        if cached is not None and fresh and mode != FORCE_ASYNC:
            return Answer(200, self._from_cache(cached, key))
        if cached is None and mode == ASYNC_EXCEPT_ON_CACHE_MISS:
            return Answer(200, self._blocking(question, force=True))
        query_id = question.client_query_id or str(uuid.uuid4())
        later = replace(question, client_query_id=query_id)
        place = (question.project.id, query_id)
        status = self._background.start(
            *place, lambda: self._blocking(later, force=True), lambda: self._progress(place)
        )
        return Answer(202, {"query_status": status.shape()})

    def status(self, project_id: int, query_id: str) -> Status | None:
        """A query that was asked to run later; None when there is none of this id."""
        return self._background.find(project_id, query_id)

    def cancel(self, project_id: int, query_id: str) -> bool:
        """Stop a query by its id; False when none of this id runs."""
        with self._guard:
            execution = self._running.get((project_id, query_id))
        if execution is None:
            return self._background.cancel(project_id, query_id)
        execution.cancel()
        return True

    def logged(self, project_id: int, query_id: str) -> Mapping[str, Any] | None:
        """What a query that ended did, by its id; None for one that is not known (any more)."""
        return self._log.find(project_id, query_id)

    def _progress(self, place: tuple[int, str]) -> Mapping[str, Any]:
        with self._guard:
            execution = self._running.get(place)
        return {
            "rows_read": execution.rows_read if execution else 0,
            "bytes_read": execution.bytes_read if execution else 0,
        }

    def context(self, project: Project, execution: Execution, query: Mapping[str, Any], now: datetime) -> QueryContext:
        """The surroundings of a query of the project."""
        modifiers = query.get("modifiers")
        return QueryContext(
            project=project,
            now=now,
            execute=execution.run,
            property_types=StoredPropertyTypes(self._state, project.id),
            actions=StoredActions(self._appdb, project.id),
            cohorts=StoredCohorts(self._appdb, project.id),
            promoted=self._promoted,
            usage_metrics=partial(group_metrics.of_project, self._state, project.id),
            modifiers=dict(modifiers) if isinstance(modifiers, Mapping) else {},
        )

    def _context_of_project(self, project: Project) -> QueryContext:
        """The surroundings of what runs without a question: the calculation of cohorts."""
        execution = Execution(self._store, project.id, self._limits, f"p{project.id}-{uuid.uuid4().hex}")
        return self.context(project, execution, {}, datetime.now(UTC))

    def forget(self) -> None:
        """Drop every cached result."""
        self._cache.clear()

    def close(self) -> None:
        """Cancel what runs and start nothing more."""
        with self._guard:
            running = list(self._running.values())
        for execution in running:
            execution.cancel()
        self._background.close()
        self.cohorts.close()

    # -- computing

    def _check(self, question: Question) -> str:
        """The kind of a query. Raises :class:`QueryError` for one that is not known."""
        query = unwrapped(upgraded(question.query))
        kind = query.get("kind")
        if not isinstance(kind, str) or kind not in RUNNERS:
            known = ", ".join(RUNNERS)
            said = "has no kind" if kind is None else f"of kind {kind!r} cannot be answered"
            raise QueryError(f"A query {said}. Kinds: {known}.", "invalid_choice", "query.kind")
        check_fields(query)
        if question.client_query_id is not None and not _QUERY_ID.fullmatch(question.client_query_id):
            raise QueryError("client_query_id is up to 64 letters, digits and -_.:", attr="client_query_id")
        return kind

    def _resolved(self, question: Question) -> dict[str, Any]:
        """The query itself, with the values of its variables."""
        query = question.resolved()
        if query.get("kind") == "HogQLQuery" and "variables" in str(query.get("query")):
            return filled_in(query, StoredVariables(self._appdb).all(question.project.id))
        return query

    def _key(self, question: Question) -> str:
        project = question.project
        return cache_key(
            project.id, self._resolved(question), project.timezone, project.week_start_day,
            project.test_account_filters, project.settings,
        )  # fmt: skip

    def _blocking(self, question: Question, *, force: bool) -> dict[str, Any]:
        kind = self._check(question)
        key = self._key(question)
        if not force and question.now is None:
            cached = self._cache.get(key)
            if cached is not None and cached.is_fresh(datetime.now(UTC)):
                return self._from_cache(cached, key)
        body = self._compute(question, kind)
        refreshed = datetime.now(UTC)
        date_from, date_to = range_ends(body)
        cached = Cached(b"", refreshed, interval_of(kind, question.resolved()), date_to, date_from)
        if question.now is None and kind not in UNCACHED:
            self._cache.put(key, replace(cached, body=_encoder.encode(body)))
        return {**body, **freshness(cached, key, is_cached=False)}

    def _from_cache(self, cached: Cached, key: str) -> dict[str, Any]:
        return {**msgspec.json.decode(cached.body), **freshness(cached, key, is_cached=True)}

    def _compute(self, question: Question, kind: str) -> dict[str, Any]:
        query, project = self._resolved(question), question.project
        query_id = question.client_query_id or uuid.uuid4().hex
        execution = Execution(self._store, project.id, self._limits, f"q{project.id}-{query_id}")
        place = (project.id, query_id)
        started, problem = time.perf_counter(), ""
        with self._guard:
            self._running[place] = execution
        try:
            with self._slots.taken(background=question.background):
                waited = time.perf_counter() - started
                ctx = self.context(project, execution, query, question.now or datetime.now(UTC))
                result = RUNNERS[kind](ctx, query)
        except RecursionError:
            problem = "The query is nested too deeply."
            raise QueryError(problem, attr="query") from None
        except QueryError as refusal:
            problem = refusal.detail
            raise
        finally:
            with self._guard:
                self._running.pop(place, None)
            took = time.perf_counter() - started
            self._log.add(project.id, _logged(query_id, kind, execution, took, problem))
        return {
            "hogql": None,
            **result,
            "clickhouse": ";\n".join(execution.statements),
            "timings": [{"k": "./waiting", "t": round(waited, 6)}, {"k": ".", "t": round(took, 6)}],
            "statistics": dict(execution.statistics()),
            "modifiers": dict(ctx.modifiers),
            "timezone": project.timezone,
            "query_status": None,
        }


def _logged(query_id: str, kind: str, execution: Execution, seconds: float, problem: str) -> Logged:
    return Logged(
        query_id=query_id,
        event_time=iso_time(datetime.now(UTC)),
        kind=kind,
        query=";\n".join(execution.statements),
        query_duration_ms=round(seconds * 1000),
        read_rows=execution.rows_read,
        read_bytes=execution.bytes_read,
        exception=problem,
    )
