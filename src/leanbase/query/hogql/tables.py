"""The tables of SQL. Each is a subquery that holds rows of one project only, whatever is asked around it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.hogql.event_columns import ScopedEvents
from leanbase.query.hogql.names import Column
from leanbase.query.hogql.person_tables import cohort_people_table, person_distinct_ids_table, persons_table
from leanbase.query.hogql.saved_tables import SavedTable, actions_table, cohorts_table
from leanbase.query.hogql.stored_table import StoredTable, json_column, local_time
from leanbase.query.scope import EventScope
from leanbase.query.sessions import SESSION_FIELDS, sessions_query


class EventsTable(ScopedEvents):
    """``events``: inline (the only table of its SELECT) or as a subquery of the columns that are used."""

    def __init__(self, ctx: QueryContext, binder: Binder, alias: str, *, inline: bool, sample: float | None) -> None:
        super().__init__(EventScope(ctx, binder, alias if inline else f"{alias}_e"))
        self.alias = alias
        self.inline = inline
        self._sample = sample
        self._used: dict[str, str] = {}

    def exported(self, column: Column) -> Column:
        if self.inline:
            return column
        return replace(column, sql=self._name(column.sql), instant=self._name(column.instant) if column.instant else "")

    def _name(self, sql: str) -> str:
        return f"{self.alias}.{self._used.setdefault(sql, f'c{len(self._used)}')}"

    def from_sql(self) -> str:
        """What stands in FROM. An inline table's rows are held to the project by :meth:`own_condition`."""
        source = self.scope.source(self._sample)
        if self.inline:
            return source
        columns = ", ".join(f"{sql} AS {name}" for sql, name in self._used.items()) or "1 AS c0"
        return f"(SELECT {columns} FROM {source} WHERE {self.scope.project()}) AS {self.alias}"

    def own_condition(self) -> str | None:
        return self.scope.project() if self.inline else None


@dataclass
class SessionsTable:
    """``sessions``: made of the events, with the fields that are used."""

    ctx: QueryContext
    binder: Binder
    alias: str
    used: dict[str, str] = field(default_factory=dict[str, str])

    def column(self, parts: Sequence[str | int]) -> Column | None:
        name = str(parts[0])
        if len(parts) != 1 or name not in SESSION_FIELDS:
            return None
        column = next((column for column, known in self.used.items() if known == name), f"c{len(self.used)}")
        self.used[column] = name
        sql = f"{self.alias}.{column}"
        if SESSION_FIELDS[name].type == "DateTime":
            return Column(local_time(sql, self.ctx, self.binder), "time")
        return Column(sql)

    def names(self) -> list[str]:
        return list(SESSION_FIELDS)

    def filtered(self, filters: Mapping[str, Any], date_from: datetime | None, date_to: datetime | None) -> str:
        """The condition of a query's filters and date range: of when the session began, and of its events."""
        conditions: list[str] = []
        scope = EventScope(self.ctx, self.binder, f"{self.alias}_f")
        condition = scope.query_filters(filters)
        if condition != "1":
            session = self.column(("session_id",))
            assert session is not None  # every session has one
            found = f"SELECT {scope.column('session_id')} FROM {scope.source()} WHERE {scope.project()} AND {condition}"
            conditions.append(f"{session.sql} IN ({found})")
        start = self.column(("$start_timestamp",)) if date_from is not None or date_to is not None else None
        for bound, comparison in ((date_from, ">="), (date_to, "<=")):
            if bound is not None and start is not None:
                moment = bound.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
                bind = self.binder(moment, "DateTime64(6, 'UTC')")
                conditions.append(f"{start.sql} {comparison} {bind}")
        return "(" + " AND ".join(conditions) + ")" if conditions else "true"

    def from_sql(self) -> str:
        return f"({sessions_query(self.ctx, self.binder, self.used)}) AS {self.alias}"

    def own_condition(self) -> str | None:
        return None


Table = EventsTable | StoredTable | SessionsTable | SavedTable


def groups_table(ctx: QueryContext, binder: Binder, alias: str) -> StoredTable:
    """Groups of all types."""

    def read(parts: Sequence[str | int]) -> Column | None:
        match parts[0]:
            case "index" | "group_type_index" if len(parts) == 1:
                return Column("g.group_type_index")
            case "key" | "group_key" if len(parts) == 1:
                return Column("g.group_key")
            case "created_at" if len(parts) == 1:
                return Column(local_time("g.created_at", ctx, binder), "time")
            case "properties":
                return json_column(ctx, binder, "g.properties", parts[1:], "group")
            case _:
                return None

    where = f"g.project_id = {binder(ctx.project.id, 'UInt32')} AND NOT g.is_deleted"
    return StoredTable(alias, read, ("index", "key", "created_at", "properties"), "groups AS g FINAL", where)


Maker = Callable[[QueryContext, Binder, str], Table]

TABLES: dict[str, Maker] = {
    "persons": persons_table,
    "person_distinct_ids": person_distinct_ids_table,
    "groups": groups_table,
    "cohort_people": cohort_people_table,
    "sessions": SessionsTable,
    "cohorts": cohorts_table,
    "actions": actions_table,
}
"""Every table but ``events`` and ``numbers``, by its name in SQL."""

SYNONYMS: dict[str, str] = {
    **{f"raw_{name}": name for name in ("persons", "person_distinct_ids", "groups", "cohort_people", "sessions")},
    "person_distinct_id_overrides": "person_distinct_ids",
    "raw_person_distinct_id_overrides": "person_distinct_ids",
    "static_cohort_people": "cohort_people",
    "cohortpeople": "cohort_people",
    "system.cohorts": "cohorts",
    "system.actions": "actions",
    "system.groups": "groups",
}
"""Names that PostHog has for the same rows: here every table answers with the latest."""
