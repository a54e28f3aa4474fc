"""Which period a chart is compared with."""

from leanbase.query.dates import Calendar, DateRange, Period
from leanbase.query.series import CompareFilter


def periods_of(calendar: Calendar, current: Period, dates: DateRange, compare: CompareFilter | None) -> list[Period]:
    """The current period, and with ``compare`` the one before it or the one ``compare_to`` names."""
    if compare is None or not compare.compare:
        return [current]
    if compare.compare_to:
        return [current, calendar.compared_to(current, compare.compare_to)]
    return [current, calendar.previous(current, dates)]
