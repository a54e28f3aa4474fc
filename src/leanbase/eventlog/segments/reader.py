"""The reading side, in another process: durable entries in order, whatever happened to the files."""

import os
from pathlib import Path

from leanbase.eventlog.contracts import Entry
from leanbase.eventlog.segments.files import CONSUMED_FILE, HEAD_FILE, SegmentFile, list_segments
from leanbase.eventlog.segments.frames import HEADER_BYTES, NO_FRAME, frame_at, frame_length, next_frame
from leanbase.eventlog.segments.marks import Mark

_SMALLEST_READ = 64 << 10


class SegmentReader:
    """Reads a log folder; see ``eventlog.contracts.LogReader``. One reader per folder may release. Not thread-safe.

    Never looks beyond the published head, so it sees no byte that is not on the disk.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._head = Mark(folder / HEAD_FILE)
        self._consumed = Mark(folder / CONSUMED_FILE)
        self._segment: SegmentFile | None = None
        self._descriptor = -1
        self._skipped = 0
        self._detours: dict[int, int] = {}  # from a damaged position to where reading goes on

    def head(self) -> int:
        """The position after the newest durable entry."""
        return self._head.read()

    def backlog_bytes(self, position: int) -> int:
        """Bytes from ``position`` to the head; from the oldest entry that is left when ``position`` is before it."""
        segments = list_segments(self._folder)
        return max(0, self.head() - max(position, segments[0].base if segments else 0))

    def skipped_bytes(self) -> int:
        """Bytes that this reader passed over because they were damaged or gone."""
        return self._skipped

    def release(self, position: int) -> None:
        """Everything before ``position`` is processed and will never be read again; its space may be reused."""
        if position > self._consumed.read():
            self._consumed.write(position)

    def close(self) -> None:
        self._leave_segment()
        self._head.close()
        self._consumed.close()

    def read(self, position: int, max_bytes: int) -> list[Entry]:
        """Durable entries from ``position`` on, of one segment, about ``max_bytes`` of payload; at least one if there
        is any. Raises ``OSError``.
        """
        while position < self._head.read():
            position = self._detours.get(position, position)
            segment = self._enter_segment(position)
            if segment is None:
                return []
            if position < segment.base:
                self._detour(position, segment.base, lost=position > 0)
                position = segment.base
            limit = min(self._head.read(), segment.end)
            if position >= limit:
                return []
            entries = self._read_segment(segment, position, limit, max_bytes)
            if entries:
                return entries
            position = self._pass_damage(segment, position, limit)
        return []

    def _read_segment(self, segment: SegmentFile, position: int, limit: int, max_bytes: int) -> list[Entry]:
        """Consecutive valid entries at ``position``."""
        offset = position - segment.base
        content = os.pread(self._descriptor, min(max(max_bytes, _SMALLEST_READ), limit - position), offset)
        needed = frame_length(memoryview(content), 0)
        if needed is not None and len(content) < needed <= limit - position:
            content = os.pread(self._descriptor, needed, offset)
        view = memoryview(content)
        entries: list[Entry] = []
        place = taken = 0
        while taken < max_bytes:
            frame = frame_at(view, place, position)
            if frame is None:
                break
            place = frame.end - position
            entries.append(Entry(frame.start, frame.end, content[frame.offset : frame.offset + frame.length]))
            taken += frame.length
        return entries

    def _pass_damage(self, segment: SegmentFile, position: int, limit: int) -> int:
        """Where to go on when no valid entry is at ``position``: the next one, else the next segment."""
        content = os.pread(self._descriptor, limit - position, position - segment.base)
        found = next_frame(content, 0, position)
        if found is not None:
            self._detour(position, found.start, lost=True)
            return found.start
        if limit == segment.end:
            # Zeros: the writer left the segment here, because the next entry did not fit or the disk failed.
            ended = content[:HEADER_BYTES] == NO_FRAME[: len(content)]
            self._detour(position, segment.end, lost=not ended)
            return segment.end
        return limit  # nothing valid up to the head: wait for what comes behind it

    def _detour(self, start: int, end: int, *, lost: bool) -> None:
        if start not in self._detours:
            if len(self._detours) > 1000:
                self._detours.clear()
            self._detours[start] = end
            self._skipped += end - start if lost else 0

    def _enter_segment(self, position: int) -> SegmentFile | None:
        """The open segment that holds ``position``, or else the next one after it."""
        segment = self._segment
        if segment is not None and segment.base <= position < segment.end:
            return segment
        for candidate in list_segments(self._folder):
            if position < candidate.end:
                try:
                    descriptor = os.open(candidate.path, os.O_RDONLY | os.O_CLOEXEC)
                except FileNotFoundError:  # recycled just now, so it held nothing that is still wanted
                    continue
                self._leave_segment()
                self._descriptor, self._segment = descriptor, candidate
                return candidate
        return None

    def _leave_segment(self) -> None:
        if self._segment is not None:
            os.close(self._descriptor)
            self._segment = None
