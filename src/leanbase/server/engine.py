"""The engine process: the pipeline, the periodic jobs and the API, over the databases of one data folder."""

import gc
import logging
import os
import signal
import socket
import sys
import tempfile

import uvicorn

from leanbase.api.app import create_app
from leanbase.config import Settings
from leanbase.server.calm_server import CalmServer
from leanbase.server.folders import Folders
from leanbase.server.logs import log_json
from leanbase.server.roles import end_with_parent, role_settings
from leanbase.server.services import Engine

NICENESS = 10  # below the front: acknowledgements stay within milliseconds while the engine works flat out
SWITCH_SECONDS = (
    0.001  # Python's default of 5 ms makes each short query wait for the pipeline (measured: 6 ms against 0.6)
)

_log = logging.getLogger(__name__)


def listen(folders: Folders) -> socket.socket:
    """The socket on which the front reaches the API; for this user only."""
    path = folders.engine_socket
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(512)
    return listener


def run_engine(settings: Settings) -> None:
    """Serve until SIGTERM; then finish the turn, the jobs and the requests that run."""
    folders = Folders(settings.data_dir.absolute())
    folders.make()
    tempfile.tempdir = os.environ["TMPDIR"] = str(
        folders.temporary
    )  # inserts travel through files: keep them on this disk
    os.nice(NICENESS)
    sys.setswitchinterval(SWITCH_SECONDS)
    engine = Engine.open(settings, folders)
    gc.freeze()  # what start-up has made stays: no need to look through it again and again
    engine.start()
    server = CalmServer(
        uvicorn.Config(
            create_app(engine.context), log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=20
        )
    )
    listener = listen(folders)
    # uvicorn raises the signal that stopped it once more when it is done; by default that would end the process
    # before the turn that runs is finished and the databases are closed.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    try:
        server.run(sockets=[listener])
    finally:
        # Before the databases are free: from then on the name may be that of the next engine's socket.
        folders.engine_socket.unlink(missing_ok=True)
        engine.close()


def main() -> None:
    """What the supervisor starts."""
    settings = role_settings()
    log_json("engine", settings.log_level)
    end_with_parent()
    try:
        run_engine(settings)
    except Exception:
        _log.exception("the engine cannot run")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
