"""Tables of what people saved: their rows come from the application database, as one bound text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.hogql.names import Column

_COHORT = {
    "id": "UInt64", "name": "String", "description": "String", "count": "Nullable(UInt64)", "is_static": "Bool",
    "created_at": "Int64",
}  # fmt: skip
_ACTION = {"id": "UInt64", "name": "String", "description": "String", "created_at": "Int64"}


@dataclass(frozen=True)
class SavedTable:
    """Rows with the columns of ``types``; times are microseconds and shown in the project's zone."""

    ctx: QueryContext
    binder: Binder
    alias: str
    types: dict[str, str]
    rows: list[dict[str, object]] = field(repr=False)

    def column(self, parts: Sequence[str | int]) -> Column | None:
        name = str(parts[0])
        if len(parts) != 1 or name not in self.types:
            return None
        sql = f"{self.alias}.{name}"
        if name == "created_at":
            zone = self.binder(self.ctx.project.timezone, "String")
            return Column(f"fromUnixTimestamp64Micro({sql}, {zone})", "time", nullable=False)
        return Column(sql, nullable=self.types[name].startswith("Nullable"))

    def names(self) -> list[str]:
        return list(self.types)

    def from_sql(self) -> str:
        shape = ", ".join(f"{name} {kind}" for name, kind in self.types.items())
        text = self.binder(msgspec.json.encode([self._values(row) for row in self.rows]).decode(), "String")
        columns = ", ".join(f"lb_row.{name} AS {name}" for name in self.types)
        row = f"arrayJoin(JSONExtract({text}, 'Array(Tuple({shape}))')) AS lb_row"
        return f"(SELECT {columns} FROM (SELECT {row})) AS {self.alias}"

    def _values(self, row: dict[str, object]) -> dict[str, object]:
        empty: dict[str, object] = {"String": ""}
        return {
            name: row.get(name) if row.get(name) is not None else empty.get(kind) for name, kind in self.types.items()
        }


def cohorts_table(ctx: QueryContext, binder: Binder, alias: str) -> SavedTable:
    """The project's cohorts."""
    return SavedTable(ctx, binder, alias, _COHORT, ctx.cohorts.rows())


def actions_table(ctx: QueryContext, binder: Binder, alias: str) -> SavedTable:
    """The project's actions."""
    return SavedTable(ctx, binder, alias, _ACTION, ctx.actions.rows())
