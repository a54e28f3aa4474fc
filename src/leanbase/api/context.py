"""What the API stands on. The composition root fills it; routes get it as a dependency."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request

from leanbase.api.disk_use import DiskMeter
from leanbase.appdb.database import AppDb
from leanbase.appdb.state import StateDb
from leanbase.auth.service import Auth
from leanbase.projects.demo import DemoProjects
from leanbase.projects.directory import Projects
from leanbase.projects.retention import EventRetention
from leanbase.query.service import QueryService
from leanbase.store.client import Store

PACKAGE = Path(__file__).parent.parent


class PipelineStatus(Protocol):
    """How the pipeline is doing (``pipeline.counters.PipelineCounters``)."""

    last_error: str  # of a turn that will be repeated; empty when all is well

    def events_per_second(self) -> float: ...
    def backlog_bytes(self) -> int: ...
    def lag_seconds(self) -> float: ...


def _ready() -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class ApiContext:
    """The parts a request may use; tests and small tools leave parts out."""

    version: str
    data_dir: Path
    appdb: AppDb
    projects: Projects
    auth: Auth
    state: StateDb
    store: Store
    persons: Any = None
    queries: QueryService | None = None
    demo: DemoProjects | None = None
    test_clock: bool = False  # honour X-Leanbase-Now
    public_url: str = ""  # where browsers reach us, when that is not the Host of the request
    is_ready: Callable[[], bool] = _ready  # false: the pipeline or the store does not work
    pipeline: PipelineStatus | None = None
    metrics: tuple[Callable[[], str], ...] = ()  # Prometheus texts of the parts of this process
    web_dir: Path = PACKAGE / "web_dist"
    sdk_dir: Path = PACKAGE / "assets" / "posthog-js"
    toolbar_dir: Path = PACKAGE / "assets" / "toolbar"

    @cached_property
    def disk(self) -> DiskMeter:
        """What the data folder takes up."""
        return DiskMeter(self.data_dir)

    @cached_property
    def retention(self) -> EventRetention:
        return EventRetention(self.projects, self.state, self.store)


async def context_of(request: Request) -> ApiContext:
    """The context of the app that answers this request."""
    return request.app.state.context


Context = Annotated[ApiContext, Depends(context_of)]
