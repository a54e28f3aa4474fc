"""How the supervisor hands its settings to the processes it starts, and how those notice that it is gone."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from leanbase.config import Settings
from leanbase.server.listening import LISTENERS_VARIABLE

SETTINGS_VARIABLE = "LEANBASE_ROLE_SETTINGS"
PARENT_VARIABLE = "LEANBASE_ROLE_PARENT_FD"
ORPHAN_SECONDS = 60.0  # what a role has to finish its work once the supervisor is gone


def encode_settings(settings: Settings) -> str:
    """The settings as one environment variable can hold them."""
    return json.dumps({**asdict(settings), "data_dir": str(settings.data_dir)})


def role_settings() -> Settings:
    """The settings that the supervisor gave to this process. Raises ``KeyError`` in a process it did not start."""
    given: dict[str, Any] = json.loads(os.environ[SETTINGS_VARIABLE])
    given["data_dir"] = Path(given["data_dir"])
    return Settings(**given)


def start_role(
    module: str, settings: Settings, lifeline: int, claim: int, listeners: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Start ``python -m module`` as a role. Raises ``OSError``.

    Descriptors: ``lifeline`` is the end of a pipe that the supervisor holds open, ``claim`` the lock that says that
    roles are at work in the folder, ``listeners`` the sockets of the public port.
    """
    environment = {
        **os.environ,
        SETTINGS_VARIABLE: encode_settings(settings),
        PARENT_VARIABLE: str(lifeline),
        LISTENERS_VARIABLE: ",".join(map(str, listeners)),
    }
    # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops the roles in order.
    return subprocess.Popen(
        [sys.executable, "-m", module],
        env=environment,
        pass_fds=(lifeline, claim, *listeners),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def end_with_parent() -> None:
    """Stop this process (as by SIGTERM) once the supervisor is gone, also after kill -9: nobody would restart it.

    One that does not manage to is ended, for the next server waits for it.
    """
    lifeline = os.environ.get(PARENT_VARIABLE)
    if lifeline is None:
        return

    def wait() -> None:
        os.read(int(lifeline), 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ORPHAN_SECONDS)
        os._exit(1)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
