"""Counts of what capture refused, on their way through the log to the table of drops."""

import msgspec

from leanbase.model.record import Lane, Record


class RefusedCount(msgspec.Struct, frozen=True, array_like=True):
    """How many events (or requests, where the events could not be counted) were refused for one reason.

    ``project_id`` is 0 when the request named no known project.
    """

    project_id: int
    reason: str
    count: int


_decoder = msgspec.json.Decoder(list[RefusedCount])


def encode_report(counts: list[RefusedCount], now: int) -> Record:
    """The record of a report; ``now`` in microseconds."""
    return Record(0, Lane.REPORT, now, msgspec.json.encode(counts))


def decode_report(record: Record) -> list[RefusedCount]:
    """The counts of a record of the lane REPORT. Raises ``msgspec.DecodeError``."""
    return _decoder.decode(record.body)
