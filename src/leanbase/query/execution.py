"""One query on its way through the store: its limits, its project, its price, and whether somebody cancelled it."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from leanbase.query.errors import QueryError
from leanbase.query.failures import explained
from leanbase.query.show_sql import readable
from leanbase.store.client import Limits, Result, Store, StoreError
from leanbase.store.sql import Sql

# A second wall behind the project_id in every statement: the engine itself drops other projects' rows.
_GUARDED = ("events", "persons", "person_distinct_ids", "groups", "cohort_people", "person_overrides")
_MOST_STATEMENTS_SHOWN = 20
_MOST_RESULT_BYTES = 64 << 20  # of an answer in the engine; as Python values and JSON it takes several times as much
_DEEPEST_RECURSION = 1_000  # rounds of WITH RECURSIVE
# The engine would compile expressions and aggregates the third time it sees them: 15 to 120 ms of CPU once for each
# kind of statement, after which no insight over 10 million events is faster.
_UNCOMPILED = "compile_expressions = 0, compile_aggregate_expressions = 0"


class Execution:
    """The statements of one query. ``run`` is the ``execute`` of its context."""

    def __init__(self, store: Store, project_id: int, limits: Limits, tag: str) -> None:
        self._store = store
        self._limits = limits
        self._tag = tag
        rows = ", ".join(f"'{table}': 'project_id = {project_id:d}'" for table in _GUARDED)
        self._wall = (
            f" SETTINGS additional_table_filters = {{{rows}}},"
            f" max_recursive_cte_evaluation_depth = {_DEEPEST_RECURSION}, {_UNCOMPILED}"
        )
        self._cancelled = threading.Event()
        self.statements: list[str] = []
        self.rows_read = 0
        self.bytes_read = 0
        self.seconds = 0.0

    def run(self, sql: Sql) -> Result:
        """Rows of a statement. Raises :class:`QueryError` when the engine refuses or the query was cancelled."""
        if self._cancelled.is_set():
            raise QueryError("The query was cancelled.", "query_was_cancelled")
        if len(self.statements) < _MOST_STATEMENTS_SHOWN:
            self.statements.append(readable(sql))
        # What stays bytes takes no more than that: half the memory of a query, 60 million events of a funnel in 1 GB.
        most = self._limits.memory_bytes // 2 if sql.binary else _MOST_RESULT_BYTES
        guarded = replace(sql, text=f"{sql.text}{self._wall}, max_result_bytes = {most}")
        try:
            found = self._store.query(guarded, self._limits, self._tag)
        except StoreError as problem:
            raise explained(problem) from problem
        except (ValueError, OverflowError) as problem:  # of the client: a time beyond the year 9999, for one
            raise QueryError(f"The answer has a value that cannot be shown: {problem}.", "illegal_value") from problem
        self.rows_read += found.rows_read
        self.bytes_read += found.bytes_read
        self.seconds += found.seconds
        return found

    def cancel(self) -> None:
        """Stop the statement that runs now and start no other."""
        self._cancelled.set()
        self._store.cancel(self._tag)

    def statistics(self) -> Mapping[str, Any]:
        return {
            "rows_read": self.rows_read,
            "bytes_read": self.bytes_read,
            "seconds": round(self.seconds, 6),
            "statements": len(self.statements),
        }
