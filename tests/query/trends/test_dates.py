"""The date grammar as tables, and what must hold for every zone and clock as properties."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanbase.query.binder import Binder
from leanbase.query.dates import Calendar, DateRange, parse_date
from leanbase.query.errors import QueryError
from leanbase.query.intervals import (
    INTERVALS,
    Interval,
    day_text,
    index_sql,
    label_text,
    shift,
    start_of,
    starts_between,
)
from leanbase.store.client import Store

UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2024, 5, 31, 15, 42, 10, 500, tzinfo=UTC)  # a Friday
ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo"]


def shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-01-09", "2020-01-09 00:00:00"),
        ("2020-1-9", "2020-01-09 00:00:00"),
        ("2020-01-09T10:11:12Z", "2020-01-09 10:11:12"),
        ("2020-01-09T10:11:12+02:00", "2020-01-09 08:11:12"),
        ("-7d", "2024-05-24 15:42:10"),
        ("7d", "2024-05-24 15:42:10"),
        ("-3h", "2024-05-31 12:42:10"),
        ("-2w", "2024-05-17 15:42:10"),
        ("-1m", "2024-04-30 15:42:10"),
        ("-5M", "2024-05-31 15:37:10"),
        ("-30s", "2024-05-31 15:41:40"),
        ("-1q", "2024-03-01 15:42:10"),
        ("-1y", "2023-05-31 15:42:10"),
        ("dStart", "2024-05-31 00:00:00"),
        ("-1dStart", "2024-05-30 00:00:00"),
        ("-1dEnd", "2024-05-30 23:59:59"),
        ("hStart", "2024-05-31 15:00:00"),
        ("-1hEnd", "2024-05-31 14:59:59"),
        ("mStart", "2024-05-01 15:42:10"),
        ("-1mStart", "2024-04-01 15:42:10"),
        ("-1mEnd", "2024-04-30 15:42:10"),
        ("yStart", "2024-01-01 15:42:10"),
        ("qStart", "2024-04-01 15:42:10"),
        ("-1wStart", "2024-05-24 15:42:10"),
        ("yEnd", "2024-05-31 15:42:10"),
    ],
)
def test_parse_date(text: str, expected: str) -> None:
    assert shown(parse_date(text, UTC_ZONE, NOW).moment) == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday?!", "2020-13-40", "-99999999y", "999999999d", "0001-01-01", "9999-12-31", "-500y"]
)
def test_unreadable_dates_are_refused(text: str) -> None:
    if text == "yesterday?!":  # the grammar finds a unit letter anywhere in the text
        assert parse_date(text, UTC_ZONE, NOW).relative
        return
    with pytest.raises(QueryError):
        parse_date(text, UTC_ZONE, NOW)


def calendar(zone: str = "UTC", now: datetime = NOW, week_start: int = 0) -> Calendar:
    return Calendar(ZoneInfo(zone), now, week_start)


def days_of(dates: DateRange, interval: Interval, **options: object) -> list[str]:
    period = calendar(**options).resolve(dates, interval)  # type: ignore[arg-type]
    return [day_text(start, interval) for start in period.starts]


def test_seven_days_are_eight_points() -> None:
    assert len(days_of(DateRange("-7d"), "day")) == 8


def test_a_relative_start_is_truncated_to_the_day_and_hours_to_the_hour() -> None:
    assert shown(calendar().resolve(DateRange("-7d"), "hour").start) == "2024-05-24 00:00:00"
    assert shown(calendar().resolve(DateRange("-3h"), "hour").start) == "2024-05-31 12:00:00"
    assert shown(calendar().resolve(DateRange("-3h"), "minute").start) == "2024-05-31 12:42:10"


def test_exact_ranges_keep_their_ends() -> None:
    period = calendar().resolve(DateRange("-7d"), "day", exact=True)
    assert (shown(period.start), shown(period.end)) == ("2024-05-24 15:42:10", "2024-05-31 15:42:10")
    explicit = calendar().resolve(DateRange("2024-05-01T05:00:00", "2024-05-02T06:00:00", explicit=True), "day")
    assert (shown(explicit.read_from), shown(explicit.end)) == ("2024-05-01 05:00:00", "2024-05-02 06:00:00")


def test_the_first_week_is_partial_and_the_first_month_whole() -> None:
    week = calendar().resolve(DateRange("2024-05-15", "2024-05-31"), "week")
    assert (day_text(week.starts[0], "week"), shown(week.read_from)) == ("2024-05-12", "2024-05-15 00:00:00")
    month = calendar().resolve(DateRange("2024-03-15", "2024-05-31"), "month")
    assert (day_text(month.starts[0], "month"), shown(month.read_from)) == ("2024-03-01", "2024-03-01 00:00:00")


@pytest.mark.parametrize(
    ("interval", "dates", "first", "last"),
    [
        ("day", DateRange("-7d"), "2024-05-24 00:00:00", "2024-05-30 23:59:59"),
        ("week", DateRange("-30d"), "2024-05-05 00:00:00", "2024-05-25 23:59:59"),
        ("month", DateRange("-3m"), "2024-03-01 00:00:00", "2024-04-30 23:59:59"),
        ("quarter", DateRange("-1y"), "2023-07-01 00:00:00", "2024-03-31 23:59:59"),
        ("week", DateRange("2024-01-02", "2024-02-01"), "2024-01-07 00:00:00", "2024-02-01 23:59:59"),
        ("month", DateRange("-3d"), "2024-05-28 00:00:00", "2024-05-31 23:59:59"),  # nothing else would be left
        ("day", DateRange("dStart"), "2024-05-31 00:00:00", "2024-05-31 23:59:59"),
    ],
)
def test_intervals_that_are_not_whole_can_be_left_out(
    interval: Interval, dates: DateRange, first: str, last: str
) -> None:
    period = calendar().resolve(replace(dates, complete=True), interval)
    assert (shown(period.start), shown(period.end)) == (first, last)


def test_whole_weeks_are_compared_with_those_before() -> None:
    dates = DateRange("-7d", complete=True)
    before = calendar().previous(calendar().resolve(dates, "day"), dates)
    assert (shown(before.start), shown(before.end)) == ("2024-05-17 00:00:00", "2024-05-23 23:59:59")


def test_weeks_begin_as_the_project_says() -> None:
    assert days_of(DateRange("-14d"), "week") == ["2024-05-12", "2024-05-19", "2024-05-26"]
    assert days_of(DateRange("-14d"), "week", week_start=1) == ["2024-05-13", "2024-05-20", "2024-05-27"]


def test_an_absolute_end_is_not_rounded_for_hours() -> None:
    assert len(days_of(DateRange("2020-01-11", "2020-01-12"), "hour")) == 25
    assert len(days_of(DateRange("2020-01-11", "2020-01-12"), "day")) == 2


def test_days_of_25_and_23_hours() -> None:
    autumn = days_of(DateRange("2024-11-03", "2024-11-03 23:59:59"), "hour", zone="America/New_York")
    assert len(autumn) == 25
    assert autumn.count("2024-11-03 01:00:00") == 2
    assert len(days_of(DateRange("2024-03-10", "2024-03-10 23:59:59"), "hour", zone="America/New_York")) == 23
    assert len(days_of(DateRange("2024-03-09", "2024-03-11"), "day", zone="America/New_York")) == 3


@pytest.mark.parametrize(
    ("dates", "interval", "start", "end"),
    [
        (DateRange("-7d"), "day", "2024-05-17 00:00:00", "2024-05-24 23:59:59"),
        (DateRange("-8d"), "day", "2024-05-14 00:00:00", "2024-05-22 23:59:59"),
        (DateRange("2020-01-15", "2020-01-19"), "day", "2020-01-10 00:00:00", "2020-01-14 23:59:59"),
        (DateRange("-7d"), "week", "2024-05-16 00:00:00", "2024-05-23 23:59:59"),
        (DateRange("-24h"), "hour", "2024-05-29 15:00:00", "2024-05-30 15:59:59"),
        (DateRange("dStart"), "hour", "2024-05-30 00:00:00", "2024-05-30 15:59:59"),
        (DateRange("-3h"), "hour", "2024-05-31 08:00:00", "2024-05-31 11:59:59"),
        (DateRange("-1h"), "minute", "2024-05-31 13:41:20", "2024-05-31 14:42:10"),
    ],
)
def test_previous_period(dates: DateRange, interval: Interval, start: str, end: str) -> None:
    present = calendar()
    previous = present.previous(present.resolve(dates, interval), dates)
    assert (shown(previous.start), shown(previous.end)) == (start, end)


def test_compare_to_moves_both_ends() -> None:
    present = calendar()
    period = present.resolve(DateRange("2020-01-15", "2020-01-19"), "day")
    moved = present.compared_to(period, "-1w")
    assert (shown(moved.start), shown(moved.end)) == ("2020-01-08 00:00:00", "2020-01-12 23:59:59")
    with pytest.raises(QueryError, match="relative"):
        present.compared_to(period, "2020-01-01")


def test_all_time_begins_with_the_day_of_the_first_event() -> None:
    first = datetime(2024, 5, 20, 3, 30, tzinfo=UTC)
    period = calendar("America/New_York").resolve(DateRange("all"), "day", lambda: first)
    assert day_text(period.starts[0], "day") == "2024-05-19"
    assert len(calendar().resolve(DateRange("all"), "day", lambda: None).starts) == 8


def test_too_many_points_are_refused() -> None:
    with pytest.raises(QueryError, match="longer interval"):
        _ = calendar().resolve(DateRange("2000-01-01", "2024-01-01"), "minute").starts


@settings(deadline=None)
@given(
    st.text(max_size=12) | st.from_regex(r"-?[0-9]{0,6}[hdwmMqsy](Start|End)?", fullmatch=True),
    st.sampled_from(INTERVALS),
)
def test_any_text_is_a_date_or_refused(text: str, interval: Interval) -> None:
    here = calendar("America/New_York")
    dates = DateRange(text)
    try:
        period = here.resolve(dates, interval)
        assert period.read_from <= period.end or period.start > period.end
        here.previous(period, dates)
        here.compared_to(period, "-1y")
        assert period.starts == sorted(period.starts)
    except QueryError as refused:
        assert refused.detail


def test_labels() -> None:
    moment = datetime(2020, 1, 5, 7, 3, 9)
    assert [label_text(moment, interval) for interval in INTERVALS] == [
        "5-Jan 07:03:09", "5-Jan 07:03", "5-Jan 07:03", "5-Jan-2020", "5-Jan-2020", "Jan 2020", "Jan 2020", "2020",
    ]  # fmt: skip


moments = st.datetimes(datetime(2019, 1, 1), datetime(2025, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
calendar_intervals = st.sampled_from(["day", "week", "month", "quarter", "year"])


@given(moments, st.sampled_from(ZONES), st.sampled_from(INTERVALS), st.integers(0, 1))
def test_every_moment_lies_in_its_interval(moment: datetime, zone: str, interval: Interval, week_start: int) -> None:
    local = moment.astimezone(ZoneInfo(zone))
    begin = start_of(local, interval, week_start)
    assert begin.astimezone(UTC) <= moment < shift(begin, interval).astimezone(UTC)
    assert start_of(begin, interval, week_start) == begin


@given(moments, st.timedeltas(timedelta(0), timedelta(days=400)), st.sampled_from(ZONES), calendar_intervals)
def test_intervals_tile_the_range(moment: datetime, length: timedelta, zone: str, interval: Interval) -> None:
    local = moment.astimezone(ZoneInfo(zone))
    starts = starts_between(local, local + length, interval)
    assert starts == sorted(set(starts))
    assert starts[0].astimezone(UTC) <= moment
    assert all(start == start_of(start, interval) for start in starts)
    assert shift(starts[-1], interval).astimezone(UTC) > (local + length).astimezone(UTC)
    expected = (start_of(local + timedelta(days=step), interval) for step in range(length.days + 1))
    assert set(expected) <= set(starts)


@pytest.mark.parametrize(
    ("first", "last", "zone", "interval"),
    [
        ("2024-09-01", "2024-10-31 23:59:59", "UTC", "month"),  # equal steps, but a longer last interval
        ("2024-11-02", "2024-11-03 23:59:59", "America/New_York", "day"),
        ("2024-11-01", "2024-11-06 23:59:59", "America/New_York", "day"),
        ("2024-03-01", "2024-04-06 23:59:59", "Europe/Berlin", "week"),
        ("2024-11-03", "2024-11-03 23:59:59", "America/New_York", "hour"),
        ("1969-12-01", "1970-02-28 23:59:59", "UTC", "month"),
    ],
)
def test_the_engine_counts_intervals_the_same(
    engine: Store, first: str, last: str, zone: str, interval: Interval
) -> None:
    begin, end = (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) for text in (first, last))
    starts = starts_between(begin, end, interval)
    moments = [start.astimezone(UTC) + timedelta(seconds=step) for start in starts for step in (0, 1, 1800)]
    moments.append(end.astimezone(UTC))
    binder = Binder()
    listed = ", ".join(binder(shown(moment), "DateTime64(6, 'UTC')") for moment in moments)
    rows = engine.query(
        binder.sql(f"SELECT {index_sql(binder, 'moment', starts)} FROM (SELECT arrayJoin([{listed}]) AS moment)")
    ).rows
    local = [start_of(moment.astimezone(ZoneInfo(zone)), interval).astimezone(UTC) for moment in moments]
    assert [row[0] for row in rows] == [[start.astimezone(UTC) for start in starts].index(moment) for moment in local]
