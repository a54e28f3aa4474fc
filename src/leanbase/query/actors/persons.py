"""Persons of the project, found by search, property filters and order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from leanbase.model.display_name import display_properties
from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.expression_compiler import ExpressionCompiler
from leanbase.query.hogql.names import Frame
from leanbase.query.hogql.parser import parse_expression
from leanbase.query.hogql.tables import persons_table
from leanbase.query.person_properties import person_property_text
from leanbase.query.scope import EventScope

_COLUMNS = {"id": "p.person_id", "created_at": "p.created_at", "is_identified": "p.is_identified"}


class PersonScope(EventScope):
    """The same filters as over events, read from ``persons AS p`` itself."""

    def __init__(self, ctx: QueryContext, binder: Binder) -> None:
        super().__init__(ctx, binder, "p")

    def actor(self, group_type_index: int | None = None) -> str:
        if group_type_index is not None:
            raise QueryError("persons have no group", attr="properties")
        return "p.pk"

    def person_id(self) -> str:
        return "p.person_id"

    def person_created_at(self) -> str:
        return "toNullable(p.created_at)"

    def property(
        self,
        kind: str,
        key: str,
        group_type_index: int | None = None,
        *,
        typed: bool = True,
        encoded: bool = False,  # noqa: ARG002 (no property of persons has a column)
    ) -> str:
        if kind != "person" or group_type_index is not None:
            raise QueryError(f"persons have no {kind} properties; filter by person or cohort", attr="properties")
        text = person_property_text("properties", key, self.binder, "p")
        return self.typed(text, kind, key) if typed else text

    def hogql(self, expression: str, attr: str | None = None) -> str:
        """An expression over the columns of ``persons``, as those of SQL; never NULL."""
        table = persons_table(self.ctx, self.binder, "s")
        key = table.column(("id",))
        try:
            tree = parse_expression(expression)
            condition = ExpressionCompiler(self.ctx, self.binder, expression).sql(tree, Frame({"persons": table}))
        except SqlError as problem:
            problem.attr = attr
            raise
        assert key is not None
        return f"(p.person_id IN (SELECT {key.sql} FROM {table.from_sql()} WHERE ifNull(toBool({condition}), false)))"

    def column(self, name: str) -> str:
        raise QueryError(f"persons have no {name}; filter by person properties or cohorts", attr="properties")

    def condition(self, search: str | None, filters: Sequence[Any]) -> str:
        """Those of the project that match the text and the filters.

        The text is looked for in the email, the name, the uuid and the distinct ids.
        """
        conditions = [f"p.project_id = {self.binder(self.ctx.project.id, 'UInt32')}", "NOT p.is_deleted"]
        for item in filters:
            _refuse_distinct_ids(item)
        conditions += [condition for item in filters if (condition := self.filters(item)) != "1"]
        if search:
            text = self.binder(search, "String")
            shown = [self.property("person", key, typed=False) for key in ("email", "name")]
            found = [f"positionCaseInsensitiveUTF8(ifNull({text_of}, ''), {text}) > 0" for text_of in shown]
            found.append(f"toString(p.person_id) = lower({text})")
            found.append(
                "p.person_id IN (SELECT d.person_id FROM person_distinct_ids AS d FINAL"
                f" WHERE d.project_id = {self.binder(self.ctx.project.id, 'UInt32')} AND NOT d.is_deleted"
                f" AND positionCaseInsensitiveUTF8(d.distinct_id, {text}) > 0)"
            )
            conditions.append(f"({' OR '.join(found)})")
        return " AND ".join(conditions)

    def order(self, expression: str) -> str:
        """SQL of what persons are ordered by: a column, a property or the name they are shown by.

        Raises :class:`QueryError`.
        """
        name = expression.removeprefix("person.")
        if name in _COLUMNS:
            return _COLUMNS[name]
        if name == "person_display_name":
            properties = [self.property("person", key, typed=False) for key in display_properties(self.ctx.project)]
            texts = ", ".join(f"nullIf(trimBoth({text}), '')" for text in properties)
            return f"coalesce({texts}, toString(p.person_id))"
        if name.startswith("properties."):
            return self.property("person", name.removeprefix("properties.").strip("`"))
        raise QueryError(f"persons cannot be ordered by {expression!r}", attr="orderBy")


def _refuse_distinct_ids(filters: Any) -> None:
    """Persons have many distinct ids, which are no column of theirs. Raises :class:`QueryError`."""
    if isinstance(filters, list):
        for item in cast(list[Any], filters):
            _refuse_distinct_ids(item)
    elif isinstance(filters, dict):
        described = cast(dict[str, Any], filters)
        if described.get("key") == "distinct_id":
            raise QueryError("persons are found by a distinct id with `search`", attr="properties")
        _refuse_distinct_ids(described.get("values"))


def matching_keys(
    ctx: QueryContext, among: Sequence[int], search: str | None, filters: Sequence[Any], order: list[tuple[str, bool]]
) -> list[int]:
    """Those of ``among`` (keys) that match, ordered by persons' columns or properties (name, descending)."""
    binder = Binder()
    scope = PersonScope(ctx, binder)
    wanted = binder(list(among), "Array(UInt64)")
    condition = scope.condition(search, filters)
    by = "".join(f"{scope.order(name)} {'DESC' if down else 'ASC'} NULLS LAST, " for name, down in order)
    text = f"SELECT p.pk FROM persons AS p FINAL WHERE {condition} AND p.pk IN {wanted} ORDER BY {by}p.pk"
    return [row[0] for row in ctx.execute(binder.sql(text)).rows]


def page_of_persons(
    ctx: QueryContext,
    search: str | None,
    filters: Sequence[Any],
    order: list[tuple[str, bool]],
    limit: int,
    offset: int,
) -> list[tuple[int, str, str, datetime, int]]:
    """Rows (key, id, properties, created_at, is_identified) of all persons, newest first unless ordered."""
    binder = Binder()
    scope = PersonScope(ctx, binder)
    condition = scope.condition(search, filters)
    by = "".join(f"{scope.order(name)} {'DESC' if down else 'ASC'} NULLS LAST, " for name, down in order)
    by = by or "p.created_at DESC, "
    text = (
        f"SELECT p.pk, toString(p.person_id), p.properties, p.created_at, p.is_identified FROM persons AS p FINAL"
        f" WHERE {condition} ORDER BY {by}p.pk LIMIT {binder(limit, 'UInt64')} OFFSET {binder(offset, 'UInt64')}"
    )
    return [tuple(row) for row in ctx.execute(binder.sql(text)).rows]  # pyright: ignore[reportReturnType]
