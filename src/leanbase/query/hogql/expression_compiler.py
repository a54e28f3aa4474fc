"""Trees of expressions into ClickHouse's SQL. Names come from relations, functions from a list."""

from dataclasses import replace

from leanbase.query.hogql import ast, times
from leanbase.query.hogql.call_compiler import CallCompiler
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.names import PROPERTY_KINDS, Frame, json_path, quoted
from leanbase.query.hogql.types import is_container, type_name
from leanbase.query.person_mode import overridden_person_id

# Calls that never answer NULL, whatever they are given.
_NULL_SAFE = (
    "ifnull", "coalesce", "isnull", "isnotnull", "assumenotnull", "count", "countif", "uniq", "uniqexact", "uniqif",
    "uniqexactif", "empty", "notempty", "concat",
)  # fmt: skip
MOST_STEPS = 200_000  # expressions, those that are written once and used often counted each time: a second of work
MOST_CHARACTERS = 1 << 20  # of one expression: a comparison writes what may be NULL more than once
_COMPARISONS = ("=", "!=", "<", ">", "<=", ">=")
_MATCHES = ("LIKE", "ILIKE", "NOT LIKE", "NOT ILIKE", "=~", "=~*", "!~", "!~*")
_NEGATED = ("NOT LIKE", "NOT ILIKE", "!~", "!~*", "!=")


class ExpressionCompiler(CallCompiler):
    """Compiles the expressions of one text."""

    def sql(self, node: ast.Expression, frame: Frame) -> str:
        """SQL of an expression, closed in itself. Raises :class:`SqlError`."""
        self.steps += 1
        written = self.written(node, frame) if self.steps <= MOST_STEPS else ""
        if self.steps > MOST_STEPS or len(written) > MOST_CHARACTERS:
            raise self.fail("the query is too large once its parts are put together", node)
        return written

    def written(self, node: ast.Expression, frame: Frame) -> str:
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
            case ast.Alias():
                sql = f"({self.sql(node.expression, frame)} AS {quoted(self.own_name(node.name, node))})"
                frame.aliases[node.name] = ""
                return sql
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
            case ast.Alias():
                return self.nullable(node.expression, frame)
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
        if node.operator in ("IN", "NOT IN"):
            return self.membership(node, frame)
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
        """A comparison that is never NULL: with one NULL it is false and != true; two NULLs are equal."""
        left, right, operator = self.filled(node.left), self.filled(node.right), node.operator
        with_null = self.with_null(left, right, operator, frame)
        if with_null is not None:
            return with_null
        sides = times.compared(self, left, right, frame) or [self.sql(left, frame), self.sql(right, frame)]
        compared = f"({sides[0]} {operator} {sides[1]})"
        return self.never_null(compared, operator, (left, sides[0]), (right, sides[1]), frame)

    def never_null(
        self,
        compared: str,
        operator: str,
        left: tuple[ast.Expression, str],
        right: tuple[ast.Expression, str],
        frame: Frame,
    ) -> str:
        """What a comparison says where a side (its tree and its SQL) is NULL."""
        nullable = [self.nullable(left[0], frame), self.nullable(right[0], frame)]
        if not any(nullable):
            return compared
        if not all(nullable) or operator in ("<", ">", "<=", ">="):
            return f"ifNull({compared}, {int(operator in _NEGATED)})"
        if operator in _NEGATED:
            return f"ifNull({compared}, isNotNull({left[1]}) OR isNotNull({right[1]}))"
        return f"ifNull({compared}, isNull({left[1]}) AND isNull({right[1]}))"

    def with_null(self, left: ast.Expression, right: ast.Expression, operator: str, frame: Frame) -> str | None:
        """A comparison with a NULL that is written: whether the other side is one."""
        if operator not in ("=", "!=", *_MATCHES):
            return None
        for value, other in ((left, right), (right, left)):
            if isinstance(value, ast.Constant) and value.value is None:
                if operator not in ("=", "!=") and isinstance(other, ast.Constant) and other.value is not None:
                    return str(int(operator in _NEGATED))
                return f"{'isNotNull' if operator in _NEGATED else 'isNull'}({self.sql(other, frame)})"
        return None

    def matching(self, node: ast.Binary, frame: Frame) -> str:
        """LIKE, ILIKE and the operators of regular expressions; never NULL."""
        left, right, operator = self.filled(node.left), self.filled(node.right), node.operator
        with_null = self.with_null(left, right, operator, frame)
        if with_null is not None:
            return with_null
        text, pattern = self.sql(left, frame), self.sql(right, frame)
        if "~" not in operator:
            matched = f"({text} {operator} {pattern})"
        else:
            pattern = f"concat('(?i)', {pattern})" if operator.endswith("*") else pattern
            matched = f"match({text}, {pattern})"
            matched = f"(NOT {matched})" if operator.startswith("!") else matched
        return self.never_null(matched, operator, (left, text), (right, pattern), frame)

    def membership(self, node: ast.Binary, frame: Frame) -> str:
        found = f"({self.sql(node.left, frame)} {node.operator} {self.members(node.right, frame)})"
        if not self.nullable(node.left, frame):
            return found
        return f"ifNull({found}, {int(node.operator == 'NOT IN')})"

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
        names = ", ".join(quoted(self.own_name(name, node)) for name in node.parameters)
        inner = replace(frame, locals=frame.locals | set(node.parameters))
        return f"({names}) -> {self.sql(node.body, inner)}"

    def index(self, node: ast.Index, frame: Frame) -> str:
        keys: list[str | int] = []
        walk: ast.Expression = node
        while isinstance(walk, ast.Index) and isinstance(walk.index, ast.Constant):
            if not isinstance(walk.index.value, (str, int)):
                break
            keys.insert(0, walk.index.value)
            walk = walk.operand
        if isinstance(walk, ast.Field) and keys:
            column = self.field(walk, frame)
            if column.kind in PROPERTY_KINDS:
                return json_path(column.sql, keys, self.binder)
        operand, index = self.sql(node.operand, frame), self.sql(node.index, frame)
        return f"{'tupleElement' if node.element else 'arrayElement'}({operand}, {index})"
