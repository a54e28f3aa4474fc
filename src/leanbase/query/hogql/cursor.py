"""Tokens with a position: what every part of the parser moves along."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import NoReturn

from leanbase.query.hogql import ast
from leanbase.query.hogql.errors import SqlError
from leanbase.query.hogql.tokens import Token, tokenize

DEEPEST = 40  # nested brackets and subqueries; each costs some 20 frames of Python, of which there are 1000


class Cursor:
    """A text, cut into tokens, and how far it is read."""

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
        raise self.error(message)

    def error(self, message: str) -> SqlError:
        """What is wrong at the token that is next."""
        found = self.token
        if found.kind == "end":
            message += ", but the text ends"
        elif message.startswith("expected"):
            message += f", found {self.text[found.start : found.end]!r}"
        return SqlError(message, self.text, found.start, found.end)

    @contextmanager
    def deeper(self) -> Generator[None, None, None]:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"nested more than {DEEPEST} levels deep")
        yield
        self.depth -= 1

    def starts_query(self) -> bool:
        """Whether a query begins here, perhaps inside more brackets."""
        ahead = 0
        while self.peek(ahead).is_symbol("("):
            ahead += 1
        return self.peek(ahead).is_word("select", "with")

    # -- what the parts of the grammar need of each other

    def expression(self) -> ast.Expression:
        """Any expression."""
        raise NotImplementedError

    def sum(self) -> ast.Expression:
        """An expression of what binds tighter than comparisons."""
        raise NotImplementedError

    def query(self) -> ast.Query:
        """A whole query."""
        raise NotImplementedError
