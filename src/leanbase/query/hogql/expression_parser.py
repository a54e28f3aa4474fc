"""SQL expressions into trees, by precedence climbing."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import NoReturn

from leanbase.query.hogql import ast
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.tokens import Token, tokenize

DEEPEST = 40  # nested brackets and subqueries; each costs some 20 frames of Python, of which there are 1000
_COMPARISONS = {"=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_MATCHES = {"=~": "match", "=~*": "imatch", "!~": "nmatch", "!~*": "nimatch"}
_UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year", "millisecond", "microsecond")
# Words that cannot begin an expression: a name of that kind needs backticks.
RESERVED = frozenset(
    ["select", "from", "where", "prewhere", "group", "having", "order", "limit", "union", "with", "as", "join", "on", "using", "by", "and", "or", "then", "else", "end", "when", "settings", "format", "into"]
)


class ExpressionParser:
    """Tokens with a position, and everything below a clause."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.position = 0
        self.previous_end = 0
        self.depth = 0

    # -- moving

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def peek(self, ahead: int) -> Token:
        return self.tokens[min(self.position + ahead, len(self.tokens) - 1)]

    def advance(self) -> Token:
        token = self.token
        self.previous_end = token.end
        if token.kind != "end":
            self.position += 1
        return token

    def skip_word(self, word: str) -> bool:
        if self.token.is_word(word):
            self.advance()
            return True
        return False

    def skip_symbol(self, symbol: str) -> bool:
        if self.token.is_symbol(symbol):
            self.advance()
            return True
        return False

    def expect_word(self, word: str) -> None:
        if not self.skip_word(word):
            self.fail(f"expected {word.upper()}")

    def expect_symbol(self, symbol: str) -> None:
        if not self.skip_symbol(symbol):
            self.fail(f"expected {symbol!r}")

    def expect_end(self) -> None:
        if self.token.kind != "end":
            self.fail("the query should end here")

    def name(self, what: str = "a name") -> str:
        if self.token.kind not in ("name", "quoted"):
            self.fail(f"expected {what}")
        return self.advance().text

    def fail(self, message: str) -> NoReturn:
        found = self.token
        if found.kind == "end":
            message += ", but the text ends"
        elif message.startswith("expected"):
            message += f", found {self.text[found.start : found.end]!r}"
        raise SqlError(message, self.text, found.start, found.end)

    @contextmanager
    def deeper(self) -> Generator[None, None, None]:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"nested more than {DEEPEST} levels deep")
        yield
        self.depth -= 1

    # -- expressions, from the loosest binding to the tightest

    def expression(self) -> ast.Expression:
        with self.deeper():
            start = self.token.start
            condition = self.disjunction()
            if not self.skip_symbol("?"):
                return condition
            yes = self.expression()
            self.expect_symbol(":")
            no = self.expression()
            return ast.Call(start, self.previous_end, "if", (condition, yes, no))

    def disjunction(self) -> ast.Expression:
        left = self.conjunction()
        while self.skip_word("or"):
            right = self.conjunction()
            left = ast.Binary(left.start, right.end, "OR", left, right)
        return left

    def conjunction(self) -> ast.Expression:
        left = self.negation()
        while self.skip_word("and"):
            right = self.negation()
            left = ast.Binary(left.start, right.end, "AND", left, right)
        return left

    def negation(self) -> ast.Expression:
        if self.token.is_word("not") and not self.peek(1).is_symbol("."):
            with self.deeper():
                start = self.advance().start
                operand = self.negation()
                return ast.Unary(start, operand.end, "NOT", operand)
        return self.comparison()

    def comparison(self) -> ast.Expression:
        left = self.coalesced()
        while True:
            start, token = left.start, self.token
            if token.kind == "symbol" and token.text in _COMPARISONS:
                self.advance()
                right = self.coalesced()
                left = ast.Binary(start, right.end, _COMPARISONS[token.text], left, right)
            elif token.kind == "symbol" and token.text in _MATCHES:
                self.advance()
                left = self.matching(left, self.coalesced(), _MATCHES[token.text])
            elif token.is_word("is"):
                self.advance()
                negated = self.skip_word("not")
                self.expect_word("null")
                left = ast.IsNull(start, self.previous_end, left, negated)
            else:
                word = self.comparison_word(left)
                if word is None:
                    return left
                left = word

    def comparison_word(self, left: ast.Expression) -> ast.Expression | None:
        """IN, LIKE, ILIKE and BETWEEN, each perhaps after NOT or GLOBAL."""
        ahead = 1 if self.token.is_word("not", "global") else 0
        if not self.peek(ahead).is_word("in", "like", "ilike", "between"):
            return None
        negated = self.token.is_word("not")
        if ahead:
            self.advance()
        word = self.advance().text.lower()
        if word == "between":
            low = self.coalesced()
            self.expect_word("and")
            high = self.coalesced()
            return ast.Between(left.start, high.end, left, low, high, negated)
        if word == "in" and self.token.is_word("cohort"):
            self.advance()
            return self.in_cohort(left, negated)
        right = self.coalesced()
        operator = ("NOT " if negated else "") + word.upper()
        return ast.Binary(left.start, right.end, operator, left, right)

    def in_cohort(self, left: ast.Expression, negated: bool) -> ast.Expression:
        token = self.token
        if token.kind == "string":
            self.advance()
            return ast.InCohort(left.start, token.end, left, token.text, negated)
        if token.kind == "number" and token.text.isdigit():
            self.advance()
            return ast.InCohort(left.start, token.end, left, int(token.text), negated)
        self.fail("expected the number or 'name' of a cohort")

    def matching(self, left: ast.Expression, right: ast.Expression, how: str) -> ast.Expression:
        if "i" in how:
            call: ast.Expression = ast.Call(left.start, right.end, "match", (left, _insensitive(right)))
        else:
            call = ast.Call(left.start, right.end, "match", (left, right))
        return ast.Unary(left.start, right.end, "NOT", call) if how.startswith("n") else call

    def coalesced(self) -> ast.Expression:
        left = self.concatenated()
        while self.skip_symbol("??"):
            right = self.concatenated()
            left = ast.Call(left.start, right.end, "ifNull", (left, right))
        return left

    def concatenated(self) -> ast.Expression:
        left = self.sum()
        while self.skip_symbol("||"):
            right = self.sum()
            left = ast.Call(left.start, right.end, "concat", (left, right))
        return left

    def sum(self) -> ast.Expression:
        left = self.product()
        while self.token.is_symbol("+", "-"):
            operator = self.advance().text
            right = self.product()
            left = ast.Binary(left.start, right.end, operator, left, right)
        return left

    def product(self) -> ast.Expression:
        left = self.unary()
        while self.token.is_symbol("*", "/", "%") or self.token.is_word("div", "mod"):
            operator = self.advance().text.lower()
            right = self.unary()
            if operator == "div":
                left = ast.Call(left.start, right.end, "intDiv", (left, right))
            else:
                left = ast.Binary(left.start, right.end, "%" if operator == "mod" else operator, left, right)
        return left

    def unary(self) -> ast.Expression:
        if self.token.is_symbol("-", "+"):
            with self.deeper():
                token = self.advance()
                operand = self.unary()
                return operand if token.text == "+" else ast.Unary(token.start, operand.end, "-", operand)
        return self.postfix(self.primary())

    def postfix(self, operand: ast.Expression) -> ast.Expression:
        while True:
            if self.token.is_symbol(".", "?."):
                self.advance()
                operand = self.member(operand)
            elif self.token.is_symbol("["):
                self.advance()
                index = self.expression()
                self.expect_symbol("]")
                operand = _indexed(operand, index, self.previous_end)
            elif self.token.is_symbol("::"):
                self.advance()
                operand = ast.Cast(operand.start, self.previous_end, operand, self.type_name())
            else:
                return operand

    def member(self, operand: ast.Expression) -> ast.Expression:
        token = self.token
        if token.kind == "number" and token.text.isdigit():
            self.advance()
            constant = ast.Constant(token.start, token.end, int(token.text), token.text)
            return ast.Index(operand.start, token.end, operand, constant, element=True)
        if token.is_symbol("*") and isinstance(operand, ast.Field) and len(operand.parts) == 1:
            self.advance()
            return ast.Star(operand.start, token.end, str(operand.parts[0]), self.star_except())
        name = self.name()
        if isinstance(operand, ast.Field):
            return ast.Field(operand.start, self.previous_end, (*operand.parts, name))
        key = ast.Constant(token.start, token.end, name)
        return ast.Index(operand.start, token.end, operand, key, element=True)

    # -- the smallest parts

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
                self.fail("expected an expression")

    def symbol(self) -> ast.Expression:
        token = self.token
        if token.text == "*":
            self.advance()
            return ast.Star(token.start, token.end, None, self.star_except())
        if token.text == "(":
            return self.bracketed()
        if token.text == "[":
            self.advance()
            return ast.Array(token.start, self.previous_end, self.expressions("]"))
        if token.text == "{":
            return self.placeholder()
        self.fail("expected an expression")

    def star_except(self) -> tuple[str, ...]:
        if not self.token.is_word("except") or not self.peek(1).is_symbol("("):
            return ()
        self.advance()
        self.advance()
        names = [self.name()]
        while self.skip_symbol(","):
            names.append(self.name())
        self.expect_symbol(")")
        return tuple(names)

    def placeholder(self) -> ast.Expression:
        start = self.advance().start
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

    def unit(self, text: str, token: Token) -> str:
        unit = text.lower().removesuffix("s")
        if unit not in _UNITS:
            raise SqlError(f"expected a unit: {', '.join(_UNITS[:8])}", self.text, token.start, token.end)
        return unit.upper()

    def call(self) -> ast.Expression:
        token = self.advance()
        self.advance()
        word = token.text.lower()
        if word in ("cast", "trycast", "try_cast"):
            operand = self.expression()
            self.expect_word("as")
            type_name = self.type_name()
            self.expect_symbol(")")
            return ast.Cast(token.start, self.previous_end, operand, type_name, or_null=word != "cast")
        if word == "extract" and self.peek(1).is_word("from"):
            unit = self.unit(self.name(), token)
            self.advance()
            operand = self.expression()
            self.expect_symbol(")")
            return ast.Call(token.start, self.previous_end, f"to{unit.capitalize()}", (operand,))
        distinct = self.skip_word("distinct")
        arguments = self.subquery_or_expressions()
        parameters = None
        if self.token.is_symbol("("):
            self.advance()
            parameters = arguments
            distinct = self.skip_word("distinct") or distinct
            arguments = self.expressions(")")
        window = self.window() if self.skip_word("over") else None
        return ast.Call(token.start, self.previous_end, token.text, arguments, parameters, distinct, window)

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
        return ast.Window(start, self.previous_end, tuple(partition), order, frame)

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
            found.append(self.expression())
            if not self.skip_symbol(","):
                break
        self.expect_symbol(closing)
        return tuple(found)

    def comma_separated(self) -> list[ast.Expression]:
        found = [self.expression()]
        while self.skip_symbol(","):
            found.append(self.expression())
        return found

    def starts_query(self) -> bool:
        """Whether a query begins here, perhaps inside more brackets."""
        ahead = 0
        while self.peek(ahead).is_symbol("("):
            ahead += 1
        return self.peek(ahead).is_word("select", "with")

    def query(self) -> ast.Query:
        """A query inside an expression."""
        raise NotImplementedError


def _number(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)


def _insensitive(pattern: ast.Expression) -> ast.Expression:
    if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str):
        return ast.Constant(pattern.start, pattern.end, f"(?i){pattern.value}")
    prefix = ast.Constant(pattern.start, pattern.start, "(?i)")
    return ast.Call(pattern.start, pattern.end, "concat", (prefix, pattern))


def _indexed(operand: ast.Expression, index: ast.Expression, end: int) -> ast.Expression:
    """``properties['odd key']`` is one more part of the chain; anything else an element of an array or map."""
    if isinstance(operand, ast.Field) and isinstance(index, ast.Constant):
        value = index.value
        if isinstance(value, str) or (
            isinstance(value, int) and len(operand.parts) > 1 and not isinstance(value, bool)
        ):
            return ast.Field(operand.start, end, (*operand.parts, value))
    return ast.Index(operand.start, end, operand, index)
