"""Where the log ends, found again at start: after a clean stop, kill -9, a power cut, or damage."""

from dataclasses import dataclass
from pathlib import Path

from leanbase.eventlog.segments.disk import Disk
from leanbase.eventlog.segments.files import SegmentFile, list_segments
from leanbase.eventlog.segments.frames import HEADER_BYTES, NO_FRAME, frames


@dataclass(frozen=True, slots=True)
class Tail:
    """Writing goes on at ``end``, in ``segment``; None: a segment has to be made there."""

    end: int
    first: int  # the oldest position that is kept
    segment: SegmentFile | None
    descriptor: int


def find_tail(folder: Path, published: int, consumed: int, fresh_start: int, disk: Disk) -> Tail:
    """Find the end of the log and clear what lies behind it.

    Everything valid in the newest segment is kept, also behind a damaged frame: it may have been acknowledged. Torn
    frames after the last valid one never were, and are overwritten with zeros so that later frames cannot run into
    them. ``published`` and ``consumed`` are what the marks say; positions never go back behind them. ``fresh_start``
    is where a log begins that has neither segments nor marks. Raises ``OSError``.
    """
    segments = list_segments(folder)
    floor = max(published, consumed)
    if not segments:
        start = floor or fresh_start
        return Tail(start, start, None, -1)
    first, last = segments[0].base, segments[-1]
    end = max(_valid_end(last), floor)
    if end > last.end - HEADER_BYTES:
        return Tail(max(end, last.end), first, None, -1)
    descriptor = disk.open(last.path)
    try:
        _clear(descriptor, last, end, disk)
    except OSError:
        disk.close(descriptor)
        raise
    return Tail(end, first, last, descriptor)


def _valid_end(segment: SegmentFile) -> int:
    end = segment.base
    for frame in frames(segment.path.read_bytes(), segment.base):
        end = frame.end
    return end


def _clear(descriptor: int, segment: SegmentFile, end: int, disk: Disk) -> None:
    with segment.path.open("rb") as file:
        file.seek(end - segment.base)
        if file.read(HEADER_BYTES) == NO_FRAME:
            return
    disk.zero(descriptor, end - segment.base, segment.end - segment.base)
    disk.sync(descriptor)
