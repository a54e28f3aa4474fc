"""When an event happened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanbase.model.clock import (
    FUTURE_LIMIT,
    SECOND,
    SKEW_STEP,
    event_time,
    parse_query_time,
    parse_rfc3339,
    parse_time,
    round_skew,
)

NOW = 1_795_249_200 * SECOND  # 2026-11-21T08:20:00Z
HOUR = 3600 * SECOND
YEAR_10000 = 253_402_300_800 * SECOND

FORMS = [
    ("2026-11-21T08:20:00Z", NOW),
    ("2026-11-21T08:20:00.123Z", NOW + 123_000),
    ("2026-11-21T08:20:00.123456Z", NOW + 123_456),
    ("2026-11-21T08:20:00.123456789Z", NOW + 123_456),
    ("2026-11-21T10:20:00+02:00", NOW),
    ("2026-11-21T11:20:00+03", NOW),
    ("2026-11-21T11:20:00+0300", NOW),
    ("2026-11-21T08:20:00", NOW),
    ("2026-11-21 08:20:00", NOW),
    ("2026-11-21 08:20:00+00:00", NOW),
    ("2026-11-21", NOW - 8 * HOUR - 1200 * SECOND),
    ("2026/11/21", NOW - 8 * HOUR - 1200 * SECOND),
    ("2026/11/21 08:20:00", NOW),
    ("11/21/2026 08:20:00", NOW),
    ("2026/3/5", 1_772_668_800 * SECOND),
    ("Sat, 21 Nov 2026 08:20:00 GMT", NOW),
    ("21 Nov 2026 10:20:00 +0200", NOW),
    ("1795249200", NOW),
    ("1795249200000", NOW),
    ("1795249200.5", NOW + SECOND // 2),
    (" 2026-11-21T08:20:00Z ", NOW),
    ("-100", -100 * SECOND),
]


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_every_accepted_form(text: str, expected: int) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text", ["", " ", "yesterday", "2026-13-01", "2026-11-21T25:00:00Z", "null", "x" * 200, "٣", "²"]
)
def test_what_cannot_be_read(text: str) -> None:
    assert parse_time(text) is None
    assert event_time(now=NOW, timestamp=text) == NOW


@pytest.mark.parametrize(
    ("skew", "rounded"),
    [
        (0, 0),
        (149, 0),
        (150, 300),
        (151, 300),
        (-149, 0),
        (-150, -300),
        (-151, -300),
        (449, 300),
        (450, 600),
        (7200, 7200),
    ],
)
def test_skew_is_corrected_in_steps_of_five_minutes(skew: int, rounded: int) -> None:
    assert round_skew(skew * SECOND) == rounded * SECOND
    sent_at = NOW + skew * SECOND
    assert event_time(now=NOW, timestamp="2026-11-21T08:00:00Z", sent_at=sent_at) == NOW - (1200 + rounded) * SECOND


@given(st.integers(-(10**18), 10**18))
def test_rounding_is_near_symmetric_and_stable(skew: int) -> None:
    rounded = round_skew(skew)
    assert rounded % SKEW_STEP == 0
    assert abs(rounded - skew) <= SKEW_STEP // 2
    assert round_skew(-skew) == -rounded
    assert round_skew(rounded) == rounded


def test_a_request_that_says_to_ignore_its_clock() -> None:
    text = "2026-11-21T08:20:00Z"
    assert event_time(now=NOW, timestamp=text, sent_at=NOW + HOUR, ignore_sent_at=True) == NOW
    assert event_time(now=NOW, timestamp=text, sent_at=NOW + HOUR) == NOW - HOUR


def test_an_offset_wins() -> None:
    assert event_time(now=NOW, timestamp="2020-01-01T00:00:00Z", offset=2500, sent_at=NOW + HOUR) == NOW - 2_500_000
    assert event_time(now=NOW, timestamp=None, offset=0) == NOW
    assert event_time(now=NOW, timestamp=None, offset=-1000) == NOW + SECOND


@pytest.mark.parametrize(("ahead", "clamped"), [(0, False), (1, True)])
def test_the_future_ends_after_23_hours(ahead: int, clamped: bool) -> None:
    text = str((NOW + FUTURE_LIMIT + ahead * SECOND) // 1000)
    assert event_time(now=NOW, timestamp=text) == (NOW if clamped else NOW + FUTURE_LIMIT)
    assert event_time(now=NOW, timestamp=text, ignore_sent_at=True) == (NOW if clamped else NOW + FUTURE_LIMIT)
    assert event_time(now=NOW, timestamp=text, clamp=False) == NOW + FUTURE_LIMIT + ahead * SECOND


def test_the_clamp_looks_at_the_corrected_time() -> None:
    far = str((NOW + 48 * HOUR) // 1000)
    assert event_time(now=NOW, timestamp=far, sent_at=NOW + 48 * HOUR) == NOW
    assert event_time(now=NOW, timestamp=far, sent_at=NOW + 30 * HOUR) == NOW + 18 * HOUR
    assert event_time(now=NOW, timestamp=far, sent_at=NOW) == NOW


def test_years_that_no_calendar_has_are_1970() -> None:
    assert event_time(now=NOW, timestamp=None, offset=10**17) == 0
    assert event_time(now=NOW, timestamp="99999999999999", clamp=False) == 99999999999999 * 1000
    assert event_time(now=NOW, timestamp="999999999999999", clamp=False) == 0


@given(
    st.integers(0, YEAR_10000 - 1),
    st.none() | st.text(max_size=30) | st.from_regex(r"[0-9./:T +-]{1,30}", fullmatch=True),
    st.none() | st.integers(),
    st.none() | st.integers(-(10**20), 10**20),
    st.booleans(),
)
def test_it_never_fails_and_never_leaves_the_calendar(
    now: int, timestamp: str | None, offset: int | None, sent_at: int | None, ignore: bool
) -> None:
    found = event_time(now=now, timestamp=timestamp, offset=offset, sent_at=sent_at, ignore_sent_at=ignore)
    assert -62_167_219_200 * SECOND <= found < YEAR_10000
    assert found - now <= FUTURE_LIMIT


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("2026-11-21T08:20:00Z", True),
        ("2026-11-21T08:20:00.5+01:00", True),
        ("2026-11-21 08:20:00Z", True),
        ("2026-11-21T08:20:00", False),
        ("2026-11-21", False),
        ("20261121T082000Z", False),
        ("2026-W47-6T08:20:00Z", False),
        ("1795249200", False),
        ("", False),
    ],
)
def test_rfc_3339(text: str, fine: bool) -> None:
    assert (parse_rfc3339(text) is not None) == fine


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1795249200000", NOW), ("1795249200", None), ("-1", None), ("", None), ("x", None), ("9" * 40, None)],
)
def test_the_send_time_of_a_query(text: str, expected: int | None) -> None:
    assert parse_query_time(text) == expected
