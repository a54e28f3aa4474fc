"""Disks that fail: with errors when told to, or by losing what no completed sync covered."""

import errno
import os
from pathlib import Path

from leanbase.eventlog.segments.disk import Disk


class FailingDisk(Disk):
    """Raises as asked; everything else is real."""

    def __init__(self) -> None:
        self.full = False
        self.fail_sync = 0
        self.fail_write = 0

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        if self.fail_write:
            self.fail_write -= 1
            super().write(descriptor, data[: len(data) // 2], offset)
            raise OSError(errno.EIO, "input/output error")
        super().write(descriptor, data, offset)

    def write_pieces(self, descriptor: int, pieces: list[bytes], offset: int) -> None:
        self.write(descriptor, b"".join(pieces), offset)

    def sync(self, descriptor: int) -> None:
        if self.fail_sync:
            self.fail_sync -= 1
            raise OSError(errno.EIO, "input/output error")
        super().sync(descriptor)

    def zero(self, descriptor: int, start: int, end: int) -> None:
        if self.full:
            super().zero(descriptor, start, start + (end - start) // 2)
            raise OSError(errno.ENOSPC, "no space left on device")
        super().zero(descriptor, start, end)


class PowerLossDisk(Disk):
    """Remembers how to undo everything that no completed sync covered: bytes by file, names by folder."""

    def __init__(self) -> None:
        self._bytes: dict[int, list[tuple[int, bytes]]] = {}  # by inode: offset and former content, oldest first
        self._names: list[tuple[str, Path, Path | None]] = []
        self._keep: dict[int, int] = {}  # a second descriptor of each file, which outlives its name
        self._trash = 0

    def _inode(self, descriptor: int) -> int:
        inode = os.fstat(descriptor).st_ino
        if inode not in self._keep:
            self._keep[inode] = os.dup(descriptor)
        return inode

    def create(self, path: Path) -> int:
        descriptor = super().create(path)
        self._inode(descriptor)
        self._names.append(("created", path, None))
        return descriptor

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        former = os.pread(descriptor, len(data), offset)
        former += bytes(len(data) - len(former))
        self._bytes.setdefault(self._inode(descriptor), []).append((offset, former))
        super().write(descriptor, data, offset)

    def write_pieces(self, descriptor: int, pieces: list[bytes], offset: int) -> None:
        self.write(descriptor, b"".join(pieces), offset)

    def sync(self, descriptor: int) -> None:
        # Nothing real: only this model decides what survives, and the test is fast.
        self._bytes.pop(self._inode(descriptor), None)

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        self._names.append(("renamed", source, target))

    def remove(self, path: Path) -> None:
        if path.exists():
            self._trash += 1
            kept = path.with_name(f"removed-{self._trash}")
            path.rename(kept)
            self._names.append(("removed", path, kept))

    def sync_folder(self, folder: Path) -> None:
        self._names.clear()

    def lose_power(self) -> None:
        """Undo, newest first, what was not synced."""
        for inode, writes in self._bytes.items():
            for offset, former in reversed(writes):
                os.pwrite(self._keep[inode], former, offset)
        for what, path, other in reversed(self._names):
            if what == "created":
                path.unlink(missing_ok=True)
            elif other is not None:
                (other).rename(path)
        for descriptor in self._keep.values():
            os.close(descriptor)
        self._keep.clear()
        self._bytes.clear()
        self._names.clear()


class ForgetfulDisk(PowerLossDisk):
    """A control: syncs are promised and not done. The power-loss test must notice."""

    def sync(self, descriptor: int) -> None:
        self._inode(descriptor)
