"""Starts the front and the engine, restarts what dies, stops them in order. Does nothing else, and stays small."""

import contextlib
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from leanbase.config import Settings
from leanbase.server.folders import Folders
from leanbase.server.roles import start_role

FRONT = "leanbase.server.front"
ENGINE = "leanbase.server.engine"
STOP_SECONDS = {FRONT: 20.0, ENGINE: 60.0}  # the engine may finish a turn and its inserts
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0  # seconds before a restart; doubles while a role keeps dying young
YOUNG = 10.0  # seconds


class Role:
    """One child process that is kept alive."""

    def __init__(self, module: str, settings: Settings, lifeline: int, pid_file: Path) -> None:
        self.module = module
        self._pid_file = pid_file
        self._settings = settings
        self._lifeline = lifeline
        self._pause = FIRST_PAUSE
        self._restart_at = 0.0
        self._start()

    def _start(self) -> None:
        self._started = time.monotonic()
        self.process = start_role(self.module, self._settings, self._lifeline)
        self._pid_file.write_text(f"{self.process.pid}\n")

    def tend(self) -> str | None:
        """Restart the process when it is gone and its pause is over. Answers a sentence when it was found dead."""
        code = self.process.poll()
        if code is None:
            return None
        now = time.monotonic()
        if self._restart_at == 0.0:
            young = now - self._started < YOUNG
            self._pause = min(self._pause * 2, LONGEST_PAUSE) if young else FIRST_PAUSE
            self._restart_at = now + self._pause
            return f"{self.module} ended with status {code}; starting it again in {self._pause:.1f} s"
        if now >= self._restart_at:
            self._restart_at = 0.0
            self._start()
        return None

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


def supervise(settings: Settings, say: Callable[[str], None], when_ready: Callable[[], None]) -> None:
    """Run until SIGINT or SIGTERM. ``when_ready`` is called once, in a thread, when the product answers.

    Raises :class:`leanbase.server.folders.FolderInUse`.
    """
    folders = Folders(settings.data_dir.absolute())
    folders.make()
    lock = folders.lock()
    lifeline, held = os.pipe()
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)

    def announce() -> None:
        while not stopping.is_set():
            if is_ready(settings):
                when_ready()
                return
            stopping.wait(0.1)

    engine = Role(ENGINE, settings, lifeline, folders.run / "engine.pid")
    front = Role(FRONT, settings, lifeline, folders.run / "front.pid")
    threading.Thread(target=announce, name="announce", daemon=True).start()
    try:
        while not stopping.wait(0.2):
            for role in (front, engine):
                sentence = role.tend()
                if sentence:
                    say(sentence)
    finally:
        # The front first: it answers what it has accepted, and the engine then reads what is left.
        front.stop()
        engine.stop()
        for descriptor in (held, lifeline, lock):
            with contextlib.suppress(OSError):
                os.close(descriptor)
