"""SQL text into a tree: the clauses of a query. Expressions are in ``expression_parser``."""

from dataclasses import replace

from leanbase.query.hogql import ast
from leanbase.query.hogql.expression_parser import ExpressionParser

_AFTER_TABLE = (
    "where", "prewhere", "group", "having", "order", "limit", "offset", "union", "intersect", "except", "join", "left",
    "right", "inner", "full", "cross", "any", "all", "asof", "semi", "anti", "array", "on", "using", "global", "sample",
    "final", "settings", "format", "into", "window", "qualify", "as",
)  # fmt: skip
_JOIN_WORDS = ("left", "right", "inner", "full", "cross", "any", "all", "asof", "semi", "anti", "outer", "global")
_ITEM_ENDS = ("from", *_AFTER_TABLE[:-1])
_CLAUSES = ("from", "prewhere", "where", "group", "having", "order", "limit", "union")  # may follow a trailing comma


def parse_query(text: str) -> ast.Query:
    """The tree of one SELECT (or a union of them). Raises ``SqlError`` with a position."""
    parser = QueryParser(text)
    query = parser.query()
    parser.skip_symbol(";")
    parser.expect_end()
    return query


def parse_expression(text: str) -> ast.Expression:
    """The tree of one expression, which may carry names nobody reads. Raises ``SqlError`` with a position."""
    parser = QueryParser(text)
    expression = parser.expression()
    while parser.skip_word("as"):
        parser.name()
    parser.expect_end()
    return expression


def parse_item(text: str) -> ast.SelectItem:
    """The tree of one column of a SELECT, with or without AS."""
    parser = QueryParser(text)
    item = parser.select_item()
    parser.expect_end()
    return item


def parse_order(text: str) -> ast.OrderItem:
    """The tree of one entry of ORDER BY."""
    parser = QueryParser(text)
    item = parser.order_item()
    parser.expect_end()
    return item


class QueryParser(ExpressionParser):
    """Recursive descent over the clauses."""

    def query(self) -> ast.Query:
        with self.deeper():
            start = self.token.start
            ctes = self.ctes() if self.skip_word("with") else ()
            queries: list[ast.Query] = [self.query_term()]
            operators: list[str] = []
            while self.token.is_word("union", "intersect", "except"):
                word = self.advance().text.upper()
                kind = "DISTINCT" if self.skip_word("distinct") else "ALL" if self.skip_word("all") else ""
                if word == "UNION" and not kind:
                    kind = "DISTINCT"
                operators.append(f"{word} {kind}".strip())
                queries.append(self.query_term())
            found = queries[0]
            if not operators and isinstance(found, ast.Select) and not found.ctes:
                found = replace(found, ctes=ctes)
            elif operators or ctes:
                found = ast.Union(start, self.previous_end, tuple(queries), tuple(operators), ctes)
            return self.ordered(found)

    def ordered(self, query: ast.Query) -> ast.Query:
        """A query in brackets with an order or a limit behind them, which hold for all of it."""
        if not self.tokens[self.position - 1].is_symbol(")") or not self.token.is_word("order", "limit", "offset"):
            return query
        start, end = query.start, query.end
        order_by = self.order_by()
        limit_by, limit, ties, offset = self.limits()
        everything = ast.SelectItem(start, end, ast.Star(start, end, None), "*", False)
        return ast.Select(
            start, self.previous_end, (everything,), sources=(ast.Source(start, end, query, None),),
            order_by=order_by, limit_by=limit_by, limit=limit, with_ties=ties, offset=offset,
        )  # fmt: skip

    def query_term(self) -> ast.Query:
        """A query in brackets, or a SELECT; one that is not the first of a union may have a WITH of its own."""
        if self.token.is_symbol("("):
            self.advance()
            query = self.query()
            self.expect_symbol(")")
            return query
        return self.select(self.ctes() if self.skip_word("with") else ())

    def ctes(self) -> tuple[ast.Cte, ...]:
        recursive = self.skip_word("recursive")
        found = [self.cte()]
        while self.skip_symbol(","):
            found.append(self.cte())
        return tuple(replace(cte, recursive=recursive) for cte in found)

    def cte(self) -> ast.Cte:
        start = self.token.start
        following = self.peek(1)
        if self.token.kind in ("name", "quoted") and following.is_word("as") and self.peek(2).is_symbol("("):
            name = self.name()
            self.advance()
            self.advance()
            if self.starts_query():
                query = self.query()
                self.expect_symbol(")")
                return ast.Cte(start, self.previous_end, name, query, None)
            expression = self.expression()
            self.expect_symbol(")")
            return ast.Cte(start, self.previous_end, name, None, expression)
        expression = self.expression()
        self.expect_word("as")
        name = self.name()
        return ast.Cte(start, self.previous_end, name, None, expression)

    def select(self, ctes: tuple[ast.Cte, ...]) -> ast.Select:
        start = self.token.start
        if not self.token.is_word("select"):
            self.fail("expected SELECT; only questions can be asked here")
        self.advance()
        distinct = self.skip_word("distinct")
        distinct_on: tuple[ast.Expression, ...] = ()
        if distinct and self.token.is_word("on") and self.peek(1).is_symbol("("):
            self.advance()
            self.advance()
            distinct, distinct_on = False, self.expressions(")")
        items = [self.select_item()]
        while self.skip_symbol(","):
            if self.token.is_word(*_CLAUSES):
                break
            items.append(self.select_item())
        sources = self.sources() if self.skip_word("from") else ()
        array_join, left = self.array_join()
        if array_join:
            sources = (*sources, *self.joins())
        where = self.where()
        group_by, group_all, modifier = self.group_by()
        having = self.expression() if self.skip_word("having") else None
        windows = self.windows()
        qualify = self.expression() if self.skip_word("qualify") else None
        order_by = self.order_by()
        limit_by, limit, ties, offset = self.limits()
        self.refuse_rest()
        if distinct_on and limit_by is None:  # the first row of each
            limit_by = ast.LimitBy(start, start, ast.Constant(start, start, 1), distinct_on)
        return ast.Select(
            start, self.previous_end, tuple(items), ctes, distinct, sources, array_join, left, where, group_by,
            group_all, modifier, having, windows, qualify, order_by, limit_by, limit, ties, offset,
        )  # fmt: skip

    def windows(self) -> tuple[tuple[str, ast.Window], ...]:
        """``WINDOW name AS (…), …``"""
        if not self.skip_word("window"):
            return ()
        found: list[tuple[str, ast.Window]] = []
        while True:
            name = self.name("the name of a window")
            self.expect_word("as")
            found.append((name, self.window()))
            if not self.skip_symbol(","):
                return tuple(found)

    def select_item(self) -> ast.SelectItem:
        start = self.token.start
        expression = self.expression()
        written = self.text[start : self.previous_end]
        if self.skip_word("as"):
            return ast.SelectItem(start, self.previous_end, expression, self.name(), True)
        if self.token.kind == "quoted" or (self.token.kind == "name" and not self.token.is_word(*_ITEM_ENDS)):
            return ast.SelectItem(start, self.previous_end, expression, self.name(), True)
        if isinstance(expression, ast.Field) and isinstance(expression.parts[-1], str):
            written = expression.parts[-1]
        if isinstance(expression, ast.Alias):
            return ast.SelectItem(start, self.previous_end, expression.expression, expression.name, True)
        return ast.SelectItem(start, self.previous_end, expression, written, False)

    def sources(self) -> tuple[ast.Source, ...]:
        return (self.source("", None), *self.joins())

    def joins(self) -> tuple[ast.Source, ...]:
        found: list[ast.Source] = []
        while True:
            if self.skip_symbol(","):
                found.append(self.source("CROSS", None))
                continue
            if not self.token.is_word("join", *_JOIN_WORDS) or self.at_array_join():
                return tuple(found)
            words: list[str] = []
            while self.token.is_word(*_JOIN_WORDS):
                words.append(self.advance().text.upper())
            self.expect_word("join")
            found.append(self.source(" ".join(words) or "INNER", words))

    def at_array_join(self) -> bool:
        return self.token.is_word("left", "inner") and self.peek(1).is_word("array")

    def source(self, join: str, words: list[str] | None) -> ast.Source:
        start = self.token.start
        table: ast.TableName | ast.Query
        if self.token.is_symbol("("):
            self.advance()
            table = self.query()
            self.expect_symbol(")")
        else:
            table = self.table_name()
        alias = None
        if (
            self.skip_word("as")
            or self.token.kind == "quoted"
            or (self.token.kind == "name" and not self.token.is_word(*_AFTER_TABLE))
        ):
            alias = self.name()
        self.skip_word("final")  # every table here answers with its latest rows anyway
        sample = self.sample()
        condition, using = None, ()
        if words is not None:
            if self.skip_word("on"):
                condition = self.expression()
            elif self.skip_word("using"):
                using = self.using()
            elif "CROSS" not in words:
                self.fail("a JOIN needs ON or USING")
        return ast.Source(start, self.previous_end, table, alias, join, condition, using, sample)

    def table_name(self) -> ast.TableName:
        start = self.token.start
        name = self.name("the name of a table")
        while self.skip_symbol("."):
            name += "." + self.name("the name of a table")
        arguments = None
        if self.skip_symbol("("):
            arguments = self.expressions(")")
        return ast.TableName(start, self.previous_end, name, arguments)

    def sample(self) -> float | None:
        if not self.skip_word("sample"):
            return None
        share = self.number("a share between 0 and 1 after SAMPLE")
        if self.skip_symbol("/"):
            share /= self.number("a number") or 1
        if not 0 < share <= 1:
            self.fail("SAMPLE takes a share between 0 and 1")
        return share

    def number(self, what: str) -> float:
        if self.token.kind != "number":
            self.fail(f"expected {what}")
        return float(self.advance().text)

    def using(self) -> tuple[str, ...]:
        bracketed = self.skip_symbol("(")
        names = [self.name()]
        while self.skip_symbol(","):
            names.append(self.name())
        if bracketed:
            self.expect_symbol(")")
        return tuple(names)

    def array_join(self) -> tuple[tuple[ast.SelectItem, ...], bool]:
        left = self.token.is_word("left")
        if not self.at_array_join() and not self.token.is_word("array"):
            return (), False
        if not self.token.is_word("array"):
            self.advance()
        self.advance()
        self.expect_word("join")
        items = [self.select_item()]
        while self.skip_symbol(","):
            items.append(self.select_item())
        return tuple(items), left

    def where(self) -> ast.Expression | None:
        conditions: list[ast.Expression] = []
        while self.token.is_word("prewhere", "where"):
            self.advance()
            conditions.append(self.expression())
        if len(conditions) == 2:
            return ast.Binary(conditions[0].start, conditions[1].end, "AND", conditions[0], conditions[1])
        return conditions[0] if conditions else None

    def group_by(self) -> tuple[tuple[ast.Expression, ...], bool, str]:
        if not self.skip_word("group"):
            return (), False, ""
        self.expect_word("by")
        if self.token.is_word("all"):
            self.advance()
            return (), True, ""
        if self.token.is_word("rollup", "cube") and self.peek(1).is_symbol("("):
            word = self.advance().text.upper()
            self.advance()
            return self.expressions(")"), False, f"WITH {word}"
        found = self.comma_separated()
        modifier = ""
        if self.token.is_word("with") and self.peek(1).is_word("rollup", "cube", "totals"):
            self.advance()
            modifier = f"WITH {self.advance().text.upper()}"
        return tuple(found), False, modifier

    def limits(self) -> tuple[ast.LimitBy | None, ast.Expression | None, bool, ast.Expression | None]:
        """LIMIT … BY, LIMIT, whether WITH TIES, OFFSET."""
        limit_by: ast.LimitBy | None = None
        limit, offset, ties = None, None, False
        while self.token.is_word("limit", "offset"):
            if self.skip_word("offset"):
                offset = self.expression()
                if limit is not None and self.skip_word("by"):
                    limit_by = ast.LimitBy(limit.start, offset.end, limit, tuple(self.comma_separated()), offset)
                    limit, offset = None, None
                continue
            self.advance()
            first = self.expression()
            if self.skip_word("by"):
                limit_by = ast.LimitBy(first.start, first.end, first, tuple(self.comma_separated()))
                continue
            limit = first
            if self.skip_symbol(","):
                offset, limit = first, self.expression()
            if self.token.is_word("with") and self.peek(1).is_word("ties"):
                self.advance()
                self.advance()
                ties = True
        return limit_by, limit, ties, offset

    def refuse_rest(self) -> None:
        if self.token.is_word("settings", "format", "into"):
            self.fail(f"{self.token.text.upper()} is not available here")
