"""Where things are in the data folder; see docs/architecture.md."""

import contextlib
import fcntl
import hashlib
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


class FolderInUse(Exception):
    """Another server works in this data folder."""


@dataclass(frozen=True)
class Folders:
    """The parts of one data folder."""

    root: Path

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def store(self) -> Path:
        return self.root / "store"

    @property
    def blobs(self) -> Path:
        return self.root / "blobs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def temporary(self) -> Path:
        return self.root / "run" / "tmp"

    @property
    def app_database(self) -> Path:
        return self.root / "app.sqlite"

    @property
    def state_database(self) -> Path:
        return self.root / "state.sqlite"

    @property
    def credentials(self) -> Path:
        return self.root / "credentials.json"

    @property
    def engine_socket(self) -> Path:
        """The socket of the engine; in the temporary folder when the path is too long for a socket (108 bytes)."""
        path = self.run / "engine.sock"
        if len(os.fsencode(path)) < 100:
            return path
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"leanbase-{digest}.sock"

    def make(self) -> None:
        """Create what is missing. Only the owner may look: the folder holds keys and people's data."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self.log, self.store, self.blobs, self.run, self.temporary):
            folder.mkdir(exist_ok=True, mode=0o700)

    def lock(self) -> int:
        """Claim the folder for this process tree; the descriptor must stay open. Raises :class:`FolderInUse`."""
        descriptor = os.open(self.run / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise FolderInUse(
                f"{self.root} is in use by another server (process {owner}). Stop it, or choose another --data-dir."
            ) from None
        with contextlib.suppress(OSError):  # a full disk: the lock holds without the number
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return descriptor

    def claim_for_roles(self, patience: float) -> int:
        """The lock that roles inherit and hold until they have ended; the descriptor must stay open.

        After kill -9 of a supervisor its roles finish what they do, with the databases open and the log locked: wait
        for that, at most ``patience`` seconds. Raises :class:`FolderInUse`.
        """
        descriptor = os.open(self.run / "roles.lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(descriptor)
                    raise FolderInUse(
                        f"{self.root}: processes of an earlier server have not ended after {patience:g} s. "
                        f"End them (see the .pid files in {self.run}), then start again."
                    ) from None
            time.sleep(0.05)

    def write_pid(self, role: str, pid: int) -> None:
        """Say which process has a role. Whoever reads sees the old number or the new one, never an empty file."""
        written = self.run / f"{role}.pid.new"
        written.write_text(f"{pid}\n")
        written.replace(self.run / f"{role}.pid")
