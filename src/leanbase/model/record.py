"""One accepted request as it rests in the event log: who it belongs to, how it came, its body.

Capture writes records, the pipeline reads them; the log between them knows only bytes.
"""

from enum import StrEnum

import msgspec


class Lane(StrEnum):
    """Which protocol family a body speaks, and so how the pipeline decodes it."""

    V0 = "v0"
    V1 = "v1"
    REPLAY = "replay"
    REPORT = "report"  # counts of refused events, written by capture itself


class Record(msgspec.Struct, frozen=True, array_like=True):
    """An accepted request. Times are microseconds since 1970 in UTC.

    ``body`` is JSON in UTF-8, compressed as ``encoding`` says ("" or "gzip"). Odd forms of the wire
    (base64, forms, LZ-string, br, zstd, deflate, invalid surrogates) are normalised by capture, so the
    pipeline decodes strict JSON only. Which JSON shapes occur is the lane's matter: see ``model.wire``.
    """

    project_id: int
    lane: Lane
    received_at: int
    body: bytes
    encoding: str = ""
    ip: str = ""
    user_agent: str = ""
    sent_at: int | None = None  # v0: query parameter; v1: the PostHog-Request-Timestamp header
    sdk: str = ""  # v1: the PostHog-Sdk-Info header, "name/version"
    refused: tuple[int, ...] = ()  # v1: indexes in the batch that were answered with "drop"
    historical: bool = False
    ai: bool = False  # came by an AI path


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Record)


def encode_record(record: Record) -> bytes:
    """The bytes that go into the log."""
    return _encoder.encode(record)


def decode_record(payload: bytes | memoryview) -> Record:
    """The record of a log entry. Raises ``msgspec.DecodeError`` when the payload is none."""
    return _decoder.decode(payload)
