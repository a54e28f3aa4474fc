"""What takes up the disk, by kind."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = {  # what is at the top of the data folder -> what people call it
    "store": "events",
    "log": "event log",
    "state.sqlite": "persons",
    "app.sqlite": "application",
    "blobs": "recordings and files",
}
OTHER = "other"
KEPT_SECONDS = 30.0  # a store of millions of events has some thousand files to look at


@dataclass(frozen=True)
class DiskUse:
    """Bytes by kind, and of the disk that the data folder is on."""

    kinds: dict[str, int]
    free: int
    total: int


class DiskMeter:
    """Measures a data folder, at most every ``KEPT_SECONDS``. Safe to use from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._measured: tuple[float, DiskUse] | None = None

    def measure(self) -> DiskUse:
        """What the folder takes up now, or did a moment ago."""
        with self._lock:
            now = time.monotonic()
            if self._measured is None or now - self._measured[0] > KEPT_SECONDS:
                self._measured = (now, _measure(self._folder))
            return self._measured[1]


def _measure(folder: Path) -> DiskUse:
    kinds = dict.fromkeys([*KINDS.values(), OTHER], 0)
    for entry in os.scandir(folder):
        name = entry.name.removesuffix("-wal").removesuffix("-shm")
        kinds[KINDS.get(name, OTHER)] += sum(_sizes(entry))
    disk = shutil.disk_usage(folder)
    return DiskUse(kinds, disk.free, disk.total)


def _sizes(entry: os.DirEntry[str]) -> Iterator[int]:
    """Bytes on disk of a file or of everything below a folder; what vanishes meanwhile counts nothing."""
    try:
        if entry.is_symlink():
            return
        if entry.is_dir():
            for inner in os.scandir(entry):
                yield from _sizes(inner)
        else:
            yield entry.stat().st_blocks * 512
    except FileNotFoundError:
        return
