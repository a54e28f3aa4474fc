"""What names stand for in a query: columns of tables, of subqueries, aliases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from leanbase.query.binder import Binder
from leanbase.query.hogql import ast

Kind = Literal["", "time", "event_json", "person_json", "group_json"]
PROPERTY_KINDS: dict[str, str] = {"event_json": "event", "person_json": "person", "group_json": "group"}


@dataclass(frozen=True)
class Column:
    """SQL of a column, and what may be done with it: a time is shown in the project's zone, JSON has keys."""

    sql: str
    kind: Kind = ""
    group_type_index: int | None = None
    nullable: bool = True
    instant: str = ""  # of a time: the bare column, which comparisons use so that the sort key prunes


class Relation(Protocol):
    """A table, subquery or CTE in FROM."""

    def column(self, parts: Sequence[str | int]) -> Column | None:
        """What a chain of names means here; None when this relation has no such column."""
        ...

    def names(self) -> list[str]:
        """The columns that ``*`` stands for."""
        ...

    def from_sql(self) -> str:
        """What stands in FROM. Asked last: only then is it known which columns are used."""
        ...


@runtime_checkable
class Filtered(Protocol):
    """A relation that ``{filters}`` can hold for."""

    def filtered(self, filters: Mapping[str, Any], date_from: datetime | None, date_to: datetime | None) -> str:
        """The condition of a query's filters and its date range (aware; None leaves an end open)."""
        ...


@dataclass
class Frame:
    """The names that can be seen at one place of a query."""

    relations: dict[str, Relation] = field(default_factory=dict[str, Relation])
    aliases: dict[str, Kind] = field(default_factory=dict[str, Kind])
    locals: frozenset[str] = frozenset()  # parameters of lambdas
    ctes: dict[str, "Cte"] = field(default_factory=dict[str, "Cte"])
    scalars: dict[str, ast.Expression] = field(default_factory=dict[str, ast.Expression])  # WITH 5 AS name
    windows: dict[str, ast.Window] = field(default_factory=dict[str, ast.Window])  # WINDOW name AS (…)

    def inside(self) -> "Frame":
        """The frame of a query inside this one: it sees the CTEs, not the tables."""
        return Frame(ctes=dict(self.ctes), scalars=dict(self.scalars))


@dataclass(frozen=True)
class Cte:
    """A query under a name. ``name`` is its name in the SQL that is sent, never the one that was written."""

    name: str
    columns: "dict[str, Column]"
    weight: int = 1  # queries that the engine reads for it: it puts a CTE in wherever it is used


def quoted(name: str) -> str:
    """An identifier of ClickHouse."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def json_path(sql: str, path: Sequence[str | int], binder: Binder) -> str:
    """SQL of a place inside JSON, as text: Nullable(String)."""
    keys = ", ".join(binder(part, "String") if isinstance(part, str) else binder(int(part), "Int64") for part in path)
    return f"JSONExtract({sql}, {keys}, 'Nullable(String)')"


@dataclass(frozen=True)
class Subselect:
    """A subquery or CTE: it has the columns that its query names. ``sql`` is what stands in FROM, without alias."""

    alias: str
    columns: dict[str, Column]
    binder: Binder
    sql: str

    def from_sql(self) -> str:
        return f"{self.sql} AS {self.alias}"

    def column(self, parts: Sequence[str | int]) -> Column | None:
        found = self.columns.get(str(parts[0]))
        if found is None:
            return None
        sql = f"{self.alias}.{quoted(str(parts[0]))}"
        if len(parts) == 1:
            return replace(found, sql=sql, instant="")
        if found.kind in PROPERTY_KINDS:
            return Column(json_path(sql, parts[1:], self.binder))
        for part in parts[1:]:  # an element of a tuple
            sql = f"tupleElement({sql}, {self.binder(part, 'String' if isinstance(part, str) else 'UInt64')})"
        return Column(sql)

    def names(self) -> list[str]:
        return list(self.columns)
