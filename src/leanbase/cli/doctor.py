"""What ``leanbase doctor`` looks at. Each check answers a finding; none changes anything that stays."""

import os
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from leanbase.config import Settings
from leanbase.server.folders import FolderInUse, Folders

LEAST_FREE_BYTES = 1 << 30  # two segments of the log, a merge of the store and some air
LEAST_OPEN_FILES = 1024  # the store keeps several files open for each column of a part that it reads


@dataclass(frozen=True)
class Finding:
    """The outcome of one check; ``detail`` says what was seen or, when not ``ok``, what to do."""

    what: str
    ok: bool
    detail: str


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return folder if folder.exists() else _existing(folder.parent)


def python_version(_: Settings) -> Finding:
    seen = sys.version.split()[0]
    return Finding("python", sys.version_info >= (3, 11), f"{seen} (3.11 or newer is needed)")


def data_folder(settings: Settings) -> Finding:
    """Can files be made there, and are they the owner's alone?"""
    root = settings.data_dir.absolute()
    existing = _existing(root)
    try:
        with tempfile.NamedTemporaryFile(dir=existing) as probe:
            probe.write(b"x")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as problem:
        return Finding(
            "data folder", False, f"cannot write in {existing}: {problem.strerror}. Choose another --data-dir."
        )
    if root.exists() and root.stat().st_mode & 0o077:
        return Finding("data folder", False, f"{root} can be read by other users; run: chmod 700 {root}")
    return Finding("data folder", True, str(root) if root.exists() else f"{root} (will be made)")


def running(settings: Settings) -> Finding:
    """Is a server at work in the folder?"""
    folders = Folders(settings.data_dir.absolute())
    if not folders.run.exists():
        return Finding("server", True, "none runs, nothing stored yet")
    try:
        os.close(folders.lock())
    except FolderInUse as problem:
        return Finding("server", True, str(problem))
    return Finding("server", True, "none runs in this data folder")


def port(settings: Settings) -> Finding:
    """Is the port free, or held by a Leanbase server?"""
    address = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as problem:
            return Finding(
                "port", False, f"{address}: {problem.strerror}. Stop what uses it, or choose another --port."
            )
    return Finding("port", True, f"{address} is free")


def disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(_existing(settings.data_dir.absolute())).free
    detail = f"{free / (1 << 30):.1f} GiB free"
    if free < LEAST_FREE_BYTES:
        return Finding(
            "disk", False, f"{detail}; below 1 GiB the log may be unable to grow. Free space or move the data folder."
        )
    return Finding("disk", True, detail)


def databases(settings: Settings) -> Finding:
    """Are the SQLite files whole?"""
    folders = Folders(settings.data_dir.absolute())
    broken: list[str] = []
    for path in (folders.app_database, folders.state_database):
        if not path.exists():
            continue
        try:
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
                answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            connection.close()
        except sqlite3.Error as problem:
            answer = str(problem)
        if answer != "ok":
            broken.append(f"{path.name}: {answer}")
    if broken:
        return Finding("databases", False, "; ".join(broken) + ". Restore the data folder from a backup.")
    return Finding("databases", True, "whole")


def open_files(_: Settings) -> Finding:
    """May the process open enough files?"""
    import resource  # not on Windows, where the rest of the doctor still helps

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < LEAST_OPEN_FILES:
        return Finding("open files", False, f"limit is {hard}; raise it with: ulimit -n {LEAST_OPEN_FILES}")
    return Finding("open files", True, f"{soft} now, up to {hard}")


CHECKS: tuple[Callable[[Settings], Finding], ...] = (
    python_version,
    data_folder,
    running,
    port,
    disk,
    databases,
    open_files,
)


def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order of CHECKS. When a server runs in the folder, its own port is no fault."""
    findings = [check(settings) for check in CHECKS]
    if any(finding.what == "server" and "in use" in finding.detail for finding in findings):
        findings = [Finding(f.what, True, f.detail) if f.what == "port" else f for f in findings]
    return findings
