"""The histogram of "time to convert". Seconds, pure."""

import math
from collections.abc import Sequence
from typing import TypedDict

_MOST_BINS_BY_ITSELF = 60
_WIDTH_OF_NOTHING = 60  # seconds, when everybody took the same whole second


class TimeToConvert(TypedDict):
    bins: list[list[int]]
    average_conversion_time: float | None


def time_to_convert(seconds: Sequence[float], bin_count: int | None) -> TimeToConvert:
    """People per bin ``[lower edge, people]``, one edge more than bins, and the mean over everybody.

    Without ``bin_count`` there are as many bins as the cube root of the people, from 1 to 60.
    """
    if not seconds:
        return {"bins": [], "average_conversion_time": None}
    bins = bin_count or min(max(math.ceil(round(len(seconds) ** (1 / 3), 9)), 1), _MOST_BINS_BY_ITSELF)
    low, high = math.floor(min(seconds)), math.ceil(max(seconds))
    width = math.ceil((high - low) / bins) or _WIDTH_OF_NOTHING
    people = [0] * (bins + 1)
    for value in seconds:
        people[min(int((value - low) // width), bins)] += 1
    return {
        "bins": [[low + number * width, count] for number, count in enumerate(people)],
        "average_conversion_time": math.fsum(seconds) / len(seconds),
    }
