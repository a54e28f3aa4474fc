"""Starts the front and the engine, restarts what dies, stops them in order. Does nothing else, and stays small."""

import contextlib
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from types import FrameType

from leanbase.config import Settings
from leanbase.server.folders import Folders
from leanbase.server.listening import close_listeners, open_listeners, port_of
from leanbase.server.roles import ORPHAN_SECONDS, start_role

FRONT = "leanbase.server.front"
ENGINE = "leanbase.server.engine"
STOP_SECONDS = {FRONT: 20.0, ENGINE: 60.0}  # the engine may finish a turn and its inserts
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0  # seconds before a restart; doubles while a role keeps dying young
YOUNG = 10.0  # seconds
LOOK_SECONDS = 2.0  # the end of a child is a signal; this is for one that got lost


class Role:
    """One child process that is kept alive. ``start`` makes it, ``publish`` tells its id."""

    def __init__(
        self, module: str, start: Callable[[], subprocess.Popen[bytes]], publish: Callable[[int], None]
    ) -> None:
        self.module = module
        self._start_process = start
        self._publish = publish
        self._pause = FIRST_PAUSE
        self._restart_at = 0.0
        self._start()

    def _start(self) -> None:
        self._started = time.monotonic()
        self.process = self._start_process()
        with contextlib.suppress(OSError):  # a full disk must not end the supervisor; the file is for people and tests
            self._publish(self.process.pid)

    def seconds_to_restart(self) -> float:
        """How long nothing needs to be done, unless a child ends."""
        return max(0.0, self._restart_at - time.monotonic()) if self._restart_at else LOOK_SECONDS

    def tend(self) -> str | None:
        """Restart the process when it is gone and its pause is over. Answers a sentence when it was found dead."""
        code = self.process.poll()
        if code is None:
            return None
        now = time.monotonic()
        if self._restart_at == 0.0:
            return self._pause_after(f"{self.module} ended with status {code}", now)
        if now >= self._restart_at:
            self._restart_at = 0.0
            try:
                self._start()
            except OSError as problem:  # too many processes, no memory: may go away
                return self._pause_after(f"{self.module} could not be started ({problem.strerror})", now)
        return None

    def _pause_after(self, what: str, now: float) -> str:
        young = now - self._started < YOUNG
        self._pause = min(self._pause * 2, LONGEST_PAUSE) if young else FIRST_PAUSE
        self._restart_at = now + self._pause
        return f"{what}; starting it again in {self._pause:.1f} s"

    def stop(self) -> None:
        """Ask the process to finish its work, and end it when it takes too long."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS[self.module])
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def is_ready(settings: Settings) -> bool:
    """Does the whole product answer?"""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{host}:{settings.port}/_readiness?engine=1", timeout=5) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def supervise(settings: Settings, say: Callable[[str], None], when_ready: Callable[[Settings], None]) -> None:
    """Run until SIGINT or SIGTERM. ``when_ready`` is called once, in a thread, when the product answers, with the
    settings that hold: port 0 has become the one that the system chose.

    Raises :class:`leanbase.server.folders.FolderInUse` and :class:`leanbase.server.listening.CannotListen`.
    """
    folders = Folders(settings.data_dir.absolute())
    folders.make()
    with contextlib.ExitStack() as held:
        held.callback(os.close, folders.lock())
        claim = folders.claim_for_roles(ORPHAN_SECONDS + 5)
        held.callback(os.close, claim)
        listeners = open_listeners(settings.host, settings.port)
        held.callback(close_listeners, listeners)
        settings = replace(settings, port=port_of(listeners))
        lifeline, ours = os.pipe()
        held.callback(os.close, ours)
        held.callback(os.close, lifeline)
        sockets = [listener.fileno() for listener in listeners]
        engine = Role(
            ENGINE, lambda: start_role(ENGINE, settings, lifeline, claim), partial(folders.write_pid, "engine")
        )
        held.callback(engine.stop)
        front = Role(
            FRONT, lambda: start_role(FRONT, settings, lifeline, claim, sockets), partial(folders.write_pid, "front")
        )
        # The front first: it answers what it has accepted, and the engine then reads what is left.
        held.callback(front.stop)
        held.callback(close_listeners, listeners)  # nobody is to wait in the queue of a server that stops
        _tend((front, engine), settings, say, when_ready)


def _tend(
    roles: Sequence[Role], settings: Settings, say: Callable[[str], None], when_ready: Callable[[Settings], None]
) -> None:
    """Keep the roles alive until SIGINT or SIGTERM."""
    stopping = threading.Event()
    look = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()
        look.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: look.set())

    def announce() -> None:
        while not stopping.is_set():
            if is_ready(settings):
                when_ready(settings)
                return
            stopping.wait(0.1)

    threading.Thread(target=announce, name="announce", daemon=True).start()
    while not stopping.is_set():
        look.wait(min(role.seconds_to_restart() for role in roles))
        look.clear()
        for role in roles:
            sentence = role.tend()
            if sentence:
                with contextlib.suppress(OSError):  # nobody reads, or what is said goes to a full disk
                    say(sentence)
