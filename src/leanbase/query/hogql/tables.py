"""The tables of SQL. Each is a subquery that holds rows of one project only, whatever is asked around it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.hogql.event_columns import ScopedEvents
from leanbase.query.hogql.names import Column, Kind, json_path
from leanbase.query.hogql.saved_tables import SavedTable, actions_table, cohorts_table
from leanbase.query.person_mode import overridden_person_id
from leanbase.query.scope import EventScope
from leanbase.query.sessions import SESSION_FIELDS, sessions_query
from leanbase.query.typed import typed
from leanbase.store.properties import property_text


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
class StoredTable:
    """Any other table: a subquery with the columns that are used. ``read`` answers a column's SQL over ``source``."""

    alias: str
    read: Callable[[Sequence[str | int]], Column | None]
    star: tuple[str, ...]
    source: str
    used: dict[str, str] = field(default_factory=dict[str, str])

    def column(self, parts: Sequence[str | int]) -> Column | None:
        found = self.read(parts)
        if found is None:
            return None
        name = self.used.setdefault(found.sql, f"c{len(self.used)}")
        return replace(found, sql=f"{self.alias}.{name}")

    def names(self) -> list[str]:
        return list(self.star)

    def from_sql(self) -> str:
        columns = ", ".join(f"{sql} AS {name}" for sql, name in self.used.items()) or "1 AS c0"
        return f"(SELECT {columns} FROM {self.source}) AS {self.alias}"

    def own_condition(self) -> str | None:
        return None


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
            return Column(_local(sql, self.ctx, self.binder), "time")
        return Column(sql)

    def names(self) -> list[str]:
        return list(SESSION_FIELDS)

    def from_sql(self) -> str:
        return f"({sessions_query(self.ctx, self.binder, self.used)}) AS {self.alias}"

    def own_condition(self) -> str | None:
        return None


Table = EventsTable | StoredTable | SessionsTable | SavedTable


def _local(sql: str, ctx: QueryContext, binder: Binder) -> str:
    zone = ctx.project.timezone
    return sql if zone == "UTC" else f"toTimeZone({sql}, {binder(zone, 'String')})"


def _json(
    ctx: QueryContext, binder: Binder, column: str, rest: Sequence[str | int], owner: str, index: int | None = None
) -> Column:
    if not rest:
        kind: Kind = "person_json" if owner == "person" else "group_json"
        return Column(column, kind, index)
    if len(rest) == 1 and isinstance(rest[0], str):
        alias, name = column.split(".")
        text = property_text(name, rest[0], binder, alias)
        if owner == "person":
            return Column(typed(text, ctx.property_types.of(owner, rest[0]), ctx.project.timezone, binder))
        return Column(text)
    return Column(json_path(column, rest, binder))


def persons_table(ctx: QueryContext, binder: Binder, alias: str) -> StoredTable:
    """Today's persons."""

    def read(parts: Sequence[str | int]) -> Column | None:
        match parts[0]:
            case "id" | "person_id" if len(parts) == 1:
                return Column("p.person_id")
            case "created_at" if len(parts) == 1:
                return Column(_local("p.created_at", ctx, binder), "time")
            case "is_identified" if len(parts) == 1:
                return Column("p.is_identified")
            case "properties":
                return _json(ctx, binder, "p.properties", parts[1:], "person")
            case "person":  # so that person.properties.x means the same as on events
                return read(parts[1:]) if len(parts) > 1 else None
            case "distinct_ids" if len(parts) == 1:
                return Column("d.distinct_ids")
            case _:
                return None

    project = binder(ctx.project.id, "UInt32")
    source = (
        "persons AS p FINAL LEFT ANY JOIN (SELECT i.person_id AS person_id, groupArray(i.distinct_id) AS distinct_ids"
        f" FROM person_distinct_ids AS i FINAL WHERE i.project_id = {project} AND NOT i.is_deleted"
        f" GROUP BY i.person_id) AS d ON d.person_id = p.person_id WHERE p.project_id = {project} AND NOT p.is_deleted"
    )
    return _Persons(alias, read, ("id", "created_at", "properties", "is_identified"), source, project=project)


@dataclass
class _Persons(StoredTable):
    project: str = ""

    def from_sql(self) -> str:
        if not any("d.distinct_ids" in sql for sql in self.used):
            self.source = f"persons AS p FINAL WHERE p.project_id = {self.project} AND NOT p.is_deleted"
        return super().from_sql()


def person_distinct_ids_table(ctx: QueryContext, binder: Binder, alias: str) -> StoredTable:
    """Which person a distinct id belongs to today."""
    columns = {
        "distinct_id": Column("i.distinct_id"),
        "person_id": Column("i.person_id"),
        "version": Column("i.version"),
    }
    source = (
        f"person_distinct_ids AS i FINAL WHERE i.project_id = {binder(ctx.project.id, 'UInt32')} AND NOT i.is_deleted"
    )
    return StoredTable(alias, _plain(columns), ("distinct_id", "person_id"), source)


def groups_table(ctx: QueryContext, binder: Binder, alias: str) -> StoredTable:
    """Groups of all types."""

    def read(parts: Sequence[str | int]) -> Column | None:
        match parts[0]:
            case "index" | "group_type_index" if len(parts) == 1:
                return Column("g.group_type_index")
            case "key" | "group_key" if len(parts) == 1:
                return Column("g.group_key")
            case "created_at" if len(parts) == 1:
                return Column(_local("g.created_at", ctx, binder), "time")
            case "properties":
                return _json(ctx, binder, "g.properties", parts[1:], "group")
            case _:
                return None

    source = f"groups AS g FINAL WHERE g.project_id = {binder(ctx.project.id, 'UInt32')} AND NOT g.is_deleted"
    return StoredTable(alias, read, ("index", "key", "created_at", "properties"), source)


def cohort_people_table(ctx: QueryContext, binder: Binder, alias: str) -> StoredTable:
    """Members of cohorts, as today's persons."""
    columns = {"person_id": Column("m.person_id"), "cohort_id": Column("m.cohort_id")}
    source = (
        f"(SELECT DISTINCT {overridden_person_id('c')} AS person_id, c.cohort_id AS cohort_id FROM cohort_people AS c"
        f" WHERE c.project_id = {binder(ctx.project.id, 'UInt32')} AND NOT c.is_deleted) AS m"
    )
    return StoredTable(alias, _plain(columns), ("person_id", "cohort_id"), source)


def _plain(columns: dict[str, Column]) -> Callable[[Sequence[str | int]], Column | None]:
    return lambda parts: columns.get(str(parts[0])) if len(parts) == 1 else None


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
