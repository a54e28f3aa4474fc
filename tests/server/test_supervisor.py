"""What the supervisor does about a role that keeps dying, a folder that is in use and a port that is taken."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from leanbase.config import Settings
from leanbase.server import supervisor
from leanbase.server.folders import FolderInUse, Folders
from leanbase.server.listening import CannotListen, close_listeners, open_listeners
from leanbase.server.supervisor import LONGEST_PAUSE, YOUNG, Role


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Dead:
    """A process that ended before anybody looked."""

    pid = 7

    def poll(self) -> int:
        return 1


class Starts:
    """Counts starts; every process dies at once, or cannot even be started."""

    def __init__(self, fails: bool = False) -> None:
        self.count = 0
        self.fails = fails

    def __call__(self) -> subprocess.Popen[bytes]:
        self.count += 1
        if self.fails and self.count > 1:
            raise BlockingIOError(11, "no more processes")
        return Dead()  # type: ignore[return-value]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(supervisor, "time", clock)
    return clock


@pytest.mark.parametrize("fails", [False, True], ids=["dies", "cannot start"])
def test_a_role_that_keeps_dying_is_restarted_ever_more_slowly(clock: Clock, fails: bool) -> None:
    starts = Starts(fails)
    role = Role("role", starts, lambda pid: None)
    said: list[str] = []
    begin = clock.now
    moments: list[float] = []
    while len(moments) < 12:
        before = starts.count
        sentence = role.tend()
        if sentence:
            said.append(sentence)
        if starts.count > before:
            moments.append(clock.now)
        clock.now += 0.05
    pauses = [b - a for a, b in zip([begin, *moments], moments, strict=False)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 0.5
    assert LONGEST_PAUSE <= pauses[-1] < LONGEST_PAUSE + 1
    assert len(said) <= len(moments) + 1  # once each time


def test_a_role_that_lived_long_is_restarted_at_once(clock: Clock) -> None:
    starts = Starts()
    role = Role("role", starts, lambda pid: None)
    clock.now += YOUNG + 1
    assert "ended with status 1; starting it again in 0.1 s" in (role.tend() or "")
    clock.now += 0.11
    role.tend()
    assert starts.count == 2


def test_a_full_disk_cannot_stop_a_role_from_starting(clock: Clock) -> None:
    def no_space(_pid: int) -> None:
        raise OSError(28, "No space left on device")

    starts = Starts()
    Role("role", starts, no_space)
    assert starts.count == 1


def test_a_pid_file_is_never_seen_half_written(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.make()
    folders.write_pid("front", 1)
    with (folders.run / "front.pid").open() as seen:
        folders.write_pid("front", 22)
        assert seen.read() == "1\n"  # replaced, not overwritten
    assert (folders.run / "front.pid").read_text() == "22\n"


def test_roles_of_an_earlier_server_keep_the_folder(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.make()
    claim = folders.claim_for_roles(0)
    with pytest.raises(FolderInUse, match="an earlier server have not ended"):
        folders.claim_for_roles(0)
    os.close(claim)
    os.close(folders.claim_for_roles(0))


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotListen, match=f"Cannot listen on 127.0.0.1:{port}: Address already in use"):
            supervisor.supervise(Settings(data_dir=tmp_path, port=port), lambda _: None, lambda _: None)
        assert not (tmp_path / "run" / "front.pid").exists()
    # The folder is free again for a second attempt.
    folders = Folders(tmp_path)
    os.close(folders.lock())
    os.close(folders.claim_for_roles(0))


def test_an_unknown_host_is_told() -> None:
    with pytest.raises(CannotListen, match=r"Cannot listen on 203\.0\.113\.1:0"):
        open_listeners("203.0.113.1", 0)  # reserved for documentation: no machine has it


def test_every_address_of_a_host_is_listened_on() -> None:
    listeners = open_listeners("127.0.0.1", 0)
    try:
        with socket.create_connection(listeners[0].getsockname()[:2]) as client:
            assert client.getpeername()[0] == "127.0.0.1"
    finally:
        close_listeners(listeners)
