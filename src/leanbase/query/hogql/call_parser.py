"""Calls of functions with all they may carry: parameters, DISTINCT, windows; types, lists and orders."""

from leanbase.query.hogql import ast
from leanbase.query.hogql.cursor import Cursor
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.tokens import Token

UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year", "millisecond", "microsecond")

_SKIP_NULL = ("any", "anylast", "first_value", "last_value")  # they do it anyway: IGNORE NULLS changes nothing


class CallParser(Cursor):
    """A name and its brackets."""

    def unit(self, text: str, token: Token) -> str:
        unit = text.lower().removesuffix("s")
        if unit not in UNITS:
            raise SqlError(f"expected a unit: {', '.join(UNITS[:8])}", self.text, token.start, token.end)
        return unit.upper()

    def cast_type(self) -> str:
        """The type of a cast: ``AS Int64``, or the second argument ``'Int64'``."""
        if not self.skip_symbol(","):
            self.expect_word("as")
            return self.type_name()
        if self.token.kind != "string" or not self.token.text.isalnum():
            self.fail("expected the name of a type")
        return self.advance().text

    def call(self) -> ast.Expression:
        token = self.advance()
        self.advance()
        word = token.text.lower()
        if word in ("cast", "trycast", "try_cast"):
            operand = self.expression()
            type_name = self.cast_type()
            self.expect_symbol(")")
            return ast.Cast(token.start, self.previous_end, operand, type_name, or_null=word != "cast")
        if word == "extract" and self.peek(1).is_word("from"):
            part = ast.Constant(self.token.start, self.token.end, self.name().lower())
            self.advance()
            operand = self.expression()
            self.expect_symbol(")")
            return ast.Call(token.start, self.previous_end, "date_part", (part, operand))
        if word == "trim" and self.token.is_word("leading", "trailing", "both"):
            return self.trimmed(token)
        distinct = self.skip_word("distinct")
        arguments = self.subquery_or_expressions()
        parameters = None
        if self.token.is_symbol("("):
            self.advance()
            parameters = arguments
            distinct = self.skip_word("distinct") or distinct
            arguments = self.expressions(")")
        if word in _SKIP_NULL and self.token.is_word("ignore") and self.peek(1).is_word("nulls"):
            self.advance()
            self.advance()
        name, arguments = self.filtered(token.text, arguments)
        window = self.over() if self.skip_word("over") else None
        return ast.Call(token.start, self.previous_end, name, arguments, parameters, distinct, window)

    def trimmed(self, token: Token) -> ast.Expression:
        """``trim(LEADING 'x' FROM y)``"""
        function = {"leading": "trimLeft", "trailing": "trimRight", "both": "trimBoth"}[self.advance().text.lower()]
        characters = self.expression()
        self.expect_word("from")
        text = self.expression()
        self.expect_symbol(")")
        return ast.Call(token.start, self.previous_end, function, (text, characters))

    def filtered(self, name: str, arguments: tuple[ast.Expression, ...]) -> tuple[str, tuple[ast.Expression, ...]]:
        """``count(*) FILTER (WHERE x)`` is ``countIf(x)``."""
        if not self.token.is_word("filter") or not self.peek(1).is_symbol("("):
            return name, arguments
        self.advance()
        self.advance()
        self.expect_word("where")
        condition = self.expression()
        self.expect_symbol(")")
        return f"{name}If", (*(item for item in arguments if not isinstance(item, ast.Star)), condition)

    def over(self) -> ast.Window:
        """What follows OVER: a window in brackets, or the name of one."""
        if self.token.is_symbol("("):
            return self.window()
        token = self.token
        return ast.Window(token.start, token.end, (), (), "", self.name("a window: a name, or brackets"))

    def subquery_or_expressions(self) -> tuple[ast.Expression, ...]:
        if not self.starts_query():
            return self.expressions(")")
        start = self.token.start
        query = self.query()
        self.expect_symbol(")")
        return (ast.Subquery(start, self.previous_end, query),)

    def window(self) -> ast.Window:
        start = self.token.start
        self.expect_symbol("(")
        partition: list[ast.Expression] = []
        base = ""
        if self.token.kind in ("name", "quoted") and not self.token.is_word("partition", "order", "rows", "range"):
            base = self.name()
        if self.skip_word("partition"):
            self.expect_word("by")
            partition = self.comma_separated()
        order = self.order_by()
        frame = ""
        if self.token.is_word("rows", "range"):
            words = [self.advance().text.upper()]
            while not self.token.is_symbol(")"):
                token = self.advance()
                is_number = token.kind == "number" and token.text.isdigit()
                if not is_number and not token.is_word(
                    "between", "and", "unbounded", "preceding", "following", "current", "row"
                ):
                    raise SqlError("this is no window frame", self.text, token.start, token.end)
                words.append(token.text.upper())
            frame = " ".join(words)
        self.expect_symbol(")")
        return ast.Window(start, self.previous_end, tuple(partition), order, frame, base)

    def order_by(self) -> tuple[ast.OrderItem, ...]:
        if not self.skip_word("order"):
            return ()
        self.expect_word("by")
        found = [self.order_item()]
        while self.skip_symbol(","):
            found.append(self.order_item())
        return tuple(found)

    def order_item(self) -> ast.OrderItem:
        expression = self.expression()
        descending = self.token.is_word("desc", "descending")
        if self.token.is_word("asc", "desc", "ascending", "descending"):
            self.advance()
        nulls = ""
        if self.skip_word("nulls"):
            if not self.token.is_word("first", "last"):
                self.fail("expected FIRST or LAST")
            nulls = self.advance().text.upper()
        return ast.OrderItem(expression.start, self.previous_end, expression, descending, nulls)

    def type_name(self) -> str:
        """A type of ClickHouse: names, numbers, texts and brackets."""
        text = self.name("the name of a type")
        if self.skip_symbol("("):
            inner: list[str] = []
            while not self.token.is_symbol(")"):
                if self.token.kind == "name":
                    inner.append(self.type_name())
                elif self.token.kind == "number":
                    inner.append(self.advance().text)
                elif self.token.kind == "string" and self.token.text.replace("/", "").replace("_", "").isalnum():
                    inner.append(f"'{self.advance().text}'")
                else:
                    self.fail("expected a type")
                if not self.skip_symbol(","):
                    break
            self.expect_symbol(")")
            text += f"({', '.join(inner)})"
        return text

    def expressions(self, closing: str) -> tuple[ast.Expression, ...]:
        found: list[ast.Expression] = []
        while not self.token.is_symbol(closing):
            found.append(self.bare_lambda() or self.aliased())
            if not self.skip_symbol(","):
                break
        self.expect_symbol(closing)
        return tuple(found)

    def aliased(self) -> ast.Expression:
        """An expression inside brackets, which may carry a name: ``(sum(x) AS total)``."""
        expression = self.expression()
        if not self.skip_word("as"):
            return expression
        name = self.name()
        return ast.Alias(expression.start, self.previous_end, expression, name)

    def bare_lambda(self) -> ast.Expression | None:
        """``x, y -> x * y`` as an argument: a lambda of several names without brackets around them."""
        ahead = 0
        while self.peek(ahead).kind == "name" and self.peek(ahead + 1).is_symbol(","):
            ahead += 2
        if not ahead or self.peek(ahead).kind != "name" or not self.peek(ahead + 1).is_symbol("->"):
            return None
        start = self.token.start
        names = [self.name()]
        while self.skip_symbol(","):
            names.append(self.name())
        self.expect_symbol("->")
        body = self.expression()
        return ast.Lambda(start, body.end, tuple(names), body)

    def comma_separated(self) -> list[ast.Expression]:
        found = [self.expression()]
        while self.skip_symbol(","):
            found.append(self.expression())
        return found
