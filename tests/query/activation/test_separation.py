"""The numbers of a 2x2 table, against values worked out by hand and naive counting."""

from itertools import combinations
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanbase.query.activation.separation import Separation, adjusted


def test_shares_and_lift() -> None:
    table = Separation(with_=40, with_retained=30, without=60, without_retained=15)
    assert table.coverage == 0.4
    assert table.retention_with == 0.75
    assert table.retention_without == 0.25
    assert table.lift == 3.0
    assert isclose(table.odds_ratio, (30.5 * 45.5) / (10.5 * 15.5))
    # (30*45 - 10*15) / sqrt(40*60*45*55)
    assert isclose(table.phi, 1200 / (40 * 60 * 45 * 55) ** 0.5)


def test_two_proportions() -> None:
    table = Separation(with_=40, with_retained=30, without=60, without_retained=15)
    # z = 0.5 / sqrt(0.45*0.55*(1/40 + 1/60)) = 4.9237; phi and z are the same statement: z**2 = n * phi**2
    assert isclose(table.p_value, 8.49e-7, rel_tol=0.01)


def test_small_tables_are_tested_exactly() -> None:
    # Fisher's tea taster: 3 of 4 right, two-sided 0.4857
    assert isclose(Separation(4, 3, 4, 1).p_value, 34 / 70)
    assert isclose(Separation(4, 4, 4, 0).p_value, 2 / 70)


def test_nothing_to_tell() -> None:
    assert Separation(0, 0, 10, 5).p_value == 1.0
    assert Separation(10, 0, 10, 0).phi == 0.0
    assert Separation(10, 5, 10, 0).lift is None


@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_exact_test_counts_every_way(with_: int, without: int, data: st.DataObject) -> None:
    retained = data.draw(st.integers(1, with_ + without - 1))
    seen = data.draw(st.integers(max(0, retained - without), min(with_, retained)))
    ways: dict[int, int] = {}
    for chosen in combinations(range(with_ + without), retained):
        among = sum(person < with_ for person in chosen)
        ways[among] = ways.get(among, 0) + 1
    expected = sum(number for number in ways.values() if number <= ways[seen]) / sum(ways.values())
    assert isclose(Separation(with_, seen, without, retained - seen).p_value, expected, rel_tol=1e-9)


def test_benjamini_hochberg() -> None:
    # The example of their paper's procedure: p * n / rank, made monotonous from the largest down.
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert adjusted([]) == []


@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjusting_keeps_the_order_and_never_helps(p_values: list[float]) -> None:
    found = adjusted(p_values)
    pairs = sorted(zip(p_values, found, strict=True))
    assert all(after >= before * (1 - 1e-12) for before, after in pairs)
    assert [after for _, after in pairs] == sorted(found)
