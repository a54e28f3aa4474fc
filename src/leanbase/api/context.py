"""What the API stands on. The composition root fills it; routes get it as a dependency."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request

from leanbase.appdb.database import AppDb
from leanbase.appdb.state import StateDb
from leanbase.auth.service import Auth
from leanbase.projects.directory import Projects
from leanbase.store.client import Store

PACKAGE = Path(__file__).parent.parent


def _nothing() -> Mapping[str, float]:
    return {}


def _ready() -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class ApiContext:
    """The parts a request may use. ``persons`` is ``persons.service``'s, ``queries`` ``query.service``'s."""

    version: str
    data_dir: Path
    appdb: AppDb
    projects: Projects
    auth: Auth
    state: StateDb
    store: Store
    persons: Any = None
    queries: Any = None
    test_clock: bool = False  # honour X-Leanbase-Now
    public_url: str = ""  # where browsers reach us, when that is not the Host of the request
    is_ready: Callable[[], bool] = _ready  # false: the pipeline or the store does not work
    gauges: Callable[[], Mapping[str, float]] = _nothing  # backlog and rates of this process, by metric name
    front_counters: Callable[[], Mapping[str, float]] = _nothing  # what the front has counted
    web_dir: Path = PACKAGE / "web_dist"
    sdk_dir: Path = PACKAGE / "assets" / "posthog-js"


async def context_of(request: Request) -> ApiContext:
    """The context of the app that answers this request."""
    return request.app.state.context


Context = Annotated[ApiContext, Depends(context_of)]
