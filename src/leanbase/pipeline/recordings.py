"""Session recordings wait here, as they came, until the replay product takes them: one file a turn."""

import os
import struct
from collections.abc import Sequence
from pathlib import Path

_LENGTH = struct.Struct("<I")
SUFFIX = ".records"


class RecordingInbox:
    """A folder of files named by the log position of their turn. A repeated turn writes the same file again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, start: int, payloads: Sequence[bytes]) -> None:
        """Keep log payloads durably. Raises ``OSError``."""
        target = self._folder / f"{start:020d}{SUFFIX}"
        part = target.with_suffix(".part")
        with part.open("wb") as file:
            for payload in payloads:
                file.write(_LENGTH.pack(len(payload)))
                file.write(payload)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read_recordings(file: Path) -> list[bytes]:
    """The log payloads of one file, in order."""
    data = file.read_bytes()
    found: list[bytes] = []
    at = 0
    while at < len(data):
        (size,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        found.append(data[at : at + size])
        at += size
    return found
