"""Open the embedded log; the composition root chooses it when no ``log_url`` is set."""

from pathlib import Path

from leanbase.eventlog.segments.reader import SegmentReader
from leanbase.eventlog.segments.writer import SegmentWriter


def open_writer(folder: Path, segment_bytes: int, backlog_max_bytes: int) -> SegmentWriter:
    """The only writer of the folder; repairs what a crash left. Raises ``OSError`` and ``LogInUse``."""
    return SegmentWriter(folder, segment_bytes, backlog_max_bytes)


def open_reader(folder: Path) -> SegmentReader:
    """A reader; the folder may be empty, or its writer not started yet. Raises ``OSError``."""
    return SegmentReader(folder)
