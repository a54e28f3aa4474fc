"""One at a time, between threads and between processes on this machine. A process that dies gives its locks back."""

import fcntl
import os
import threading
from pathlib import Path
from types import TracebackType


class ProcessLock:
    """Held in a ``with`` block. Not to be nested by one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = threading.Lock()
        self._handle = -1

    def __enter__(self) -> None:
        self._thread.acquire()
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        except BaseException:
            self._release()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()

    def _release(self) -> None:
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)  # also gives the file lock back
        self._thread.release()
