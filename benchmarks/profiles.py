"""Flame graphs of the front and of the engine while the running product takes events in: who holds the interpreter.

    python -m benchmarks.profiles [front-1] [front-20] [engine-server] [engine-browser]

Writes ``benchmarks/profiles/<name>.svg``. Needs py-spy on the PATH (``uvx py-spy`` or ``pipx install py-spy`` bring it)
and the right to trace processes.
"""

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.bodies import browser_event, server_event
from benchmarks.bodies import requests as made
from benchmarks.load import run_load
from tests.product import Product

FOLDER = Path(__file__).parent / "profiles"
SECONDS = 10
# Name: the process, what is sent, events a request, how many different requests.
PROFILES: dict[str, tuple[str, Any, int, int]] = {
    "front-1": ("front", server_event, 1, 64),
    "front-20": ("front", server_event, 20, 64),
    "engine-server": ("engine", server_event, 20, 20_000),
    "engine-browser": ("engine", browser_event, 20, 10_000),
}


def record(name: str) -> None:
    """One flame graph."""
    role, kind, events, count = PROFILES[name]
    with tempfile.TemporaryDirectory() as folder, Product(Path(folder) / "data") as product:
        bodies = made(product.token, kind, events, gzipped=False, count=count)
        # The engine works on what came before; the front on what is coming.
        seconds = 4.0 if role == "engine" else SECONDS + 6.0
        load = threading.Thread(target=run_load, args=(product.port, bodies, 32, seconds))
        load.start()
        time.sleep(3)
        command = [
            "py-spy", "record", "--pid", str(product.pid(role)), "--duration", str(SECONDS), "--rate", "200",
            "--gil", "--output", f"benchmarks/profiles/{name}.svg",
        ]  # fmt: skip
        subprocess.run(command, check=True, cwd=FOLDER.parent.parent)
        load.join()


def main() -> None:
    """Those that were asked for, or all."""
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or PROFILES:
        record(name)


if __name__ == "__main__":
    main()
