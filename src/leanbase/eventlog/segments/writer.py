"""The writing side: many requests, one fdatasync for all that wait."""

import asyncio
import contextlib
import fcntl
import logging
import os
import threading
import time
from pathlib import Path

from leanbase.eventlog.contracts import LogFull, PayloadTooLarge
from leanbase.eventlog.segments.disk import Disk
from leanbase.eventlog.segments.files import CONSUMED_FILE, HEAD_FILE, LOCK_FILE, SegmentFile, SegmentMaker
from leanbase.eventlog.segments.frames import HEADER_BYTES, NO_FRAME, frame_bytes, header
from leanbase.eventlog.segments.groups import Done, Group, Pace
from leanbase.eventlog.segments.marks import Mark
from leanbase.eventlog.segments.repair import find_tail

_log = logging.getLogger(__name__)

_IDLE_SECONDS = 5.0  # without an append, after which consumed segments are looked for


class LogInUse(Exception):
    """Another process writes this log."""


class SegmentWriter:
    """The only writer of a log folder; see ``eventlog.contracts.LogWriter``. ``append`` is for one event loop.

    Raises ``OSError`` when the folder cannot be used and :class:`LogInUse` when it has a writer.
    """

    def __init__(
        self,
        folder: Path,
        segment_bytes: int,
        backlog_max_bytes: int,
        disk: Disk | None = None,
        fresh_start: int | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._disk = disk or Disk()
        self._lock_file = _lock(folder / LOCK_FILE)
        self._head = Mark(folder / HEAD_FILE)
        self._consumed = Mark(folder / CONSUMED_FILE)
        self._maker = SegmentMaker(folder, segment_bytes, self._disk)
        self._backlog_max = backlog_max_bytes
        self._segment_bytes = segment_bytes
        self.max_payload = segment_bytes - 2 * HEADER_BYTES
        self._maker.remove_unfinished()
        # A new log begins at the time of the day, in nanoseconds: whoever remembers positions of a log that was
        # deleted here can never mistake them for positions of the new one (nobody writes 1 GB/s for years).
        start = time.time_ns() if fresh_start is None else fresh_start
        tail = find_tail(folder, self._head.read(), self._consumed.read(), start, self._disk)
        self._first, self._end = tail.first, tail.end
        self._segment: SegmentFile | None = tail.segment
        self._descriptor = tail.descriptor
        self._head.write(self._end)
        self._group: Group | None = None  # that still grows
        self._away = 0  # groups that the thread took, and of which the loop has not heard yet
        self._pace = Pace()
        self._guard = threading.Lock()  # of _group, _away and _closing
        self._files = threading.Lock()  # held by who writes
        self._wake = threading.Lock()  # released when there is work for the thread
        self._wake.acquire()
        self._closing = False
        self._preparing: threading.Thread | None = None
        self._prepared_in: SegmentFile | None = None
        self._trimmed_at = 0
        if self._segment is None:
            with contextlib.suppress(OSError):  # no space: appends will say so, and try again
                self._new_segment()
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
        self._thread.start()

    # The side of the event loop.

    def submit(self, payload: bytes, done: Done) -> None:
        """Store a payload and tell ``done`` in the running event loop; see ``eventlog.contracts.LogWriter``."""
        size = len(payload)
        if size > self.max_payload:
            raise PayloadTooLarge(f"{size} bytes; at most {self.max_payload} fit into a segment of the log")
        with self._guard:
            if self._closing:
                raise LogFull("the log is being closed")
            group = self._group
            if group is None:
                group = Group(asyncio.get_running_loop(), self._backlog_max - self.backlog_bytes())
            if group.size + size > group.room:
                raise LogFull(f"the backlog is at its limit of {self._backlog_max} bytes")
            group.size += size
            group.payloads.append(payload)
            group.dones.append(done)
            if self._group is None:
                self._group = group
                # Not at once: the requests that came with this one join it, and the disk is asked once for all.
                group.loop.call_soon(self._end_turn)

    def _end_turn(self) -> None:
        """Write the group, or leave it to the thread: where that writes another one, this one goes on growing."""
        with self._guard:
            group = self._group
            if group is None or self._closing:
                return
            if group.is_growing():
                group.loop.call_soon(self._end_turn)
                return
            here = not self._away and self._is_quick(group)
            if here:
                self._group = None
                self._files.acquire()  # before anybody can close them
        if not here:
            self._wake_thread()
            return
        begun = time.monotonic()
        try:
            ends = self._store(group.payloads)
        finally:
            self._files.release()
            self._pace.note(time.monotonic() - begun)
        group.tell(ends)
        if self._is_upkeep_due():
            self._wake_thread()

    def _is_quick(self, group: Group) -> bool:
        """Whether the event loop can wait for a group. Not for the next segment, which may have to be made."""
        end = self._end + group.size + HEADER_BYTES * (len(group.payloads) + 1)
        return self._segment is not None and end <= self._segment.end and self._pace.is_quick(group.size)

    def _hear(self, group: Group, ends: list[int | LogFull]) -> None:
        """In the event loop, of a group that the thread has written."""
        with self._guard:
            self._away -= 1
        group.tell(ends)

    def _wake_thread(self) -> None:
        with self._guard:
            if self._wake.locked():
                self._wake.release()

    async def append(self, payload: bytes) -> int:
        """Store a payload; returns its end position once it is durable. Raises :class:`LogFull`, and
        :class:`PayloadTooLarge` for one that no segment can hold.
        """
        stored: asyncio.Future[int | LogFull] = asyncio.get_running_loop().create_future()

        def done(end: int | LogFull) -> None:
            if not stored.done():  # who waited may have left
                stored.set_result(end)

        self.submit(payload, done)
        end = await stored
        if isinstance(end, int):
            return end
        raise LogFull(*end.args)

    def backlog_bytes(self) -> int:
        """Bytes of the log that are not released yet."""
        return self._end - max(self._consumed.read(), self._first)

    def head(self) -> int:
        """The position after the newest durable entry."""
        return self._head.read()

    def close(self) -> None:
        """Write what waits, stop the thread, give the folder free."""
        with self._guard:
            if self._closing:
                return
            self._closing = True
        self._wake_thread()
        self._thread.join()
        if self._preparing is not None:
            self._preparing.join()
        with self._files:
            if self._segment is not None:
                self._disk.close(self._descriptor)
        self._head.close()
        self._consumed.close()
        os.close(self._lock_file)

    # The side of the thread.

    def _run(self) -> None:
        while True:
            if not self._wake.acquire(timeout=_IDLE_SECONDS):
                self._trim(1)
                continue
            with self._guard:
                group, self._group = self._group, None
                closing = self._closing
                self._away += group is not None
            if group is not None:
                with self._files:
                    ends = self._store(group.payloads)
                try:
                    group.loop.call_soon_threadsafe(self._hear, group, ends)
                except RuntimeError:  # the loop is gone, and so is everybody who waited
                    self._away -= 1
            if closing:
                return
            self._prepare_ahead()

    def _store(self, payloads: list[bytes]) -> list[int | LogFull]:
        """Write and sync; an answer for each payload. Frames that do not fit go to the next segment."""
        ends: list[int | LogFull] = []
        try:
            while len(ends) < len(payloads):
                segment = self._segment or self._new_segment()
                waiting: list[int | LogFull] = []
                pieces: list[bytes] = []
                position = self._end
                for payload in payloads[len(ends) :]:
                    end = position + frame_bytes(len(payload))
                    if end > segment.end - HEADER_BYTES:
                        break
                    pieces += (header(position, payload), payload)
                    waiting.append(end)
                    position = end
                if waiting:
                    pieces.append(NO_FRAME)
                    self._commit(segment, pieces, position)
                    ends += waiting
                if len(ends) < len(payloads):
                    self._leave_segment(segment)
        except OSError as problem:
            _log.error("the log cannot be written", extra={"error": str(problem)})
            refusal = LogFull(f"the log cannot be written: {problem.strerror or problem}")
            ends += [refusal] * (len(payloads) - len(ends))
        return ends

    def _commit(self, segment: SegmentFile, pieces: list[bytes], end: int) -> None:
        try:
            self._disk.write_pieces(self._descriptor, pieces, self._end - segment.base)
            self._disk.sync(self._descriptor)
        except OSError:
            # After a failed sync nobody knows which pages are on the disk, and a second sync would lie. Leave the
            # segment for good, and try to end it before what was not acknowledged.
            with contextlib.suppress(OSError):
                self._disk.write(self._descriptor, NO_FRAME, self._end - segment.base)
                self._disk.sync(self._descriptor)
            self._leave_segment(segment)
            raise
        self._end = end
        self._head.write(end)

    def _leave_segment(self, segment: SegmentFile) -> None:
        self._segment = None
        self._end = segment.end
        self._disk.close(self._descriptor)

    def _new_segment(self) -> SegmentFile:
        if self._preparing is not None:
            self._preparing.join()
        self._segment, self._descriptor = self._maker.make(self._end, self._consumed.read())
        return self._segment

    def _is_upkeep_due(self) -> bool:
        return self._is_past_half() or self._consumed.read() - self._trimmed_at >= self._segment_bytes

    def _is_past_half(self) -> bool:
        """Whether the segment is half full, and nobody has cared for the next one yet."""
        segment = self._segment
        return (
            segment is not None
            and segment is not self._prepared_in
            and self._end - segment.base >= self._segment_bytes // 2
        )

    def _prepare_ahead(self) -> None:
        """Have the next segment ready before the current one is full (making 64 MB of zeros takes a while), and give
        the space of consumed segments back.
        """
        consumed = self._trim(self._segment_bytes)
        if not self._is_past_half():
            return
        self._prepared_in = self._segment
        if not self._maker.has_reserve(consumed):
            self._preparing = threading.Thread(target=self._prepare_spare, name="log-spare", daemon=True)
            self._preparing.start()

    def _trim(self, at_least: int) -> int:
        """Give the space of consumed segments back, once so many bytes more were consumed. Answers the position up to
        which all is consumed.
        """
        consumed = self._consumed.read()
        if consumed - self._trimmed_at >= at_least:
            self._trimmed_at = consumed
            with contextlib.suppress(OSError):  # tried again later
                self._maker.trim(consumed)
        return consumed

    def _prepare_spare(self) -> None:
        with contextlib.suppress(OSError):  # no space: found again, and said, when the segment is needed
            self._maker.prepare_spare()


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise LogInUse(f"{path.parent} has a writer already") from None
    return descriptor
