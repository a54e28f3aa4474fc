"""Trees of queries into ClickHouse's SQL. Every table is replaced by the project's own rows of it.

No name that somebody wrote reaches the engine as the name of a table: tables and CTEs get names of our own, so a CTE
called ``events`` is just that.
"""

from dataclasses import dataclass, replace

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.errors import QueryError
from leanbase.query.hogql import ast
from leanbase.query.hogql.from_compiler import FromCompiler
from leanbase.query.hogql.literals import Placeholders
from leanbase.query.hogql.names import Column, Cte, Frame, Relation, quoted
from leanbase.query.hogql.parser import parse_query
from leanbase.query.hogql.tables import EventsTable

DEFAULT_ROWS = 100
MOST_ROWS = 50_000
MOST_COLUMNS = 1_000
MOST_QUERIES = 500  # of one UNION
MOST_TABLES = 50  # of one FROM: planning a join of many takes longer than any query


@dataclass(frozen=True)
class CompiledQuery:
    """SQL that is ready but for its binds; ``columns`` are named as written. ``limit`` and ``offset`` are those that
    hold; ``open_ended`` says that the text had no limit, so that one row more is asked for, to see whether there is."""

    sql: str
    columns: tuple[str, ...]
    limit: int
    offset: int
    open_ended: bool


class QueryCompiler(FromCompiler):
    """Compiles one text."""

    def subquery(self, query: ast.Query, frame: Frame) -> str:
        return self.query(query, frame.inside())[0]

    def query(self, query: ast.Query, frame: Frame, *, top: bool = False) -> tuple[str, dict[str, Column]]:
        """SQL of a query and its columns."""
        if isinstance(query, ast.Select):
            return self.select(query, frame, top=top)
        frame = replace(frame)
        clauses = self.ctes(query.ctes, frame) if query.ctes else ""
        if len(query.queries) > MOST_QUERIES:
            raise self.fail(f"a UNION has at most {MOST_QUERIES} queries", query.queries[MOST_QUERIES])
        inner: list[str] = []
        columns: dict[str, Column] = {}
        for number, part in enumerate(query.queries):
            sql, found = self.query(part, frame.inside(), top=top)
            inner.append(f"({sql})")
            columns = columns if number else found
        text = inner[0]
        for operator, part_sql in zip(query.operators, inner[1:], strict=True):
            text = f"{text} {operator} {part_sql}"
        return (f"{clauses}SELECT * FROM ({text})" if clauses else text), columns

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

    def select(self, select: ast.Select, outer: Frame, *, top: bool) -> tuple[str, dict[str, Column]]:
        frame = Frame(ctes=dict(outer.ctes), scalars=dict(outer.scalars))
        clauses = self.ctes(select.ctes, frame)
        frame.windows.update(select.windows)
        if len(select.sources) > MOST_TABLES:
            raise self.fail(f"a FROM has at most {MOST_TABLES} tables", select.sources[MOST_TABLES])
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

    # -- SELECT

    def items(self, select: ast.Select, frame: Frame, *, top: bool) -> tuple[list[str], dict[str, Column]]:
        """The columns in SQL, and by name what they are."""
        texts: list[str] = []
        columns: dict[str, Column] = {}
        for item in select.items:
            if len(texts) >= MOST_COLUMNS:
                raise self.fail(f"a SELECT has at most {MOST_COLUMNS} columns", item)
            expression = item.expression
            if isinstance(expression, ast.Star):
                replaced = dict(expression.replaced)
                for name, column in self.star(expression, frame):
                    if name in replaced:
                        column = Column(self.sql(replaced[name], frame), nullable=self.nullable(replaced[name], frame))
                    name = _unused(name, columns)
                    texts.append(f"{column.sql} AS {quoted(name)}")
                    columns[name] = replace(column, sql="")
                continue
            found = self.field(expression, frame) if isinstance(expression, ast.Field) else None
            sql = found.sql if found else self.sql(expression, frame)
            name = _unused(item.name, columns)
            columns[name] = replace(found, sql="") if found else Column("", nullable=self.nullable(expression, frame))
            if item.has_alias:
                sql += f" AS {quoted(self.own_name(item.name, item))}"
                frame.aliases[item.name] = columns[name].kind
            elif not top:
                sql += f" AS {quoted(name)}"
            texts.append(sql)
        return texts, columns

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
            count = self.whole_number(select.limit_by.count, "LIMIT takes a whole number")
            text += f" LIMIT {count}"
            if select.limit_by.offset is not None:
                text += f" OFFSET {self.whole_number(select.limit_by.offset, 'OFFSET takes a whole number')}"
            text += f" BY {self.list(select.limit_by.columns, frame)}"
        if select.limit is not None:
            text += f" LIMIT {self.whole_number(select.limit, 'LIMIT takes a whole number')}"
            text += " WITH TIES" if select.with_ties else ""
        if select.offset is not None:
            text += f" OFFSET {self.whole_number(select.offset, 'OFFSET takes a whole number')}"
        return text

    # -- the whole

    def compile(self, query: ast.Query, most_rows: int = MOST_ROWS, default_rows: int = DEFAULT_ROWS) -> CompiledQuery:
        """The SQL of the query of the text, bounded: 100 rows without a LIMIT, 50,000 at most.

        The queries of a UNION are counted each.
        """
        if isinstance(query, ast.Union):
            limits = [self.limit_of(part) for part in query.queries] if query.is_sum() else [None]
            limit = min(sum(default_rows if known is None else known for known in limits), most_rows)
            open_ended = None in limits
            sql, columns = self.query(query, Frame(), top=True)
            sql = f"SELECT * FROM ({sql}) LIMIT {limit + 1 if open_ended else limit}"
            return CompiledQuery(sql, tuple(columns), limit, 0, open_ended)
        offset = 0 if query.offset is None else self.whole_number(query.offset, "OFFSET takes a whole number")
        known = self.limit_of(query)
        limit = min(default_rows if known is None else known, most_rows)
        bounded = replace(query, limit=ast.Constant(query.end, query.end, limit + 1 if known is None else limit))
        sql, columns = self.query(bounded, Frame(), top=True)
        return CompiledQuery(sql, tuple(columns), limit, offset, known is None)

    def limit_of(self, query: ast.Query) -> int | None:
        """How many rows a query asks for at most; None when it does not say."""
        if isinstance(query, ast.Union) or query.limit is None:
            return None
        return self.whole_number(query.limit, "LIMIT takes a whole number")


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
