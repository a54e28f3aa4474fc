"""Tables that are read as they are stored: a subquery with the columns that are used, held to one project."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.hogql.names import Column, Kind, json_path
from leanbase.query.typed import typed
from leanbase.store.properties import property_text


@dataclass
class StoredTable:
    """``read`` answers a column's SQL over ``source`` and, by their aliases, those of ``joins`` that are used.

    ``where`` holds the rows to the project; so does every query in ``joins``.
    """

    alias: str
    read: Callable[[Sequence[str | int]], Column | None]
    star: tuple[str, ...]
    source: str
    where: str
    joins: Mapping[str, str] = field(default_factory=dict[str, str])
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
        joins = "".join(f" {join}" for alias, join in self.joins.items() if f"{alias}." in columns)
        return f"(SELECT {columns} FROM {self.source}{joins} WHERE {self.where}) AS {self.alias}"

    def own_condition(self) -> str | None:
        return None


def local_time(sql: str, ctx: QueryContext, binder: Binder) -> str:
    """A time in the project's zone, as it is shown and cut into days."""
    zone = ctx.project.timezone
    return sql if zone == "UTC" else f"toTimeZone({sql}, {binder(zone, 'String')})"


def json_column(
    ctx: QueryContext, binder: Binder, column: str, rest: Sequence[str | int], owner: str, index: int | None = None
) -> Column:
    """The properties (``column``, as ``alias.name``) of a person or group, one of them, or a place inside of one."""
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
