"""How far the demo project is: words that the API and whoever fills the project share."""

from dataclasses import dataclass
from typing import Literal, Protocol

PROJECT = "Fernwood (demo)"


class DemoRefused(Exception):
    """There is a demo project already (``exists``), or one is being filled (``running``)."""

    def __init__(self, code: Literal["exists", "running"]) -> None:
        super().__init__(
            "The demo project is there already." if code == "exists" else "The demo project is being filled already."
        )
        self.code = code


@dataclass(frozen=True, kw_only=True)
class DemoProgress:
    """``sending``: the history is on its way; ``storing``: all was sent, not all can be asked for yet."""

    project_id: int
    status: Literal["sending", "storing", "done", "failed"]
    days: int = 0
    days_sent: int = 0
    events_sent: int = 0
    events_stored: int = 0
    problem: str = ""  # why it failed, for people


class DemoProjects(Protocol):
    """Fills one demo project at a time, in the background."""

    def start(self, organization_id: str) -> DemoProgress:
        """Begin, or go on where a try failed. Raises :class:`DemoRefused`."""
        ...

    def progress(self, organization_id: str) -> DemoProgress | None:
        """Of the organization's demo project; None when it has none."""
        ...
