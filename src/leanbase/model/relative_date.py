"""Dates as filters give them: absolute, or a span back from now."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

_SPAN = re.compile(r"-?(\d{1,5})([sMhdwmqy])")
_SECONDS_OF = {"s": 1, "M": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400, "q": 91 * 86_400}
_SECONDS = re.compile(r"\d{9,10}")


def parse_filter_date(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The moment a filter's value stands for, aware; None when it is no date.

    ``-7d`` counts back from ``now``, also without the sign: s, M for minutes, h, d, w, m for months, q for 13 weeks, y.
    An ISO date or time without an offset is in ``zone``; nine or ten digits are seconds since 1970.
    """
    text = text.strip()
    span = _SPAN.fullmatch(text)
    if span:
        return _before(now, int(span[1]), span[2], zone)
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _before(now: datetime, count: int, unit: str, zone: tzinfo) -> datetime | None:
    try:
        if unit in _SECONDS_OF:
            return now - timedelta(seconds=count * _SECONDS_OF[unit])
        local = now.astimezone(zone)
        months = local.year * 12 + local.month - 1 - count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        for day in range(local.day, 27, -1):  # 31 January less 11 months is the last day of February
            try:
                return local.replace(year=year, month=month + 1, day=day)
            except ValueError:
                continue
        return local.replace(year=year, month=month + 1)
    except (ValueError, OverflowError):
        return None
