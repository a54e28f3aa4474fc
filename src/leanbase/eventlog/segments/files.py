"""The files of the log: which segments there are, and how a new one comes to be.

A segment is a file of zeros of a fixed size, named by the position it begins at; the next begins where it ends.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from leanbase.eventlog.segments.disk import Disk
from leanbase.eventlog.segments.frames import NO_FRAME

_SUFFIX = ".segment"
_DIGITS = 20
HEAD_FILE = "head"
CONSUMED_FILE = "consumed"
LOCK_FILE = "writer.lock"


@dataclass(frozen=True, slots=True)
class SegmentFile:
    """A segment: positions from ``base`` to before ``end``."""

    path: Path
    base: int
    end: int


def segment_path(folder: Path, base: int) -> Path:
    return folder / f"{base:0{_DIGITS}}{_SUFFIX}"


def list_segments(folder: Path) -> list[SegmentFile]:
    """The segments of a log, oldest first."""
    found: list[SegmentFile] = []
    for path in folder.glob(f"{'[0-9]' * _DIGITS}{_SUFFIX}"):
        base = int(path.name[:_DIGITS])
        with contextlib.suppress(FileNotFoundError):  # recycled by the writer just now
            found.append(SegmentFile(path, base, base + path.stat().st_size))
    return sorted(found, key=lambda segment: segment.base)


class SegmentMaker:
    """Makes the next segment: from the spare, from one that is consumed, or from nothing."""

    def __init__(self, folder: Path, size: int, disk: Disk) -> None:
        self._folder = folder
        self._size = size
        self._disk = disk
        self._spare = folder / "spare"
        self._unfinished = folder / "unfinished"

    def remove_unfinished(self) -> None:
        """Remove what a crash left of a segment that was being made."""
        self._disk.remove(self._unfinished)
        if self._spare.exists() and self._spare.stat().st_size != self._size:
            self._disk.remove(self._spare)

    def has_reserve(self, consumed: int) -> bool:
        """Whether the next segment can be had without writing a new file."""
        return self._spare.exists() or any(
            segment.end <= consumed and segment.end - segment.base == self._size
            for segment in list_segments(self._folder)[:-1]
        )

    def prepare_spare(self) -> None:
        """Write a segment of zeros to be used later. The only place that needs new space on the disk."""
        descriptor = self._disk.create(self._unfinished)
        try:
            self._disk.zero(descriptor, 0, self._size)
            self._disk.sync(descriptor)
        except OSError:
            self._disk.close(descriptor)
            self._disk.remove(self._unfinished)  # give the space back
            raise
        self._disk.close(descriptor)
        self._disk.rename(self._unfinished, self._spare)

    def make(self, base: int, consumed: int) -> tuple[SegmentFile, int]:
        """A segment that begins at ``base``, durable in its folder, and its descriptor. Raises ``OSError``."""
        path = segment_path(self._folder, base)
        if not self._take_consumed(path, consumed):
            if not self._spare.exists():
                self.prepare_spare()
            self._disk.rename(self._spare, path)
        descriptor = self._disk.open(path)
        try:
            self._disk.write(descriptor, NO_FRAME, 0)
            self._disk.sync_folder(self._folder)
        except OSError:
            self._disk.close(descriptor)
            raise
        return SegmentFile(path, base, base + self._size), descriptor

    def trim(self, consumed: int) -> None:
        """Delete consumed segments but for one to be used again. Raises ``OSError``."""
        self._keep_reserve(consumed)

    def _take_consumed(self, path: Path, consumed: int) -> bool:
        usable = self._keep_reserve(consumed)
        if usable is None:
            return False
        self._disk.rename(usable.path, path)
        return True

    def _keep_reserve(self, consumed: int) -> SegmentFile | None:
        """The one consumed segment that is kept; the newest segment is never taken, it says where the log ends."""
        reserve: SegmentFile | None = None
        for segment in list_segments(self._folder)[:-1]:
            if segment.end > consumed:
                break
            if reserve is None and segment.end - segment.base == self._size:
                reserve = segment
            else:
                self._disk.remove(segment.path)
        return reserve
