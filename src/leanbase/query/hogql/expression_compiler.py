"""Trees of expressions into ClickHouse's SQL. Texts become binds; names come from relations, functions from a list."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.hogql import ast
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.event_columns import ScopedEvents
from leanbase.query.hogql.functions import aggregate_name, known_names, scalar_name
from leanbase.query.hogql.literals import Placeholders, is_value
from leanbase.query.hogql.names import PROPERTY_KINDS, Column, Frame, json_path, quoted
from leanbase.query.hogql.special_functions import SPECIAL
from leanbase.query.person_mode import overridden_person_id

_NULL_SAFE = frozenset(
    ["ifnull", "coalesce", "isnull", "isnotnull", "assumenotnull", "count", "countif", "uniq", "uniqexact", "uniqif", "uniqexactif", "empty", "notempty"]
)
_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\([A-Za-z0-9 ,()'/_]*\))?")
_TYPES = frozenset(
    ["string", "int8", "int16", "int32", "int64", "int128", "int256", "uint8", "uint16", "uint32", "uint64", "uint128", "uint256", "float", "float32", "float64", "double", "bool", "boolean", "date", "date32", "datetime", "datetime64", "uuid", "nullable", "array", "tuple", "map", "lowcardinality", "decimal", "decimal32", "decimal64", "decimal128", "int", "integer", "bigint", "smallint", "text", "varchar", "timestamp", "fixedstring", "ipv4", "ipv6", "json"]
)
_TYPE_NAMES = {"boolean": "Bool", "text": "String", "varchar": "String", "double": "Float64", "integer": "Int64"}
_COMPARISONS = frozenset(("=", "!=", "<", ">", "<=", ">="))
_MATCHES = frozenset(("LIKE", "ILIKE", "IN", "NOT LIKE", "NOT ILIKE", "NOT IN"))


class ExpressionCompiler:
    """Compiles the expressions of one text."""

    def __init__(self, ctx: QueryContext, binder: Binder, text: str, placeholders: Placeholders | None = None) -> None:
        self.ctx = ctx
        self.binder = binder
        self.text = text
        self.placeholders = placeholders or Placeholders()

    def fail(self, message: str, node: ast.Node) -> SqlError:
        return SqlError(message, self.text, node.start, node.end)

    def sql(self, node: ast.Expression, frame: Frame) -> str:
        """SQL of an expression, closed in itself. Raises :class:`SqlError`."""
        match node:
            case ast.Constant():
                return self.constant(node.value, node)
            case ast.Field():
                return self.field(node, frame).sql
            case ast.Call():
                return self.call(node, frame)
            case ast.Binary():
                return self.binary(node, frame)
            case ast.Unary():
                return f"({'NOT ' if node.operator == 'NOT' else '-'}{self.sql(node.operand, frame)})"
            case ast.IsNull():
                return f"{'isNotNull' if node.negated else 'isNull'}({self.sql(node.operand, frame)})"
            case ast.Between():
                return self.between(node, frame)
            case ast.InCohort():
                return self.in_cohort(node, frame)
            case ast.Case():
                return self.case(node, frame)
            case ast.Cast():
                return self.cast(node, frame)
            case ast.Array():
                return f"[{self.list(node.items, frame)}]"
            case ast.Tuple():
                return f"tuple({self.list(node.items, frame)})"
            case ast.Lambda():
                return self.lambda_(node, frame)
            case ast.Index():
                return self.index(node, frame)
            case ast.Interval():
                return f"toInterval{node.unit.capitalize()}({self.sql(node.amount, frame)})"
            case ast.Placeholder():
                return self.placeholder(node, frame)
            case ast.Subquery():
                return f"({self.subquery(node.query, frame)})"
            case ast.Star():
                raise self.fail("* can only stand for columns of a SELECT, or in count(*)", node)

    def list(self, nodes: Sequence[ast.Expression], frame: Frame) -> str:
        return ", ".join(self.sql(node, frame) for node in nodes)

    def subquery(self, query: ast.Query, frame: Frame) -> str:
        """SQL of a query inside an expression; a lone expression has none."""
        raise self.fail("a subquery cannot be used here", query)

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
            return self.binder(value, "Float64")
        return self.binder(str(value), "String")

    def field(self, node: ast.Field, frame: Frame) -> Column:
        """What a chain of names stands for."""
        name, rest = str(node.parts[0]), node.parts[1:]
        if name in frame.locals or name in frame.aliases:
            kind = frame.aliases.get(name, "") if name not in frame.locals else ""
            if not rest:
                return Column(quoted(name), kind)
            if kind in PROPERTY_KINDS:
                return Column(json_path(quoted(name), rest, self.binder))
            return Column(self.elements(quoted(name), rest))
        if name in frame.relations and rest:
            found = frame.relations[name].column(rest)
            if found is not None:
                return found
        found_in = {alias: relation.column(node.parts) for alias, relation in frame.relations.items()}
        columns = {alias: column for alias, column in found_in.items() if column is not None}
        if len(columns) > 1:
            where = " and ".join(sorted(columns))
            raise self.fail(f"{name!r} is in {where}; write which one, such as {sorted(columns)[0]}.{name}", node)
        if columns:
            return next(iter(columns.values()))
        if name in frame.scalars and not rest:
            expression = frame.scalars[name]
            return Column(f"({self.sql(expression, replace(frame, scalars=_without(frame.scalars, name)))})")
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
        return isinstance(node, ast.Field) and self.field(node, frame).kind == "time"

    def nullable(self, node: ast.Expression, frame: Frame) -> bool:
        """Whether an expression may be NULL, as far as one can tell from outside."""
        match node:
            case ast.Constant():
                return node.value is None
            case ast.Field():
                try:
                    return self.field(node, frame).nullable
                except SqlError:  # no column: the unit of dateAdd(day, …), or an error that is told elsewhere
                    return True
            case ast.Call():
                if node.name.lower() in _NULL_SAFE:
                    return False
                return any(
                    self.nullable(item, frame)
                    for item in node.arguments
                    if not isinstance(item, (ast.Lambda, ast.Star))
                )
            case ast.Binary():
                return self.arithmetic_nullable(node, frame)
            case ast.Interval() | ast.Array() | ast.Tuple() | ast.Between() | ast.IsNull() | ast.InCohort():
                return False
            case ast.Unary():
                return self.nullable(node.operand, frame)
            case _:
                return True

    def arithmetic_nullable(self, node: ast.Binary, frame: Frame) -> bool:
        walk: ast.Expression = node
        while isinstance(walk, ast.Binary) and walk.operator in ("+", "-", "*", "/", "%"):
            if self.nullable(walk.right, frame):
                return True
            walk = walk.left
        return not isinstance(walk, ast.Binary) and self.nullable(walk, frame)

    # -- operators

    def binary(self, node: ast.Binary, frame: Frame) -> str:
        if node.operator in ("AND", "OR", "+", "*"):
            return self.chain(node, frame)
        if node.operator in _COMPARISONS:
            return self.comparison(node, frame)
        if node.operator in _MATCHES:
            return self.matching(node, frame)
        left, right = self.sql(node.left, frame), self.sql(node.right, frame)
        return f"({left} {node.operator} {right})"

    def chain(self, node: ast.Binary, frame: Frame) -> str:
        """a AND b AND c …, of any length, without recursion."""
        parts: list[str] = []
        walk: ast.Expression = node
        while isinstance(walk, ast.Binary) and walk.operator == node.operator:
            parts.append(self.sql(walk.right, frame))
            walk = walk.left
        parts.append(self.sql(walk, frame))
        return "(" + f" {node.operator} ".join(reversed(parts)) + ")"

    def comparison(self, node: ast.Binary, frame: Frame) -> str:
        left, right, operator = node.left, node.right, node.operator
        for value, other in ((left, right), (right, left)):
            if isinstance(value, ast.Constant) and value.value is None and operator in ("=", "!="):
                return f"{'isNull' if operator == '=' else 'isNotNull'}({self.sql(other, frame)})"
        sides = [self.sql(left, frame), self.sql(right, frame)]
        for position, (side, other) in enumerate(((left, right), (right, left))):
            if isinstance(side, ast.Constant) and isinstance(side.value, str) and self.is_time(other, frame):
                sides[position] = self.moment(side.value)
        compared = f"({sides[0]} {operator} {sides[1]})"
        if not self.nullable(left, frame) and not self.nullable(right, frame):
            return compared
        # A comparison with NULL is false; != is true when just one side is NULL (HogQL's rule).
        if operator == "!=":
            return f"ifNull({compared}, isNotNull({sides[0]}) OR isNotNull({sides[1]}))"
        return f"ifNull({compared}, 0)"

    def moment(self, text: str) -> str:
        """A text that is compared with a time, read in the project's zone."""
        zone = self.binder(self.ctx.project.timezone, "String")
        return f"parseDateTime64BestEffort({self.binder(text, 'String')}, 6, {zone})"

    def matching(self, node: ast.Binary, frame: Frame) -> str:
        left = self.sql(node.left, frame)
        if node.operator.endswith("IN"):
            right = self.members(node.right, frame)
        else:
            right = self.sql(node.right, frame)
        matched = f"({left} {node.operator} {right})"
        if not self.nullable(node.left, frame):
            return matched
        return f"ifNull({matched}, {int(node.operator.startswith('NOT'))})"

    def members(self, node: ast.Expression, frame: Frame) -> str:
        """The right side of IN."""
        match node:
            case ast.Tuple() | ast.Array():
                return f"({self.list(node.items, frame)})" if node.items else "(NULL)"
            case ast.Subquery():
                return self.sql(node, frame)
            case ast.Placeholder():
                return self.sql(node, frame)
            case ast.Field() if len(node.parts) == 1 and str(node.parts[0]) in frame.ctes:
                return f"(SELECT * FROM {frame.ctes[str(node.parts[0])].name})"
            case _:
                return f"({self.sql(node, frame)})"

    def between(self, node: ast.Between, frame: Frame) -> str:
        low = ast.Binary(node.start, node.end, ">=", node.operand, node.low)
        high = ast.Binary(node.start, node.end, "<=", node.operand, node.high)
        inside = self.sql(ast.Binary(node.start, node.end, "AND", low, high), frame)
        return f"(NOT {inside})" if node.negated else inside

    def in_cohort(self, node: ast.InCohort, frame: Frame) -> str:
        found = self.ctx.cohorts.find(node.cohort)
        if found is None:
            raise self.fail(f"there is no cohort {node.cohort!r} in this project", node)
        members = (
            f"SELECT {overridden_person_id('lb_m')} FROM cohort_people AS lb_m"
            f" WHERE lb_m.project_id = {self.binder(self.ctx.project.id, 'UInt32')}"
            f" AND lb_m.cohort_id = {self.binder(found[0], 'UInt64')} AND NOT lb_m.is_deleted"
        )
        return f"({self.sql(node.operand, frame)} {'NOT IN' if node.negated else 'IN'} ({members}))"

    def case(self, node: ast.Case, frame: Frame) -> str:
        parts: list[str] = []
        for condition, value in node.branches:
            if node.operand is not None:
                condition = ast.Binary(condition.start, condition.end, "=", node.operand, condition)
            parts += [self.sql(condition, frame), self.sql(value, frame)]
        parts.append("NULL" if node.otherwise is None else self.sql(node.otherwise, frame))
        return f"multiIf({', '.join(parts)})" if node.branches else parts[-1]

    def cast(self, node: ast.Cast, frame: Frame) -> str:
        words = re.findall(r"[A-Za-z][A-Za-z0-9]*", re.sub(r"'[^']*'", "", node.type))
        if not _TYPE.fullmatch(node.type) or not words or any(word.lower() not in _TYPES for word in words):
            raise self.fail(f"there is no type {node.type!r}", node)
        kind = _TYPE_NAMES.get(node.type.lower(), node.type)
        operand = self.sql(node.operand, frame)
        container = words[0].lower() in ("nullable", "array", "map", "tuple", "lowcardinality")
        if node.or_null or (not container and self.nullable(node.operand, frame)):
            return f"accurateCastOrNull({operand}, {self.binder(kind, 'String')})"
        return f"CAST({operand}, {self.binder(kind, 'String')})"

    def lambda_(self, node: ast.Lambda, frame: Frame) -> str:
        names = ", ".join(quoted(name) for name in node.parameters)
        inner = replace(frame, locals=frame.locals | set(node.parameters))
        return f"({names}) -> {self.sql(node.body, inner)}"

    def index(self, node: ast.Index, frame: Frame) -> str:
        operand, index = self.sql(node.operand, frame), self.sql(node.index, frame)
        return f"{'tupleElement' if node.element else 'arrayElement'}({operand}, {index})"

    # -- calls

    def call(self, node: ast.Call, frame: Frame) -> str:
        special = SPECIAL.get(node.name.lower())
        if special is not None and node.parameters is None and node.window is None:
            answer = special(self, node, frame)
            if answer is not None:
                return answer
        name = aggregate_name(node.name) or scalar_name(node.name)
        if name is None:
            near = get_close_matches(node.name, known_names(), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise self.fail(f"there is no function {node.name!r}{hint}", node)
        arguments = [item for item in node.arguments if not isinstance(item, ast.Star)]
        parameters = "" if node.parameters is None else f"({self.list(node.parameters, frame)})"
        distinct = "DISTINCT " if node.distinct else ""
        text = f"{name}{parameters}({distinct}{self.list(arguments, frame)})"
        return text if node.window is None else f"{text} OVER ({self.window(node.window, frame)})"

    def window(self, node: ast.Window, frame: Frame) -> str:
        parts: list[str] = []
        if node.partition:
            parts.append(f"PARTITION BY {self.list(node.partition, frame)}")
        if node.order:
            parts.append(f"ORDER BY {self.order(node.order, frame)}")
        return " ".join([*parts, node.frame]).strip()

    def order(self, items: Sequence[ast.OrderItem], frame: Frame) -> str:
        return ", ".join(
            self.sql(item.expression, frame)
            + (" DESC" if item.descending else "")
            + (f" NULLS {item.nulls}" if item.nulls else "")
            for item in items
        )

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

    # -- placeholders

    def placeholder(self, node: ast.Placeholder, frame: Frame) -> str:
        name = node.parts[0]
        if name == "filters":
            return self.filters(node, frame)
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
        return self.constant(value, node)

    def filters(self, node: ast.Placeholder, frame: Frame) -> str:
        given = self.placeholders
        if node.parts[1:2] == ("dateRange",) and len(node.parts) == 3:
            moment = given.date_from if node.parts[2] == "from" else given.date_to
            return "NULL" if moment is None else self.bound_time(moment)
        if len(node.parts) > 1:
            raise self.fail("{filters} has dateRange.from and dateRange.to", node)
        if given.filters is None:
            return "true"
        events = self.events(node, frame, "{filters}")
        try:
            condition = events.scope.query_filters(given.filters)
        except SqlError:
            raise
        except QueryError as problem:
            raise self.fail(problem.detail, node) from None
        if given.date_from is not None or given.date_to is not None:
            condition = f"({condition} AND {events.scope.between(given.date_from, given.date_to)})"
        return events.condition(condition)


def _without(scalars: dict[str, ast.Expression], name: str) -> dict[str, ast.Expression]:
    return {known: expression for known, expression in scalars.items() if known != name}
