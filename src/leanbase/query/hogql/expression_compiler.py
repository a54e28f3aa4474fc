"""Trees of expressions into ClickHouse's SQL. Names come from relations, functions from a list."""

from dataclasses import replace

from leanbase.query.hogql import ast, times
from leanbase.query.hogql.call_compiler import CallCompiler
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.names import Frame, quoted
from leanbase.query.hogql.types import is_container, type_name
from leanbase.query.person_mode import overridden_person_id

# Calls that never answer NULL, whatever they are given.
_NULL_SAFE = (
    "ifnull", "coalesce", "isnull", "isnotnull", "assumenotnull", "count", "countif", "uniq", "uniqexact", "uniqif",
    "uniqexactif", "empty", "notempty",
)  # fmt: skip
MOST_STEPS = 200_000  # expressions, those that are written once and used often counted each time: a second of work
_COMPARISONS = ("=", "!=", "<", ">", "<=", ">=")
_MATCHES = ("LIKE", "ILIKE", "IN", "NOT LIKE", "NOT ILIKE", "NOT IN")


class ExpressionCompiler(CallCompiler):
    """Compiles the expressions of one text."""

    def sql(self, node: ast.Expression, frame: Frame) -> str:
        """SQL of an expression, closed in itself. Raises :class:`SqlError`."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise self.fail("the query is too large once its parts are put together", node)
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

    def subquery(self, query: ast.Query, frame: Frame) -> str:  # noqa: ARG002 - for those that can
        """SQL of a query inside an expression; a lone expression has none."""
        raise self.fail("a subquery cannot be used here", query)

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
        left, right, operator = self.filled(node.left), self.filled(node.right), node.operator
        for value, other in ((left, right), (right, left)):
            if isinstance(value, ast.Constant) and value.value is None and operator in ("=", "!="):
                return f"{'isNull' if operator == '=' else 'isNotNull'}({self.sql(other, frame)})"
        sides = times.compared(self, left, right, frame) or [self.sql(left, frame), self.sql(right, frame)]
        compared = f"({sides[0]} {operator} {sides[1]})"
        if not self.nullable(left, frame) and not self.nullable(right, frame):
            return compared
        # A comparison with NULL is false; != is true when just one side is NULL (HogQL's rule).
        if operator == "!=":
            return f"ifNull({compared}, isNotNull({sides[0]}) OR isNotNull({sides[1]}))"
        return f"ifNull({compared}, 0)"

    def matching(self, node: ast.Binary, frame: Frame) -> str:
        left = self.sql(node.left, frame)
        right = self.members(node.right, frame) if node.operator.endswith("IN") else self.sql(node.right, frame)
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
        kind = type_name(node.type)
        if kind is None:
            raise self.fail(f"there is no type {node.type!r}", node)
        operand = self.sql(node.operand, frame)
        if node.or_null or (not is_container(kind) and self.nullable(node.operand, frame)):
            return f"accurateCastOrNull({operand}, {self.binder(kind, 'String')})"
        return f"CAST({operand}, {self.binder(kind, 'String')})"

    def lambda_(self, node: ast.Lambda, frame: Frame) -> str:
        names = ", ".join(quoted(name) for name in node.parameters)
        inner = replace(frame, locals=frame.locals | set(node.parameters))
        return f"({names}) -> {self.sql(node.body, inner)}"

    def index(self, node: ast.Index, frame: Frame) -> str:
        operand, index = self.sql(node.operand, frame), self.sql(node.index, frame)
        return f"{'tupleElement' if node.element else 'arrayElement'}({operand}, {index})"
