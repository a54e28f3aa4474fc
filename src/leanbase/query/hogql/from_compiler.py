"""What stands in FROM: tables, subqueries, CTEs and how they are joined."""

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.hogql import ast
from leanbase.query.hogql.expression_compiler import ExpressionCompiler
from leanbase.query.hogql.literals import Placeholders
from leanbase.query.hogql.names import Column, Cte, Frame, Relation, Subselect, quoted
from leanbase.query.hogql.tables import SYNONYMS, TABLES, EventsTable

MOST_COPIES = 500  # queries that a text grows to when every use of a CTE is counted
_JOIN_WORDS = frozenset(("INNER", "LEFT", "RIGHT", "FULL", "OUTER", "ANY", "ALL", "ASOF", "SEMI", "ANTI"))


class FromCompiler(ExpressionCompiler):
    """The relations of one text."""

    def __init__(self, ctx: QueryContext, binder: Binder, text: str, placeholders: Placeholders | None = None) -> None:
        super().__init__(ctx, binder, text, placeholders)
        self._number = 0
        self._weight = 0
        self.tables: set[str] = set()

    def fresh(self, prefix: str) -> str:
        self._number += 1
        return f"lb_{prefix}{self._number}"

    def query(self, query: ast.Query, frame: Frame, *, top: bool = False) -> tuple[str, dict[str, Column]]:
        """SQL of a query and its columns."""
        raise NotImplementedError

    def used(self, cte: Cte, node: ast.Node) -> str:
        """The name of a CTE where it is read. Refuses CTEs that multiply each other: the engine copies them in."""
        self._weight += cte.weight
        if self._weight > MOST_COPIES:
            raise self.fail("the queries of WITH use each other too often", node)
        return cte.name

    def members(self, node: ast.Expression, frame: Frame) -> str:
        """The right side of IN, which may be a CTE."""
        if isinstance(node, ast.Field) and len(node.parts) == 1 and str(node.parts[0]) in frame.ctes:
            return f"(SELECT * FROM {self.used(frame.ctes[str(node.parts[0])], node)})"
        return super().members(node, frame)

    def relation(self, source: ast.Source, frame: Frame, *, alone: bool) -> Relation:
        """The relation of one entry of FROM, known to the frame under its name."""
        alias = self.fresh("t")
        table: Relation
        if not isinstance(source.table, ast.TableName):
            sql, columns = self.query(source.table, frame.inside())
            table = Subselect(alias, columns, self.binder, f"({sql})")
            name = source.alias or alias
        else:
            table = self.table(source.table, alias, frame, source, alone=alone)
            name = source.alias or source.table.name
        if name in frame.relations:
            raise self.fail(f"two tables are called {name!r}; give one an alias with AS", source)
        frame.relations[name] = table
        return table

    def table(self, named: ast.TableName, alias: str, frame: Frame, source: ast.Source, *, alone: bool) -> Relation:
        cte = frame.ctes.get(named.name)
        if cte is not None and named.arguments is None:
            return Subselect(alias, cte.columns, self.binder, self.used(cte, named))
        if named.name.lower() == "numbers":
            return self.numbers(named, alias)
        if named.arguments is not None:
            raise self.fail(f"there is no table function {named.name!r}; only numbers(n) can be used", named)
        name = named.name.removeprefix("posthog.") if named.name.startswith("posthog.") else named.name
        if source.sample is not None and name != "events":
            raise self.fail("SAMPLE works on events only", source)
        if name == "events":
            self.tables.add("events")
            return EventsTable(self.ctx, self.binder, alias, inline=alone, sample=source.sample)
        name = SYNONYMS.get(name, name)
        make = TABLES.get(name)
        if make is None:
            known = ", ".join(["events", *TABLES, "numbers(n)"])
            raise self.fail(f"there is no table {named.name!r}; there are {known}", named)
        self.tables.add(name)
        return make(self.ctx, self.binder, alias)

    def numbers(self, named: ast.TableName, alias: str) -> Relation:
        """``numbers(count)``, ``numbers(first, count)``: whole numbers, or expressions of constants."""
        arguments = named.arguments or ()
        if not 1 <= len(arguments) <= 2:
            raise self.fail("numbers takes how many numbers, or the first and how many", named)
        columns = {"number": Column("number", nullable=False)}
        counts = ", ".join(self.count(argument) for argument in arguments)
        return Subselect(alias, columns, self.binder, f"numbers({counts})")

    def count(self, node: ast.Expression) -> str:
        """A whole number: written, or an expression of constants, which sees neither columns nor queries."""
        node = self.filled(node)
        if isinstance(node, ast.Constant):
            return str(self.whole_number(node, "numbers takes whole numbers"))
        alone = ExpressionCompiler(self.ctx, self.binder, self.text, self.placeholders)
        return f"toUInt64(assumeNotNull({alone.sql(node, Frame())}))"

    def join(self, source: ast.Source, table: Relation, frame: Frame) -> str:
        """The words around one entry of FROM; a NUL stands for the table itself."""
        if not source.join:
            return "\0"
        words = source.join.replace("GLOBAL ", "")
        if words == "CROSS":
            return " CROSS JOIN \0"
        if not set(words.split()) <= _JOIN_WORDS:
            raise self.fail(f"{words} JOIN is not known", source)
        if source.using:
            return (
                f" {words} JOIN \0 ON {' AND '.join(self.using(source, table, frame, name) for name in source.using)}"
            )
        if source.condition is None:
            raise self.fail("a JOIN needs ON or USING", source)
        return f" {words} JOIN \0 ON {self.join_condition(source.condition, frame)}"

    def join_condition(self, node: ast.Expression, frame: Frame) -> str:
        """A condition of a JOIN: comparisons stay bare, which the engine needs to join by them."""
        if isinstance(node, ast.Binary) and node.operator == "AND":
            return f"{self.join_condition(node.left, frame)} AND {self.join_condition(node.right, frame)}"
        if isinstance(node, ast.Binary) and node.operator in ("=", "<", ">", "<=", ">="):
            return f"{self.sql(node.left, frame)} {node.operator} {self.sql(node.right, frame)}"
        return self.sql(node, frame)

    def using(self, source: ast.Source, table: Relation, frame: Frame, name: str) -> str:
        right = table.column((name,))
        for relation in frame.relations.values():
            left = relation.column((name,)) if relation is not table else None
            if left is not None and right is not None:
                return f"{left.sql} = {right.sql}"
        raise self.fail(f"both tables need a column {name!r}", source)

    def array_join(self, select: ast.Select, frame: Frame) -> str:
        if not select.array_join:
            return ""
        parts: list[str] = []
        for item in select.array_join:
            expression = self.alias_of_items(item.expression, select, frame)
            parts.append(f"{self.sql(expression, frame)} AS {quoted(self.own_name(item.name, item))}")
            frame.aliases[item.name] = ""
        return f" {'LEFT ' if select.array_join_left else ''}ARRAY JOIN {', '.join(parts)}"

    def alias_of_items(self, node: ast.Expression, select: ast.Select, frame: Frame) -> ast.Expression:
        """What is behind a name that only a column of the SELECT has: ``SELECT [1, 2] AS xs … ARRAY JOIN xs AS x``."""
        if not isinstance(node, ast.Field) or len(node.parts) != 1:
            return node
        if any(relation.column(node.parts) is not None for relation in frame.relations.values()):
            return node
        named = (item.expression for item in select.items if item.has_alias and item.name == node.parts[0])
        return next(named, node)

    def whole_number(self, node: ast.Expression, message: str) -> int:
        value: object = node.value if isinstance(node, ast.Constant) else None
        if isinstance(node, ast.Placeholder):
            given = self.placeholders
            source = given.variables if node.parts[0] == "variables" else given.values
            value = source.get(node.parts[-1])
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 63:
            raise self.fail(message, node)
        return value
