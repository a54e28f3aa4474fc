"""Formulas over series: ``A/B*100``. Letters are series, in their order; evaluated point by point.

A small parser of its own, because a formula is a user's text. ``+ - * / % **``, signs, numbers, parentheses, letters
in either case; ``**`` binds tighter than a sign on its left and groups to the right.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from leanbase.query.errors import QueryError

Evaluate = Callable[[Sequence[float]], float]  # the values of the series at one point -> the formula's value

_TOKEN = re.compile(r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<name>[A-Za-z]+)|(?P<sign>\*\*|[-+*/%()]))")
_MAX_LENGTH = 500  # evaluation nests once per operator, so this also bounds the stack
_MAX_DEPTH = 50  # parentheses and signs; far below Python's own limit on recursion


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def evaluate_formula(formula: str, series: Sequence[Sequence[float]]) -> list[float]:
    """The formula at every point. ``series[0]`` is A. What has no value (x/0, an overflow, a complex root) is 0.

    Raises :class:`QueryError` with the position of what cannot be read, or naming a letter that has no series.
    """
    evaluate = _Parser(formula, len(series)).parse()
    length = max((len(values) for values in series), default=0)
    padded = [[*values, *([0.0] * (length - len(values)))] for values in series]
    return [_number(evaluate, point) for point in zip(*padded, strict=True)]


def _number(evaluate: Evaluate, point: Sequence[float]) -> float:
    try:
        value = evaluate(point)
    except OverflowError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def _divide(left: float, right: float) -> float:
    return left / right if right else 0.0


def _modulo(left: float, right: float) -> float:
    return left % right if right else 0.0


def _power(left: float, right: float) -> float:
    if left == 0 and right < 0:
        return 0.0
    value: complex = complex(float(left) ** float(right))
    return value.real if value.imag == 0 else 0.0


class _Parser:
    def __init__(self, formula: str, series_count: int) -> None:
        if len(formula) > _MAX_LENGTH:
            raise QueryError(f"A formula has at most {_MAX_LENGTH} characters.", attr="trendsFilter.formula")
        self._formula = formula
        self._series_count = series_count
        self._tokens = self._split()
        self._next = 0
        self._depth = 0

    def _wrong(self, what: str, position: int) -> QueryError:
        return QueryError(f"Formula {self._formula!r}: {what} at position {position + 1}.", attr="trendsFilter.formula")

    def _split(self) -> list[_Token]:
        found: list[_Token] = []
        position, text = 0, self._formula.rstrip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise self._wrong(f"{text[position:].lstrip()[:1]!r} is not understood", position)
            found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
            position = match.end()
        return found

    def parse(self) -> Evaluate:
        result = self._sum()
        if self._next < len(self._tokens):
            token = self._tokens[self._next]
            raise self._wrong(f"{token.text!r} is not expected", token.position)
        return result

    def _accept(self, *signs: str) -> str | None:
        if self._next < len(self._tokens):
            token = self._tokens[self._next]
            if token.kind == "sign" and token.text in signs:
                self._next += 1
                return token.text
        return None

    def _sum(self) -> Evaluate:
        left = self._product()
        while sign := self._accept("+", "-"):
            left = _combined(left, self._product(), _SUMS[sign])
        return left

    def _product(self) -> Evaluate:
        left = self._signed()
        while sign := self._accept("*", "/", "%"):
            left = _combined(left, self._signed(), _PRODUCTS[sign])
        return left

    def _signed(self) -> Evaluate:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._wrong("nested too deeply", self._tokens[self._next - 1].position)
        try:
            if sign := self._accept("-", "+"):
                inner = self._signed()
                return (lambda point: -inner(point)) if sign == "-" else inner
            base = self._atom()
            return _combined(base, self._signed(), _power) if self._accept("**") else base
        finally:
            self._depth -= 1

    def _atom(self) -> Evaluate:
        if self._accept("("):
            inner = self._sum()
            if not self._accept(")"):
                raise self._wrong("a closing parenthesis is missing", len(self._formula))
            return inner
        if self._next >= len(self._tokens):
            raise self._wrong("a number or a letter is missing", len(self._formula))
        token = self._tokens[self._next]
        self._next += 1
        if token.kind == "number":
            constant = float(token.text)
            return lambda _: constant
        if token.kind == "name":
            return self._letter(token)
        raise self._wrong(f"{token.text!r} is not expected", token.position)

    def _letter(self, token: _Token) -> Evaluate:
        index = ord(token.text.upper()) - ord("A") if len(token.text) == 1 else -1
        if not 0 <= index < self._series_count:
            last = chr(ord("A") + max(self._series_count, 1) - 1)
            raise self._wrong(f"{token.text!r} is no series; there are A to {last}", token.position)
        return lambda point: point[index]


def _combined(left: Evaluate, right: Evaluate, operation: Callable[[float, float], float]) -> Evaluate:
    return lambda point: operation(left(point), right(point))


def _add(left: float, right: float) -> float:
    return left + right


def _subtract(left: float, right: float) -> float:
    return left - right


def _multiply(left: float, right: float) -> float:
    return left * right


_SUMS = {"+": _add, "-": _subtract}
_PRODUCTS = {"*": _multiply, "/": _divide, "%": _modulo}
