"""The few calls of the operating system that durability hangs on, in one place so that tests can make them fail."""

import os
from pathlib import Path

_ZEROS = bytes(1 << 20)
_MOST_PIECES = 1024  # of one call, everywhere


class Disk:
    """Files of segments. Every method may raise ``OSError``."""

    def open(self, path: Path) -> int:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)

    def create(self, path: Path) -> int:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        """Write all of ``data``; a short write goes on where it stopped."""
        written = os.pwrite(descriptor, data, offset)
        while written < len(data):
            written += os.pwrite(descriptor, data[written:], offset + written)

    def write_pieces(self, descriptor: int, pieces: list[bytes], offset: int) -> None:
        """Write pieces one behind the other, without a copy of them all where the system takes so many at once."""
        if len(pieces) > _MOST_PIECES:
            self.write(descriptor, b"".join(pieces), offset)
            return
        written = os.pwritev(descriptor, pieces, offset)
        if written < sum(map(len, pieces)):
            self.write(descriptor, b"".join(pieces)[written:], offset + written)

    def sync(self, descriptor: int) -> None:
        """Return once what was written to the file is on the disk."""
        os.fdatasync(descriptor)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        source.rename(target)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def sync_folder(self, folder: Path) -> None:
        """Return once names that were made, changed or removed in the folder are on the disk."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def zero(self, descriptor: int, start: int, end: int) -> None:
        """Overwrite a range with zeros. Real blocks: later overwriting can neither fail for space nor need metadata."""
        while start < end:
            size = min(len(_ZEROS), end - start)
            self.write(descriptor, _ZEROS if size == len(_ZEROS) else _ZEROS[:size], start)
            start += size
