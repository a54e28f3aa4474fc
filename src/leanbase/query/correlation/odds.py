"""Whether doing something goes with completing a funnel: PostHog's odds ratio. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

TOP = 10  # rows of each kind
_SKEW = 10  # one side so many times the other says little about either
_LEAST, _LEAST_SHARE = 25, 0.02  # fewer people than both are chance


class Counted(NamedTuple):
    """Something people did or are, and how many of either side."""

    name: str
    success: int
    failure: int


@dataclass(frozen=True, slots=True)
class Correlation:
    counted: Counted
    odds_ratio: float

    @property
    def success(self) -> bool:
        """Whether it speaks for completing."""
        return self.odds_ratio > 1


def odds_ratio(success: int, failure: int, all_success: int, all_failure: int) -> float:
    """How much more likely completing is with it than without; one is added everywhere, so that nothing is 0."""
    return ((success + 1) * (all_failure - failure + 1)) / ((all_success - success + 1) * (failure + 1))


def is_skewed(all_success: int, all_failure: int) -> bool:
    """Whether the two sides are too different in size to compare."""
    if not all_success or not all_failure:
        return True
    return all_success / all_failure > _SKEW or all_failure / all_success > _SKEW


def correlations(found: Iterable[Counted], all_success: int, all_failure: int) -> list[Correlation]:
    """The strongest of either kind: first those for completing, strongest first, then those against."""
    if not all_success or not all_failure:
        return []
    least = min(_LEAST, _LEAST_SHARE * (all_success + all_failure))
    rated = [
        Correlation(item, odds_ratio(item.success, item.failure, all_success, all_failure))
        for item in found
        if item.success + item.failure >= least
    ]
    for_it = sorted((item for item in rated if item.success), key=lambda item: (-item.odds_ratio, item.counted.name))
    against = sorted(
        (item for item in rated if not item.success), key=lambda item: (item.odds_ratio, item.counted.name)
    )
    return for_it[:TOP] + against[:TOP]
