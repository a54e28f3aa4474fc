"""One position shared between processes: a small mapped file that one process writes and others read."""

import mmap
import os
from pathlib import Path

_SIZE = 16
_ALL_ONES = (1 << 64) - 1


class Mark:
    """A position and its complement, so that a reader can tell a half-written or damaged one.

    Not durable by itself: after a power cut an older value may be back, never a newer one.
    """

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(descriptor).st_size < _SIZE:
                os.ftruncate(descriptor, _SIZE)
            self._map = mmap.mmap(descriptor, _SIZE)
        finally:
            os.close(descriptor)
        # Items of a cast view are moved as one 8-byte word, unlike slices.
        self._words = memoryview(self._map).cast("Q")

    def read(self) -> int:
        """The position; 0 when none was ever written, or the file is damaged."""
        for _ in range(1000):  # the writer is between its two stores for nanoseconds
            value = self._words[0]
            complement = self._words[1]
            if complement == _ALL_ONES ^ value:
                return value
            if value == complement == 0:
                return 0
        return 0

    def write(self, position: int) -> None:
        """Publish a position."""
        self._words[0] = position
        self._words[1] = _ALL_ONES ^ position

    def close(self) -> None:
        self._words.release()
        self._map.close()
