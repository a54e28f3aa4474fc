"""Which period a chart is compared with."""

from collections.abc import Sequence

from leanbase.query.dates import Calendar, DateRange, Period
from leanbase.query.series import CompareFilter


def periods_of(calendar: Calendar, current: Period, dates: DateRange, compare: CompareFilter | None) -> list[Period]:
    """The current period, and with ``compare`` the one before it or the one ``compare_to`` names."""
    if compare is None or not compare.compare:
        return [current]
    if compare.compare_to:
        return [current, calendar.compared_to(current, compare.compare_to)]
    return [current, calendar.previous(current, dates)]


def resolved(periods: Sequence[Period]) -> dict[str, dict[str, str]]:
    """What an answer says about its range, and about the one it is compared with."""
    names = ("resolved_date_range", "resolved_compare_date_range")
    return {name: period.resolved() for name, period in zip(names, periods, strict=False)}
