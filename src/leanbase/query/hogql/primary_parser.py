"""The smallest parts of expressions: values, names, brackets, CASE, intervals, placeholders."""

from leanbase.query.hogql import ast
from leanbase.query.hogql.call_parser import CallParser
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.placeholder_expressions import with_placeholders
from leanbase.query.hogql.tokens import Token

# Words that cannot begin an expression: a name of that kind needs backticks.
RESERVED = (
    "select", "from", "where", "prewhere", "group", "having", "order", "limit", "union", "with", "as", "join", "on",
    "using", "by", "and", "or", "then", "else", "end", "when", "settings", "format", "into",
)  # fmt: skip
_NOT_FINITE = ("inf", "infinity", "nan")


class PrimaryParser(CallParser):
    """Everything that stands alone between operators."""

    def primary(self) -> ast.Expression:
        token = self.token
        match token.kind:
            case "number":
                self.advance()
                value = int(token.text, 0) if token.text[:2].lower() == "0x" else _number(token.text)
                return ast.Constant(token.start, token.end, value, token.text)
            case "string":
                self.advance()
                return ast.Constant(token.start, token.end, token.text)
            case "symbol":
                return self.symbol()
            case "quoted":
                self.advance()
                return ast.Field(token.start, token.end, (token.text,))
            case "name":
                return self.word()
            case _:
                raise self.error("expected an expression")

    def symbol(self) -> ast.Expression:
        token = self.token
        if token.text == "*":
            self.advance()
            return self.star(token, None)
        if token.text == "(":
            return self.bracketed()
        if token.text == "[":
            self.advance()
            return ast.Array(token.start, self.previous_end, self.expressions("]"))
        if token.text == "{":
            return self.placeholder()
        raise self.error("expected an expression")

    def star(self, token: Token, table: str | None) -> ast.Star:
        """What may follow the asterisk: ``EXCEPT (a, b)``, also written EXCLUDE, and ``REPLACE (x AS a)``."""
        excluded, replaced = list[str](), list[tuple[str, ast.Expression]]()
        while self.token.is_word("except", "exclude", "replace") and self.peek(1).is_symbol("("):
            replaces = self.advance().is_word("replace")
            self.advance()
            while True:
                if replaces:
                    expression = self.expression()
                    self.expect_word("as")
                    replaced.append((self.name(), expression))
                else:
                    excluded.append(self.name())
                if not self.skip_symbol(","):
                    break
            self.expect_symbol(")")
        return ast.Star(token.start, self.previous_end, table, tuple(excluded), tuple(replaced))

    def placeholder(self) -> ast.Expression:
        start = self.advance().start
        ahead = 0
        while self.peek(ahead).kind in ("name", "quoted") and self.peek(ahead + 1).is_symbol("."):
            ahead += 2
        if not self.peek(ahead + 1).is_symbol("}"):
            expression = self.expression()
            self.expect_symbol("}")
            return with_placeholders(expression)
        parts = [self.name("the name of a placeholder")]
        while self.skip_symbol("."):
            parts.append(self.name())
        self.expect_symbol("}")
        return ast.Placeholder(start, self.previous_end, tuple(parts))

    def bracketed(self) -> ast.Expression:
        start = self.advance().start
        if self.starts_query():
            query = self.query()
            self.expect_symbol(")")
            return ast.Subquery(start, self.previous_end, query)
        items = self.expressions(")")
        if self.skip_symbol("->"):
            return self.lambda_(start, items)
        if len(items) == 1 and not self.tokens[self.position - 2].is_symbol(","):
            return items[0]
        return ast.Tuple(start, self.previous_end, items)

    def lambda_(self, start: int, items: tuple[ast.Expression, ...]) -> ast.Expression:
        names: list[str] = []
        for item in items:
            if not isinstance(item, ast.Field) or len(item.parts) != 1:
                raise SqlError("a lambda takes names before ->", self.text, item.start, item.end)
            names.append(str(item.parts[0]))
        body = self.expression()
        return ast.Lambda(start, body.end, tuple(names), body)

    def word(self) -> ast.Expression:
        token = self.token
        word = token.text.lower()
        if self.peek(1).is_symbol("->"):
            self.advance()
            self.advance()
            return self.lambda_(token.start, (ast.Field(token.start, token.end, (token.text,)),))
        if word in ("null", "true", "false") and not self.peek(1).is_symbol("(", "."):
            self.advance()
            return ast.Constant(token.start, token.end, {"null": None, "true": True, "false": False}[word])
        if word in _NOT_FINITE and not self.peek(1).is_symbol("(", "."):
            self.advance()
            return ast.Constant(token.start, token.end, float(word), word)
        if word == "case":
            return self.case()
        if word == "interval" and not self.peek(1).is_symbol(".", ",", ")"):
            return self.interval()
        if word in ("date", "timestamp") and self.peek(1).kind == "string":
            self.advance()
            text = self.advance()
            function = "toDate" if word == "date" else "toDateTime"
            return ast.Call(token.start, text.end, function, (ast.Constant(text.start, text.end, text.text),))
        if self.peek(1).is_symbol("("):
            return self.call()
        if word in RESERVED:
            self.fail("expected an expression")
        self.advance()
        return ast.Field(token.start, token.end, (token.text,))

    def case(self) -> ast.Expression:
        start = self.advance().start
        operand = None if self.token.is_word("when") else self.expression()
        branches: list[tuple[ast.Expression, ast.Expression]] = []
        while self.skip_word("when"):
            condition = self.expression()
            self.expect_word("then")
            branches.append((condition, self.expression()))
        otherwise = self.expression() if self.skip_word("else") else None
        self.expect_word("end")
        return ast.Case(start, self.previous_end, operand, tuple(branches), otherwise)

    def interval(self) -> ast.Expression:
        start = self.advance().start
        if self.token.kind == "string" and " " in self.token.text:  # INTERVAL '7 days'
            token = self.advance()
            number, _, unit = token.text.strip().partition(" ")
            if not number.lstrip("-").isdigit():
                raise SqlError("expected an interval such as '7 days'", self.text, token.start, token.end)
            amount: ast.Expression = ast.Constant(token.start, token.end, int(number), number)
            return ast.Interval(start, token.end, amount, self.unit(unit.strip(), token))
        amount = self.sum()
        token = self.advance()
        return ast.Interval(start, token.end, amount, self.unit(token.text, token))


def _number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)
