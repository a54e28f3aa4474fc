"""Formulas against Python's own arithmetic, and what a user can get wrong."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanbase.query.errors import QueryError
from leanbase.query.trends.formula import evaluate_formula

A, B = [1.0, 4.0, 0.0], [2.0, 0.0, 3.0]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A+2*B", [5, 4, 6]),
        ("a - b", [-1, 4, -3]),
        ("A/B", [0.5, 0, 0]),
        ("A%B", [1, 0, 0]),
        ("-A**2", [-1, -16, 0]),
        ("2**3**2", [512, 512, 512]),
        ("2**-1", [0.5, 0.5, 0.5]),
        ("(A+B)*-1", [-3, -4, -3]),
        ("+A", A),
        (".5*A+1e2", [100.5, 102, 100]),
        ("(0-A)**0.5", [0, 0, 0]),
        ("A**9999", [1, 0, 0]),
    ],
)
def test_values(formula: str, expected: list[float]) -> None:
    assert evaluate_formula(formula, [A, B]) == expected


def test_shorter_series_count_as_zero() -> None:
    assert evaluate_formula("A+B", [[1.0, 2.0], []]) == [1, 2]


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("", "missing at position 1"),
        ("A+", "missing at position 3"),
        ("A B", "'B' is not expected at position 3"),
        ("(A", "closing parenthesis"),
        ("A)", r"'\)' is not expected"),
        ("C", "'C' is no series; there are A to B"),
        ("AB", "'AB' is no series"),
        ("A;B", "';' is not understood at position 2"),
        ("__import__", "not understood"),
        ("(" * 60 + "A" + ")" * 60, "too deeply"),
        ("A+" * 2000 + "A", "at most"),
    ],
)
def test_what_is_wrong_is_named(formula: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        evaluate_formula(formula, [A, B])


numbers = st.integers(-9, 9).map(lambda number: f"({number})" if number < 0 else str(number))
formulas = st.recursive(
    numbers | st.sampled_from(["A", "B"]),
    lambda inner: (
        st.builds("{}{}{}".format, inner, st.sampled_from([" + ", "-", "*"]), inner)
        | inner.map("({})".format)
        | inner.map("-{}".format)
    ),
    max_leaves=12,
)


@given(formulas, st.integers(-50, 50), st.integers(-50, 50))
def test_precedence_is_that_of_python(formula: str, first: int, second: int) -> None:
    names = {"A": first, "B": second}
    expected = eval(compile(ast.parse(formula, mode="eval"), "formula", "eval"), {"__builtins__": {}}, names)
    assert evaluate_formula(formula, [[first], [second]]) == [expected]
