"""How one payload lies in a segment: magic, length, checksum, payload.

The checksum also covers the position in the log. Positions are never used twice, so what a recycled segment still
holds from its earlier life can never be taken for a frame, and neither can a frame copied elsewhere.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import deflate

MAGIC = b"LBf1"
_HEADER = struct.Struct("<4sII")
_PLACE = struct.Struct("<QI")
HEADER_BYTES = _HEADER.size
NO_FRAME = bytes(HEADER_BYTES)  # written after the last frame: here the log ends


@dataclass(frozen=True, slots=True)
class Frame:
    """A valid frame: positions of its start and end, and where its payload lies in the buffer."""

    start: int
    end: int
    offset: int
    length: int


def _checksum(position: int, payload: bytes | memoryview) -> int:
    return deflate.crc32(payload, deflate.crc32(_PLACE.pack(position, len(payload))))


def frame_bytes(length: int) -> int:
    """The size of a frame with a payload of ``length`` bytes."""
    return HEADER_BYTES + length


def header(position: int, payload: bytes) -> bytes:
    """What goes before ``payload`` when its frame starts at ``position``."""
    return _HEADER.pack(MAGIC, len(payload), _checksum(position, payload))


def frame_length(buffer: memoryview, offset: int) -> int | None:
    """The size of the frame whose header is at ``offset``, or None when no header is there. Checks no checksum."""
    if offset + HEADER_BYTES > len(buffer):
        return None
    magic, length, _ = _HEADER.unpack_from(buffer, offset)
    return frame_bytes(length) if magic == MAGIC and length else None


def frame_at(buffer: memoryview, offset: int, base: int) -> Frame | None:
    """The valid frame at ``offset`` of a buffer that begins at position ``base``; None when there is none."""
    if offset + HEADER_BYTES > len(buffer):
        return None
    magic, length, checksum = _HEADER.unpack_from(buffer, offset)
    begin = offset + HEADER_BYTES
    end = begin + length
    if magic != MAGIC or not length or end > len(buffer):
        return None
    if _checksum(base + offset, buffer[begin:end]) != checksum:
        return None
    return Frame(base + offset, base + end, begin, length)


def next_frame(content: bytes, offset: int, base: int) -> Frame | None:
    """The first valid frame at ``offset`` or later: how reading goes on behind damage."""
    view = memoryview(content)
    while True:
        offset = content.find(MAGIC, offset)
        if offset < 0:
            return None
        found = frame_at(view, offset, base)
        if found is not None:
            return found
        offset += 1


def frames(content: bytes, base: int) -> Iterator[Frame]:
    """All valid frames of a segment, in order, with gaps where it is damaged."""
    view = memoryview(content)
    offset = 0
    while True:
        found = frame_at(view, offset, base) or next_frame(content, offset, base)
        if found is None:
            return
        yield found
        offset = found.end - base
