"""One accepted request as it rests in the event log: who it belongs to, how it came, its body.

Capture writes records, the pipeline reads them; the log between them knows only bytes.
"""

import struct
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


_TIME = struct.Struct(">BQ")
_SHORT, _MIDDLE, _LONG = struct.Struct(">BB"), struct.Struct(">BH"), struct.Struct(">BI")
_UINT64, _BIN8, _BIN16, _BIN32 = 0xCF, 0xC4, 0xC5, 0xC6  # MessagePack's marks
_ANY_TIME = 1 << 60
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Record)


def encode_record(record: Record) -> bytes:
    """The bytes that go into the log."""
    return _encoder.encode(record)


class RecordForm:
    """Encodes records that differ in time and body alone: those of one connection. A fifth of the work of
    :func:`encode_record`, and the same bytes.
    """

    __slots__ = ("_before", "_behind")

    def __init__(self, record: Record) -> None:
        """``record`` is any of them; its time and body do not matter."""
        encoded = _encoder.encode(msgspec.structs.replace(record, received_at=_ANY_TIME, body=b""))
        self._before, _, self._behind = encoded.partition(_TIME.pack(_UINT64, _ANY_TIME) + _SHORT.pack(_BIN8, 0))

    def encode(self, received_at: int, body: bytes) -> bytes:
        """The bytes that go into the log. ``received_at`` is later than the first hour and a half of 1970."""
        size = len(body)
        if size < 1 << 8:
            mark = _SHORT.pack(_BIN8, size)
        elif size < 1 << 16:
            mark = _MIDDLE.pack(_BIN16, size)
        else:
            mark = _LONG.pack(_BIN32, size)
        return b"".join((self._before, _TIME.pack(_UINT64, received_at), mark, body, self._behind))


def decode_record(payload: bytes | memoryview) -> Record:
    """The record of a log entry. Raises ``msgspec.DecodeError`` when the payload is none."""
    return _decoder.decode(payload)
