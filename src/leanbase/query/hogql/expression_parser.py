"""Operators, by precedence: from the loosest binding to the tightest."""

from leanbase.query.hogql import ast
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.primary_parser import PrimaryParser

_COMPARISONS = {"=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_MATCHES = {"~": "=~", "=~": "=~", "~*": "=~*", "=~*": "=~*", "!~": "!~", "!~*": "!~*"}


class ExpressionParser(PrimaryParser):
    """Any expression."""

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
                right = self.coalesced()
                left = ast.Binary(start, right.end, _MATCHES[token.text], left, right)
            elif token.is_word("is"):
                left = self.is_(left)
            else:
                word = self.comparison_word(left)
                if word is None:
                    return left
                left = word

    def is_(self, left: ast.Expression) -> ast.Expression:
        """IS [NOT] NULL, IS [NOT] DISTINCT FROM."""
        self.advance()
        negated = self.skip_word("not")
        if self.skip_word("distinct"):
            self.expect_word("from")
            right = self.coalesced()
            return ast.Binary(left.start, right.end, "=" if negated else "!=", left, right)
        self.expect_word("null")
        return ast.IsNull(left.start, self.previous_end, left, negated)

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
        raise self.error("expected the number or 'name' of a cohort")

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
                nullish = self.advance().text == "?."
                if nullish and self.token.is_symbol("["):
                    continue
                operand = self.member(operand)
            elif self.token.is_symbol("["):
                self.advance()
                index = self.expression()
                self.expect_symbol("]")
                _first_is_one(self, index.value if isinstance(index, ast.Constant) else None, index)
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
            _first_is_one(self, constant.value, constant)
            if isinstance(operand, ast.Field):
                return ast.Field(operand.start, token.end, (*operand.parts, int(token.text)))
            return ast.Index(operand.start, token.end, operand, constant, element=True)
        if token.is_symbol("*") and isinstance(operand, ast.Field) and len(operand.parts) == 1:
            self.advance()
            return self.star(token, str(operand.parts[0]))
        name = self.name()
        if isinstance(operand, ast.Field):
            return ast.Field(operand.start, self.previous_end, (*operand.parts, name))
        key = ast.Constant(token.start, token.end, name)
        return ast.Index(operand.start, token.end, operand, key, element=True)


def _first_is_one(parser: ExpressionParser, value: object, node: ast.Node) -> None:
    if value == 0 and not isinstance(value, bool):
        raise SqlError("indexes start at 1, not at 0", parser.text, node.start, node.end)


def _indexed(operand: ast.Expression, index: ast.Expression, end: int) -> ast.Expression:
    """``properties['odd key']`` is one more part of the chain; anything else an element of an array or map."""
    if isinstance(operand, ast.Field) and isinstance(index, ast.Constant) and not isinstance(index.value, bool):
        is_json = any(part in ("properties", "person_properties") for part in operand.parts)
        if is_json and isinstance(index.value, (str, int)):
            return ast.Field(operand.start, end, (*operand.parts, index.value))
    return ast.Index(operand.start, end, operand, index)
