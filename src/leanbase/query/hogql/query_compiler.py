"""Trees of queries into ClickHouse's SQL. Every table is replaced by the project's own rows of it.

No name that somebody wrote reaches the engine as the name of a table: tables and CTEs get names of our own, so a CTE
called ``events`` is just that.
"""

from dataclasses import dataclass, replace

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.hogql import ast
from leanbase.query.hogql.expression_compiler import ExpressionCompiler
from leanbase.query.hogql.literals import Placeholders
from leanbase.query.hogql.names import Column, Cte, Frame, Relation, Subselect, quoted
from leanbase.query.hogql.parser import parse_query
from leanbase.query.hogql.tables import TABLES, EventsTable

DEFAULT_ROWS = 100
MOST_ROWS = 50_000
MOST_COPIES = 500  # queries that a text grows to when every use of a CTE is counted
_JOIN_WORDS = frozenset(("INNER", "LEFT", "RIGHT", "FULL", "OUTER", "ANY", "ALL", "ASOF", "SEMI", "ANTI"))


@dataclass(frozen=True)
class CompiledQuery:
    """SQL that is ready but for its binds; ``columns`` are named as written. ``limit`` and ``offset`` are those that
    hold; ``open_ended`` says that the text had no limit, so that one row more is asked for, to see whether there is."""

    sql: str
    columns: tuple[str, ...]
    limit: int
    offset: int
    open_ended: bool


class QueryCompiler(ExpressionCompiler):
    """Compiles one text."""

    def __init__(self, ctx: QueryContext, binder: Binder, text: str, placeholders: Placeholders | None = None) -> None:
        super().__init__(ctx, binder, text, placeholders)
        self._number = 0
        self._weight = 0
        self.tables: set[str] = set()

    def fresh(self, prefix: str) -> str:
        self._number += 1
        return f"lb_{prefix}{self._number}"

    def subquery(self, query: ast.Query, frame: Frame) -> str:
        return self.query(query, frame.inside())[0]

    def query(self, query: ast.Query, frame: Frame, *, top: bool = False) -> tuple[str, dict[str, Column]]:
        """SQL of a query and its columns."""
        if isinstance(query, ast.Select):
            return self.select(query, frame, top=top)
        frame = replace(frame)
        clauses = self.ctes(query.ctes, frame) if query.ctes else ""
        inner: list[str] = []
        columns: dict[str, Column] = {}
        for number, part in enumerate(query.queries):
            if query.ctes and isinstance(part, ast.Select) and part.ctes:
                part = replace(part, ctes=())
            sql, found = self.query(part, frame.inside(), top=top)
            inner.append(f"({sql})")
            columns = columns if number else found
        text = inner[0]
        for operator, part_sql in zip(query.operators, inner[1:], strict=True):
            text = f"{text} {operator} {part_sql}"
        return f"{clauses}{text}", columns

    def ctes(self, ctes: tuple[ast.Cte, ...], frame: Frame) -> str:
        """The WITH clause; the frame knows its names afterwards."""
        parts: list[str] = []
        for cte in ctes:
            if cte.query is None:
                if cte.expression is not None:
                    frame.scalars[cte.name] = cte.expression
                continue
            around, self._weight = self._weight, 0
            name = self.fresh("cte")
            if cte.recursive and isinstance(cte.query, ast.Union):
                # The first part says which columns there are; the others may read what was found so far.
                _, columns = self.query(cte.query.queries[0], frame.inside())
                frame.ctes[cte.name] = Cte(name, columns)
            sql, columns = self.query(cte.query, frame.inside())
            frame.ctes[cte.name] = Cte(name, columns, 1 + self._weight)
            self._weight = around
            parts.append(f"{name} AS ({sql})")
        recursive = "RECURSIVE " if ctes and ctes[0].recursive else ""
        return f"WITH {recursive}{', '.join(parts)} " if parts else ""

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

    def select(self, select: ast.Select, outer: Frame, *, top: bool) -> tuple[str, dict[str, Column]]:
        frame = Frame(ctes=dict(outer.ctes), scalars=dict(outer.scalars))
        clauses = self.ctes(select.ctes, frame)
        frame.windows.update(select.windows)
        tables = [self.relation(source, frame, alone=len(select.sources) == 1) for source in select.sources]
        array_join = self.array_join(select, frame)
        items, columns = self.items(select, frame, top=top)
        conditions = [own for table in tables if (own := _own_condition(table)) is not None]
        if select.where is not None:
            conditions.append(self.sql(select.where, frame))
        tail = self.tail(select, frame)
        joins = [self.join(source, table, frame) for source, table in zip(select.sources, tables, strict=True)]
        # Rendered last: only now is it known which columns of the tables are used.
        text = f"{clauses}SELECT {'DISTINCT ' if select.distinct else ''}{', '.join(items)}"
        if tables:
            text += " FROM " + "".join(
                join.replace("\0", table.from_sql()) for join, table in zip(joins, tables, strict=True)
            )
        elif top:
            text += " FROM numbers(1)"  # without FROM the engine holds an answer to no limit of its size
        text += array_join
        if conditions:
            text += " WHERE " + " AND ".join(conditions)
        return text + tail, columns

    # -- FROM

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
        make = TABLES.get(name)
        if make is None:
            known = ", ".join(["events", *TABLES, "numbers(n)"])
            raise self.fail(f"there is no table {named.name!r}; there are {known}", named)
        self.tables.add(name)
        return make(self.ctx, self.binder, alias)

    def numbers(self, named: ast.TableName, alias: str) -> Relation:
        arguments = named.arguments or ()
        if not 1 <= len(arguments) <= 2:
            raise self.fail("numbers takes how many numbers, or the first and how many", named)
        counts = [self.whole_number(argument, "numbers takes whole numbers") for argument in arguments]
        columns = {"number": Column("number", nullable=False)}
        return Subselect(alias, columns, self.binder, f"numbers({', '.join(str(count) for count in counts)})")

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
            parts.append(f"{self.sql(item.expression, frame)} AS {quoted(self.own_name(item))}")
            frame.aliases[item.name] = ""
        return f" {'LEFT ' if select.array_join_left else ''}ARRAY JOIN {', '.join(parts)}"

    # -- SELECT

    def items(self, select: ast.Select, frame: Frame, *, top: bool) -> tuple[list[str], dict[str, Column]]:
        """The columns in SQL, and by name what they are."""
        texts: list[str] = []
        columns: dict[str, Column] = {}
        for item in select.items:
            expression = item.expression
            if isinstance(expression, ast.Star):
                for name, column in self.star(expression, frame):
                    name = _unused(name, columns)
                    texts.append(f"{column.sql} AS {quoted(name)}")
                    columns[name] = replace(column, sql="")
                continue
            found = self.field(expression, frame) if isinstance(expression, ast.Field) else None
            sql = found.sql if found else self.sql(expression, frame)
            name = _unused(item.name, columns)
            columns[name] = replace(found, sql="") if found else Column("", nullable=self.nullable(expression, frame))
            if item.has_alias:
                sql += f" AS {quoted(self.own_name(item))}"
                frame.aliases[item.name] = columns[name].kind
            elif not top:
                sql += f" AS {quoted(name)}"
            texts.append(sql)
        return texts, columns

    def own_name(self, item: ast.SelectItem) -> str:
        if item.name.startswith("lb_"):
            raise self.fail("names that begin with lb_ are taken; choose another", item)
        return item.name

    def star(self, node: ast.Star, frame: Frame) -> list[tuple[str, Column]]:
        if node.table is not None and node.table not in frame.relations:
            raise self.fail(f"there is no table {node.table!r} in this FROM", node)
        relations = frame.relations.items() if node.table is None else [(node.table, frame.relations[node.table])]
        if not relations:
            raise self.fail("* needs a FROM", node)
        found: list[tuple[str, Column]] = []
        for _, relation in relations:
            for name in relation.names():
                column = relation.column((name,))
                if column is not None and name not in node.excluded:
                    found.append((name, column))
        return found

    def tail(self, select: ast.Select, frame: Frame) -> str:
        text = ""
        if select.group_all:
            text += " GROUP BY ALL"
        elif select.group_by:
            text += f" GROUP BY {self.list(select.group_by, frame)}"
            text += f" {select.group_modifier}" if select.group_modifier else ""
        if select.having is not None:
            text += f" HAVING {self.sql(select.having, frame)}"
        if select.qualify is not None:
            text += f" QUALIFY {self.sql(select.qualify, frame)}"
        if select.order_by:
            text += f" ORDER BY {self.order(select.order_by, frame)}"
        if select.limit_by is not None:
            count = self.whole_number(select.limit_by[0], "LIMIT takes a whole number")
            text += f" LIMIT {count} BY {self.list(select.limit_by[1], frame)}"
        if select.limit is not None:
            text += f" LIMIT {self.whole_number(select.limit, 'LIMIT takes a whole number')}"
            text += " WITH TIES" if select.with_ties else ""
        if select.offset is not None:
            text += f" OFFSET {self.whole_number(select.offset, 'OFFSET takes a whole number')}"
        return text

    def whole_number(self, node: ast.Expression, message: str) -> int:
        value: object = node.value if isinstance(node, ast.Constant) else None
        if isinstance(node, ast.Placeholder):
            given = self.placeholders
            source = given.variables if node.parts[0] == "variables" else given.values
            value = source.get(node.parts[-1])
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 63:
            raise self.fail(message, node)
        return value

    # -- the whole

    def compile(self, query: ast.Query, most_rows: int = MOST_ROWS, default_rows: int = DEFAULT_ROWS) -> CompiledQuery:
        """The SQL of the query of the text, bounded: 100 rows without a LIMIT, 50,000 at most."""
        limit_node = query.limit if isinstance(query, ast.Select) else None
        open_ended = limit_node is None
        offset = 0
        if limit_node is not None:
            limit = min(self.whole_number(limit_node, "LIMIT takes a whole number"), most_rows)
        else:
            limit = min(default_rows, most_rows)
        asked = limit + 1 if open_ended else limit
        if isinstance(query, ast.Select):
            if query.offset is not None:
                offset = self.whole_number(query.offset, "OFFSET takes a whole number")
            bounded = replace(query, limit=ast.Constant(query.end, query.end, asked))
            sql, columns = self.query(bounded, Frame(), top=True)
        else:
            sql, columns = self.query(query, Frame(), top=True)
            sql = f"SELECT * FROM ({sql}) LIMIT {asked}"
        return CompiledQuery(sql, tuple(columns), limit, offset, open_ended)


def compile_query(
    text: str,
    ctx: QueryContext,
    binder: Binder,
    placeholders: Placeholders | None = None,
    most_rows: int = MOST_ROWS,
    default_rows: int = DEFAULT_ROWS,
) -> CompiledQuery:
    """SQL of a text. Raises :class:`QueryError` with a position."""
    try:
        tree = parse_query(text)
        return QueryCompiler(ctx, binder, text, placeholders).compile(tree, most_rows, default_rows)
    except RecursionError:
        raise QueryError("the query is nested too deeply") from None


def _own_condition(table: Relation) -> str | None:
    return table.own_condition() if isinstance(table, EventsTable) else None


def _unused(name: str, taken: dict[str, Column]) -> str:
    """A name that no other column has: the same column twice keeps both."""
    candidate, number = name, 1
    while candidate in taken:
        candidate, number = f"{name}_{number}", number + 1
    return candidate
