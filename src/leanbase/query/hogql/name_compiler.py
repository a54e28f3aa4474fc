"""Names and values of a query into SQL: columns, constants, placeholders, the clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.hogql import ast
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.event_columns import ScopedEvents
from leanbase.query.hogql.literals import Placeholders, is_value
from leanbase.query.hogql.names import PROPERTY_KINDS, Column, Filtered, Frame, json_path, quoted


class NameCompiler:
    """What the words of one text stand for. Texts become binds."""

    def __init__(self, ctx: QueryContext, binder: Binder, text: str, placeholders: Placeholders | None = None) -> None:
        self.ctx = ctx
        self.binder = binder
        self.text = text
        self.placeholders = placeholders or Placeholders()
        self.steps = 0

    def fail(self, message: str, node: ast.Node) -> SqlError:
        return SqlError(message, self.text, node.start, node.end)

    def sql(self, node: ast.Expression, frame: Frame) -> str:
        """SQL of an expression, closed in itself. Raises :class:`SqlError`."""
        raise NotImplementedError

    # -- values and names

    def constant(self, value: object, node: ast.Node) -> str:
        if isinstance(value, list):
            return "[" + ", ".join(self.constant(item, node) for item in value) + "]"
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            if not -(1 << 63) <= value < 1 << 64:
                raise self.fail("this number is too large", node)
            return str(value) if value >= 0 else f"({value})"
        if isinstance(value, float):
            return self.binder(value, "Float64") if isfinite(value) else str(value)
        return self.binder(str(value), "String")

    def field(self, node: ast.Field, frame: Frame) -> Column:
        """What a chain of names stands for."""
        name, rest = str(node.parts[0]), node.parts[1:]
        if rest and name in frame.relations and name not in frame.locals:
            found = frame.relations[name].column(rest)
            if found is not None:
                return found
        if name in frame.locals or name in frame.aliases:
            kind = frame.aliases.get(name, "") if name not in frame.locals else ""
            if not rest:
                return Column(quoted(name), kind)
            if kind in PROPERTY_KINDS:
                return Column(json_path(quoted(name), rest, self.binder))
            return Column(self.elements(quoted(name), rest))
        found_in = {alias: relation.column(node.parts) for alias, relation in frame.relations.items()}
        columns = {alias: column for alias, column in found_in.items() if column is not None}
        if len(columns) > 1:
            where = " and ".join(sorted(columns))
            raise self.fail(f"{name!r} is in {where}; write which one, such as {sorted(columns)[0]}.{name}", node)
        if columns:
            return next(iter(columns.values()))
        if name in frame.scalars:
            expression = frame.scalars[name]
            value = f"({self.sql(expression, replace(frame, scalars=_without(frame.scalars, name)))})"
            return Column(self.elements(value, rest))
        raise self.unknown(node, frame)

    def elements(self, sql: str, rest: Sequence[str | int]) -> str:
        for part in rest:
            sql = f"tupleElement({sql}, {self.binder(part, 'String' if isinstance(part, str) else 'UInt64')})"
        return sql

    def unknown(self, node: ast.Field, frame: Frame) -> SqlError:
        written = ".".join(str(part) for part in node.parts)
        known = [name for relation in frame.relations.values() for name in relation.names()]
        near = get_close_matches(str(node.parts[-1]), [*known, *frame.aliases], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return self.fail(f"there is no column {written!r}{hint}", node)

    def is_time(self, node: ast.Expression, frame: Frame) -> bool:
        """Whether an expression is a column of times."""
        return isinstance(node, ast.Field) and self.field(node, frame).kind == "time"

    def now(self) -> datetime:
        """The moment of the question, in the project's zone."""
        return self.ctx.now.astimezone(ZoneInfo(self.ctx.project.timezone))

    def local(self, sql: str) -> str:
        """A time as one of the project's zone."""
        return f"toTimeZone({sql}, {self.binder(self.ctx.project.timezone, 'String')})"

    def bound_time(self, moment: datetime) -> str:
        text = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        return self.local(self.binder(text, "DateTime64(6, 'UTC')"))

    def events(self, node: ast.Node, frame: Frame, what: str) -> ScopedEvents:
        """The events of a frame, for what can only be asked of events."""
        found = [relation for relation in frame.relations.values() if isinstance(relation, ScopedEvents)]
        if len(found) != 1:
            raise self.fail(f"{what} needs FROM events", node)
        return found[0]

    def own_name(self, name: str, node: ast.Node) -> str:
        """A name that somebody gives to an expression."""
        if name.startswith("lb_"):
            raise self.fail("names that begin with lb_ are taken; choose another", node)
        return name

    # -- placeholders

    def placeholder(self, node: ast.Placeholder, frame: Frame) -> str:
        if node.parts[0] == "filters":
            return self.filters(node, frame)
        return self.constant(self.given(node), node)

    def filled(self, node: ast.Expression) -> ast.Expression:
        """The value of a placeholder as if it had been written; anything else as it is."""
        if not isinstance(node, ast.Placeholder) or node.parts[0] == "filters":
            return node
        value = self.given(node)
        return node if isinstance(value, list) else ast.Constant(node.start, node.end, value)

    def given(self, node: ast.Placeholder) -> Any:
        """The value that the query brings for a placeholder. Raises :class:`SqlError` where it brings none."""
        name = node.parts[0]
        if name == "variables" and len(node.parts) == 2:
            source, key = self.placeholders.variables, node.parts[1]
        else:
            source, key = self.placeholders.values, ".".join(node.parts)
        if key not in source:
            written = ".".join(node.parts)
            raise self.fail(f"the placeholder {{{written}}} has no value", node)
        value = source[key]
        if not is_value(value):
            raise self.fail(f"the value of {{{'.'.join(node.parts)}}} is neither a scalar nor a list of scalars", node)
        return value

    def filters(self, node: ast.Placeholder, frame: Frame) -> str:
        given = self.placeholders
        if node.parts[1:2] == ("dateRange",) and len(node.parts) == 3:
            moment = given.date_from if node.parts[2] == "from" else given.date_to
            return "NULL" if moment is None else self.bound_time(moment)
        if len(node.parts) > 1:
            raise self.fail("{filters} has dateRange.from and dateRange.to", node)
        if given.filters is None:
            return "true"
        filtered = [relation for relation in frame.relations.values() if isinstance(relation, Filtered)]
        if len(filtered) != 1:
            raise self.fail("{filters} needs FROM events or FROM sessions", node)
        try:
            return filtered[0].filtered(given.filters, given.date_from, given.date_to)
        except SqlError:
            raise
        except QueryError as problem:
            raise self.fail(problem.detail, node) from None


def _without(scalars: dict[str, ast.Expression], name: str) -> dict[str, ast.Expression]:
    return {known: expression for known, expression in scalars.items() if known != name}
