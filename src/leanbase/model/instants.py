"""Instants as every package passes them around: microseconds since 1970 in UTC, and their texts."""

import time
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now_us() -> int:
    """The instant now."""
    return time.time_ns() // 1000


def to_datetime(microseconds: int) -> datetime:
    """The same instant as an aware datetime."""
    return EPOCH + timedelta(microseconds=microseconds)


def iso(microseconds: int) -> str:
    """The instant as the API shows it: 2026-01-31T12:00:00.000000Z."""
    return to_datetime(microseconds).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
