"""What the latest queries cost, by the id that the client gave them."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

MOST_KEPT = 1_000


@dataclass(frozen=True, kw_only=True)
class Logged:
    """One query that ended, well or not. ``event_time`` is ISO; ``exception`` is empty when it answered."""

    query_id: str
    event_time: str
    kind: str
    query: str
    query_duration_ms: int
    read_rows: int
    read_bytes: int
    exception: str


class QueryLog:
    """The latest queries, in memory. Safe for any thread."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str], Logged] = OrderedDict()
        self._guard = threading.Lock()

    def add(self, project_id: int, entry: Logged) -> None:
        with self._guard:
            self._kept[project_id, entry.query_id] = entry
            self._kept.move_to_end((project_id, entry.query_id))
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def find(self, project_id: int, query_id: str) -> Mapping[str, Any] | None:
        """The log row of a query of the project by its id; None when there is none any more."""
        with self._guard:
            found = self._kept.get((project_id, query_id))
        return asdict(found) if found is not None else None
