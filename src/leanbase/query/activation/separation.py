"""How well having done something separates who came back from who did not: a 2x2 table and its numbers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, lgamma, sqrt

_LEAST_EXPECTED = 5  # below it in any cell the normal approximation is off, by the usual rule (Cochran)
_SAME = 1e-7  # probabilities this close, relative, are one: they came out of sums of logarithms


@dataclass(frozen=True, slots=True)
class Separation:
    """Persons by whether they did it (``with_``) and whether they were retained."""

    with_: int
    with_retained: int
    without: int
    without_retained: int

    @property
    def total(self) -> int:
        return self.with_ + self.without

    @property
    def retained(self) -> int:
        return self.with_retained + self.without_retained

    @property
    def coverage(self) -> float:
        """The share of everybody who did it."""
        return self.with_ / self.total if self.total else 0.0

    @property
    def retention_with(self) -> float:
        return self.with_retained / self.with_ if self.with_ else 0.0

    @property
    def retention_without(self) -> float:
        return self.without_retained / self.without if self.without else 0.0

    @property
    def lift(self) -> float | None:
        """How many times likelier they are to be retained; None when nobody without it was."""
        return self.retention_with / self.retention_without if self.retention_without else None

    @property
    def odds_ratio(self) -> float:
        """With a half added to every cell (Haldane and Anscombe), so that nothing is 0."""
        lost_with, lost_without = self.with_ - self.with_retained, self.without - self.without_retained
        return (self.with_retained + 0.5) * (lost_without + 0.5) / ((lost_with + 0.5) * (self.without_retained + 0.5))

    @property
    def phi(self) -> float:
        """The correlation of having done it and being retained, -1 to 1; 0 when either is everybody or nobody."""
        lost = self.total - self.retained
        spread = sqrt(self.with_) * sqrt(self.without) * sqrt(self.retained) * sqrt(lost)
        if not spread:
            return 0.0
        straight = self.with_retained * (self.without - self.without_retained)
        return (straight - (self.with_ - self.with_retained) * self.without_retained) / spread

    @property
    def p_value(self) -> float:
        """How often chance alone separates at least so well, in either direction.

        By the test of two proportions with a pooled variance, or by Fisher's exact test when a cell of the table is
        expected to hold fewer than 5.
        """
        rows, columns = (self.with_, self.without), (self.retained, self.total - self.retained)
        if not all(rows) or not all(columns):
            return 1.0
        if min(rows) * min(columns) < _LEAST_EXPECTED * self.total:
            return _fisher(self.with_, self.without, self.retained, self.with_retained)
        share = self.retained / self.total
        error = sqrt(share * (1 - share) * (1 / self.with_ + 1 / self.without))
        return erfc(abs(self.retention_with - self.retention_without) / error / sqrt(2))


def _fisher(with_: int, without: int, retained: int, seen: int) -> float:
    """Two-sided: all tables with the same margins that are no likelier than the one seen."""
    lowest, highest = max(0, retained - without), min(with_, retained)
    every = _log_choose(with_ + without, retained)
    chances = [
        exp(_log_choose(with_, k) + _log_choose(without, retained - k) - every) for k in range(lowest, highest + 1)
    ]
    at_most = chances[seen - lowest] * (1 + _SAME)
    return min(1.0, sum(chance for chance in chances if chance <= at_most))


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg: the smallest false discovery rate at which each of many tests is significant."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place], reverse=True)
    found = [1.0] * len(p_values)
    lowest = 1.0
    for rank, place in zip(range(len(p_values), 0, -1), order, strict=True):
        lowest = min(lowest, p_values[place] * len(p_values) / rank)
        found[place] = lowest
    return found
